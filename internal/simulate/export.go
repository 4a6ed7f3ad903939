package simulate

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
	"slowburn/internal/expr"
)

// UnitTest is a scenario in the terms of promtool's unit tests.
type UnitTest struct {
	Name       string
	Interval   time.Duration // between the samples of a series
	Evaluation time.Duration // between evaluations
	Series     []InputSeries
	Assertions []Assertion
}

// InputSeries is a series with its samples in promtool's notation.
type InputSeries struct{ Series, Values string }

// Assertion is whether an alert of the scenario's SLO fires at an instant, or
// has fired at all until then.
type Assertion struct {
	Query expr.Expr
	Alert string
	Group []labels.Label // that the alert has besides its own labels: those of a group or a member
	At    time.Duration
	Fires bool
}

// brief is how long a scenario may take, besides the windows that lie before it.
const brief = 3 * time.Hour

// Exported tells whether a scenario becomes a unit test: if promtool, which
// evaluates rule by rule and step by step, runs it in seconds. What it does not
// are leaks that take hours to be noticed, and tiers that take hours to clear;
// of those a full outage is exported all the same, for every alert to be seen.
// Snapshots are not exported either: promtool knows no past.
func (s *Scenario) Exported() bool {
	return s.Essential || s.snapshots == nil && s.Watch.Length() <= brief
}

// Exporter expresses scenarios as unit tests. What scenarios have in common it
// works out once; it may be used by several goroutines.
type Exporter struct{ notes *notebook }

// NewExporter makes an exporter that has exported nothing yet.
func NewExporter() *Exporter { return &Exporter{newNotebook()} }

// Export expresses a scenario as a unit test. What is too close to call is not asserted.
func (x *Exporter) Export(s *Scenario) UnitTest {
	service := s.Service
	test := UnitTest{
		Name:     s.Subject.Name() + ": " + s.Name,
		Interval: service.ScrapeInterval,
		// promtool evaluates every rule from the first sample on, one by one:
		// twice as often would take twice as long and show nothing more.
		Evaluation: max(service.EvaluationInterval, time.Minute),
	}
	s.scraped.eachSeries(s.Watch.Until, x.notes, func(m made) {
		if values := x.notes.write(m, service.ScrapeInterval.Milliseconds()); values != "" {
			test.Series = append(test.Series, InputSeries{m.labels.String(), values})
		}
	})
	for _, p := range s.Predictions {
		if !p.Close {
			test.Assertions = append(test.Assertions, s.assertions(p, test.Evaluation)...)
		}
	}
	return test
}

// assertions hold an alert to its prediction: just before and just after every
// instant at which it begins or ceases to fire, or over the whole time if it never does.
func (s *Scenario) assertions(p Prediction, evaluation time.Duration) []Assertion {
	firing := expr.Select("ALERTS", expr.Equal(labels.AlertName, p.Alert), expr.Equal("alertstate", "firing"))
	for _, l := range s.identity() {
		firing = expr.Narrow(firing, expr.Equal(l.Name.Text, l.Value.Text))
	}
	for _, l := range p.Of.labels {
		firing = expr.Narrow(firing, expr.Equal(l.Name, l.Value))
	}
	group := slices.Clone(p.Of.labels)
	for _, name := range slices.Sorted(maps.Keys(p.Member)) {
		group = append(group, labels.Label{Name: name, Value: p.Member[name]})
	}
	if len(p.Fires) == 0 {
		return []Assertion{{expr.CountOverTime(firing, s.Watch.Until), p.Alert, group, s.Watch.Until, false}}
	}
	// What happens is seen a scrape later, and from the next evaluation on.
	unsure := s.Service.ScrapeInterval + s.Slack
	if p.Burn != nil && p.Burn.For()+p.Burn.KeepFiringFor() > 0 {
		unsure += evaluation // times are counted from an evaluation to another
	}
	var all []Assertion
	at := func(when time.Duration, fires bool) {
		if when > 0 && when <= s.Watch.Until {
			all = append(all, Assertion{firing, p.Alert, group, when, fires})
		}
	}
	before := func(when time.Duration) time.Duration { return (when - unsure - 1).Truncate(evaluation) }
	after := func(when time.Duration) time.Duration { return (when + unsure + evaluation - 1).Truncate(evaluation) }
	for _, span := range p.Fires {
		if span.From > s.Watch.From { // otherwise it fired before
			at(before(span.From), false)
		}
		if after(span.From) < before(span.Until) {
			at(after(span.From), true)
			at(before(span.Until), true)
		}
		at(after(span.Until), false)
	}
	return all
}

// summable is a counter whose growth is rounded from sample to sample, so that
// adding it up again, as a reader of a+bxn does, gives the same to the last bit.
// Otherwise a run could end above the beginning of the next one, which would be
// a counter reset.
func summable(values []float64) []float64 {
	exact := make([]float64, len(values))
	before, sum := 0.0, 0.0
	for i, v := range values {
		if isStale(v) {
			exact[i] = v
			continue
		}
		if v < before { // a reset
			before, sum = 0, 0
		}
		sum += roundBinary(v - before)
		before, exact[i] = v, sum
	}
	return exact
}

// roundBinary rounds to whole numbers, or small ones to a binary fraction.
func roundBinary(v float64) float64 {
	if v >= 100 {
		return math.Round(v)
	}
	return math.Round(v*1024) / 1024
}

// notation writes samples as promtool reads them: a+bxn for n more samples that
// each grow by b, _ for one that is missing, stale for a marker.
func (m made) notation(step int64) string {
	var tokens []string
	add := func(token string, times int) {
		if times > 0 {
			tokens = append(tokens, fmt.Sprintf("%sx%d", token, times))
		}
	}
	next := int64(0)
	for i := 0; i < len(m.times); {
		if missing := int((m.times[i] - next) / step); missing > 0 {
			add("_", missing)
		}
		last := m.runFrom(i, step)
		if last == i+1 {
			last = i // the other one may begin a longer run
		}
		switch {
		case isStale(m.columns[0][i]):
			tokens = append(tokens, "stale")
		case last == i:
			tokens = append(tokens, m.print(m.row(i)))
		default:
			growth := m.print(m.growth(i))
			if !strings.HasPrefix(growth, "-") {
				growth = "+" + growth
			}
			add(m.print(m.row(i))+growth, last-i)
		}
		next = m.times[last] + step
		i = last + 1
	}
	return strings.Join(tokens, " ")
}

// row are the values of a sample.
func (m made) row(i int) []float64 {
	var row []float64
	for _, values := range m.columns {
		row = append(row, values[i])
	}
	return row
}

// growth is by how much the next sample is more. What is NaN stays so.
func (m made) growth(i int) []float64 {
	var row []float64
	for _, values := range m.columns {
		row = append(row, growthOf(values, i))
	}
	return row
}

func growthOf(values []float64, i int) float64 {
	by := values[i+1] - values[i]
	if math.IsNaN(by) {
		return 0
	}
	return by
}

// runFrom is the last sample of a run of equal growth that begins at i: one that
// adding up gives to the last bit.
func (m made) runFrom(i int, step int64) int {
	last, sum := i, m.row(i)
	for last+1 < len(m.times) && m.times[last+1] == m.times[last]+step && !isStale(m.columns[0][last+1]) {
		for c, values := range m.columns {
			sum[c] += growthOf(values, i)
			real := values[last+1]
			if sum[c] != real && !(math.IsNaN(sum[c]) && math.IsNaN(real)) {
				return last
			}
		}
		last++
	}
	return last
}

func isStale(v float64) bool { return math.Float64bits(v) == math.Float64bits(engine.Stale) }

// printFloat prints a float with the digits that matter to a counter.
func printFloat(values []float64) string { return strconv.FormatFloat(values[0], 'f', -1, 64) }
