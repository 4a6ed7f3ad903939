package generators

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// RunbookMarker is a marker in a runbook that cannot be filled in.
var RunbookMarker = &diag.Kind{Name: "runbook-marker", Severity: diag.Error, Doc: `A runbook has a marker that means nothing, or at a place where it cannot be filled in.

A marker is an HTML comment on a line of its own, with an empty line before and after it:

    <!-- slowburn:facts -->

Compiling replaces it, in the output and never in the source, by what the alerts that link to the page mean: when they fire,
how much budget is gone by then, who is told, and a query to look at.`}

// markers are what can stand after "slowburn:" in a runbook, with what it is replaced by.
var markers = map[string]func(*page) string{
	"facts": (*page).facts,
}

// Runbooks fills the runbooks of a spec folder in. Every runbook that an alert
// names must be among sources, which are keyed by name.
func Runbooks(services []*alerts.Service, routing *alerts.Routing, sources map[string]*diag.Source, r *diag.Report) []Artifact {
	users := map[string][]alerts.Alert{}
	for _, s := range services {
		for _, a := range s.All() {
			if a.Runbook == "" {
				continue
			}
			users[a.Runbook] = append(users[a.Runbook], a)
			if sources[a.Runbook] == nil {
				reportMissing(a, slices.Sorted(maps.Keys(sources)), r)
			}
		}
	}
	var artifacts []Artifact
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		src := sources[name]
		if !spec.CheckText(src, r) {
			continue
		}
		p := page{source: src, alerts: users[name], routing: routing}
		artifacts = append(artifacts, Artifact{Path: "runbooks/" + name + ".md", Bytes: p.render(r), Pos: diag.Pos{Source: src}})
	}
	return artifacts
}

func reportMissing(a alerts.Alert, have []string, r *diag.Report) {
	r.Add(spec.UnknownReference, a.RunbookPos, fmt.Sprintf("write runbooks/%s.md beside the spec; or %s", a.Runbook, spec.Suggest(a.Runbook, have)), "there is no runbook %q", a.Runbook)
}

// page is one runbook with the alerts that link to it.
type page struct {
	source  *diag.Source
	alerts  []alerts.Alert
	routing *alerts.Routing
}

var markerComment = regexp.MustCompile(`<!--\s*slowburn:([^\s>]*)\s*-->`)

// render is the page with its markers filled in. Markers are looked for in the
// syntax tree, so that one in a code block stays what it is: an example.
func (p *page) render(r *diag.Report) []byte {
	var out bytes.Buffer
	done := 0
	root := goldmark.DefaultParser().Parse(text.NewReader(p.source.Text))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				done = p.fill(&out, done, line.Start, line.Stop, r)
			}
		case *ast.RawHTML:
			first := n.Segments.At(0)
			if m := markerComment.Find(first.Value(p.source.Text)); m != nil {
				r.Add(RunbookMarker, diag.PosAt(p.source, first.Start, len(m)), "put it on a line of its own, between empty lines", "the marker stands inside a paragraph")
			}
		}
		return ast.WalkContinue, nil
	})
	out.Write(p.source.Text[done:])
	return out.Bytes()
}

// fill copies the source from done up to a marker in [start, stop), writes what
// the marker stands for, and returns how far the source is done.
func (p *page) fill(out *bytes.Buffer, done, start, stop int, r *diag.Report) int {
	m := markerComment.FindSubmatchIndex(p.source.Text[start:stop])
	if m == nil {
		return done
	}
	name := string(p.source.Text[start+m[2] : start+m[3]])
	write := markers[name]
	if write == nil {
		r.Add(RunbookMarker, diag.PosAt(p.source, start+m[2], len(name)), spec.Suggest(name, slices.Sorted(maps.Keys(markers))), "unknown marker %q", name)
		return done
	}
	out.Write(p.source.Text[done : start+m[0]])
	out.WriteString(write(p))
	return start + m[1]
}

// facts says what each alert that links here means.
func (p *page) facts() string {
	var b strings.Builder
	for i, a := range p.alerts {
		if i > 0 && p.alerts[i-1].Name == a.Name {
			continue // another member of the same alert
		}
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "**%s**\n\n", escape(a.Name))
		if members := p.membersOf(a); len(members) > 0 {
			fmt.Fprintf(&b, "- One alert for each of %s. Of the first:\n", escape(strings.Join(members, ", ")))
		}
		for _, fact := range p.factsOf(a) {
			fmt.Fprintf(&b, "- %s\n", fact)
		}
		fmt.Fprintf(&b, "\n```promql\n%s\n```\n", verifyQuery(a))
	}
	if len(p.alerts) == 0 {
		return "No alert links to this page."
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// membersOf are the members that the spec lists for an alert.
func (p *page) membersOf(a alerts.Alert) []string {
	var members []string
	for _, o := range p.alerts {
		if o.Name == a.Name && o.Threshold != nil && o.Threshold.Member != "" {
			members = append(members, o.Threshold.Member)
		}
	}
	return members
}

func (p *page) factsOf(a alerts.Alert) []string {
	var facts []string
	switch {
	case a.Threshold != nil:
		facts = thresholdFacts(a)
	default:
		facts = sloFacts(a)
	}
	if p.routing != nil {
		facts = append(facts, "Tells "+escape(strings.Join(p.routing.ReceiversOf(a.LabelSet()), ", "))+".")
	}
	return facts
}

// thresholdFacts say when a threshold alert fires.
func thresholdFacts(a alerts.Alert) []string {
	fires := "Fires while " + escape(a.Threshold.Condition)
	if a.For > 0 {
		fires += ", when that has lasted for " + spec.FormatDuration(a.For)
	}
	facts := []string{fires + "."}
	if keep := a.KeepFiringFor; keep > 0 {
		facts = append(facts, fmt.Sprintf("Goes on for %s after that has ended.", spec.FormatDuration(keep)))
	}
	return facts
}

// sloFacts say when an alert of an SLO fires, and what is lost by then.
func sloFacts(a alerts.Alert) []string {
	o := a.SLO
	promise := fmt.Sprintf("Objective: %s over %s", spec.FormatPercent(o.Objective), spec.FormatDuration(o.Service.Period))
	if o.Summary != "" {
		promise += ": " + escape(o.Summary)
	}
	facts := []string{promise + "."}
	for i, t := range a.Tiers {
		facts = append(facts, tierFacts(a, t, i > 0)...)
	}
	if len(a.Tiers) == 0 {
		facts = append(facts, fmt.Sprintf("Fires when the SLO's metrics have been gone for %s. No other alert of the SLO can fire meanwhile.", spec.FormatDuration(a.For)))
	}
	return facts
}

// tierFacts are those of one tier of a burn-rate alert.
func tierFacts(a alerts.Alert, t slo.Tier, further bool) []string {
	fires, outage := "Fires", "In a full outage it fires after %s, plus a scrape and an evaluation; it ends %s after the last error."
	if further {
		fires, outage = "Fires also", "In a full outage that is after %s, and until %s after the last error."
	}
	facts := []string{fmt.Sprintf("%s when more than %s of the events of the last %s, and of the last %s, were bad: the error budget burns more than %s times too fast.",
		fires, spec.FormatPercent(t.Threshold()), spec.FormatDuration(t.Long), spec.FormatDuration(t.Short), spec.FormatDecimal(t.Factor()))}
	if full, reset, ok := t.FullOutage(a.SLO.SLI.Slice()); ok {
		facts = append(facts, fmt.Sprintf(outage, spec.FormatDuration(full+a.For), spec.FormatDuration(reset+a.KeepFiringFor)))
	}
	facts = append(facts, fmt.Sprintf("By then %s of the budget is spent. A full outage of %s spends all of it.",
		spec.FormatPercent(t.Share), spec.FormatDuration(t.BudgetTime())))
	if a.SLO.MinErrors > 0 {
		facts = append(facts, fmt.Sprintf("Silent below %d bad events in %s, whatever their share.", a.SLO.MinErrors, spec.FormatDuration(t.Long)))
	}
	return facts
}

// verifyQuery is a query that shows what the alert saw.
func verifyQuery(a alerts.Alert) string {
	if len(a.Tiers) == 0 {
		return expr.String(a.Expr)
	}
	return expr.String(a.SLO.ErrorRatio(a.Tiers[0].Long))
}

var markdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `{`, `\{`, `[`, `\[`, `]`, `\]`, `<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`, `#`, `\#`, `|`, `\|`, `!`, `\!`,
)

// escape makes a text stand in Markdown as it is.
func escape(text string) string { return markdown.Replace(text) }
