package simulate

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// FailedScenario is an alert that does not do what arithmetic predicts.
var FailedScenario = &diag.Kind{Name: "failed-scenario", Severity: diag.Error, Doc: `An alert does not do what the arithmetic of its objective predicts.

The rules were run over synthetic series by Prometheus' engine. The timeline shows when the alert was expected to fire, when it
was pending and when it fired; below it stand the values that the alert compares with its thresholds. A prediction allows for
scraping and evaluation; docs/arithmetic.md says by how much.`}

// Finding is a result that is not as predicted, for people.
func (r Result) Finding() diag.Finding {
	help := "see slowburn explain " + r.Prediction.Alert
	if r.Prediction.Recorded {
		help = "docs/rules.md says what is recorded"
	}
	return diag.Finding{
		Kind:    FailedScenario,
		Pos:     r.Scenario.Pos,
		Message: fmt.Sprintf("%s, scenario %q of %s: predicted %s; observed %s", r.Prediction.Name(), r.Scenario.Name, r.Scenario.Subject.Name(), r.Predicted(), r.Saw()),
		Help:    help,
		Detail:  r.Timeline(),
	}
}

// columns is the width of a timeline.
const columns = 60

// Timeline draws what was expected and what happened, with the values that the
// alert's expression compares.
func (r Result) Timeline() string {
	if r.Failure != "" {
		return ""
	}
	var b strings.Builder
	shown := r.shown()
	row := func(name string, mark rune, spans []Span) {
		cells := []rune(strings.Repeat("·", columns))
		for i := range cells {
			cell := Span{shown.From + shown.Length()*time.Duration(i)/columns, shown.From + shown.Length()*time.Duration(i+1)/columns}
			if slices.ContainsFunc(spans, func(s Span) bool { return s.From < cell.Until && s.Until > cell.From }) {
				cells[i] = mark
			}
		}
		fmt.Fprintf(&b, "%-10s%s\n", name, string(cells))
	}
	row("event", '▁', []Span{r.Scenario.Event})
	row("expected", '█', r.Prediction.Fires)
	row("pending", '▒', r.Pending)
	row("firing", '█', r.Observed)
	first, last := r.relative(shown.From), r.relative(shown.Until)
	fmt.Fprintf(&b, "%-10s%s%*s\n", "", first, columns-len(first), last)
	r.writeReadings(&b)
	return strings.TrimRight(b.String(), "\n")
}

// shown is the part of the scenario that a timeline shows.
func (r Result) shown() Span {
	shown := r.Scenario.Event
	for _, spans := range [][]Span{r.Prediction.Fires, r.Observed} {
		for _, s := range spans {
			shown = Span{min(shown.From, s.From), max(shown.Until, s.Until)}
		}
	}
	edge := max(shown.Length()/10, time.Minute)
	return Span{max(shown.From-edge, r.Scenario.Watch.From), min(shown.Until+edge, r.Scenario.Watch.Until)}
}

// relative tells an instant by its distance from the event's beginning.
func (r Result) relative(at time.Duration) string {
	d := (at - r.Scenario.Event.From).Round(time.Second)
	if d < 0 {
		return "-" + spec.FormatDuration(-d)
	}
	return "+" + spec.FormatDuration(d)
}

// writeReadings prints a table: an instant a row, a compared expression a column.
func (r Result) writeReadings(b *strings.Builder) {
	if len(r.Readings) == 0 {
		return
	}
	b.WriteString("\n")
	table := tabwriter.NewWriter(b, 0, 0, 3, ' ', 0)
	for i, c := range r.Readings {
		fmt.Fprintf(table, "(%c) %s\n", 'a'+i, c.Comparison)
	}
	fmt.Fprint(table, "\n")
	for i := range r.Readings {
		fmt.Fprintf(table, "\t(%c)", 'a'+i)
	}
	fmt.Fprintln(table)
	for i, at := range r.Readings[0].At {
		fmt.Fprint(table, r.relative(at))
		for _, c := range r.Readings {
			fmt.Fprint(table, "\t", c.Values[i])
		}
		fmt.Fprintln(table)
	}
	_ = table.Flush() // into a strings.Builder, which takes everything
}
