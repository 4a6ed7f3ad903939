package simulate

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/slo"
)

// Surges are scenarios in which a signal rises by which a service is scaled, by
// the id of the panel that shows it: those for which series can be made up.
func Surges(s *alerts.Service) map[uint32]Scenario {
	all := map[uint32]Scenario{}
	for _, a := range s.Autoscalers {
		for _, t := range a.Triggers {
			if t.Signal.Expr == nil {
				continue
			}
			if surge, ok := surgeOf(s.Service, t.Signal.Expr); ok {
				all[a.PanelID(t)] = surge
			}
		}
	}
	return all
}

// surgeOf is a scenario in which what an expression reads rises, for as long as it
// looks back, and more instances come: there to see on a dashboard what workloads
// are scaled by. It is false where no series can be made up, or too many, or only
// some values pass.
func surgeOf(s *slo.Service, e expr.Expr) (Scenario, bool) {
	if expr.Filters(e) {
		return Scenario{}, false
	}
	reads := expr.Reads(e, s.EvaluationInterval)
	back := time.Duration(0)
	for _, r := range reads {
		back = max(back, r.Back)
	}
	begin := (back + settle).Round(time.Minute)
	event := Span{begin, begin + back + settle}
	scraped, ok := newSurge(s, reads, event)
	scenario := Scenario{Subject: Subject{Service: s}, Event: event, Watch: Span{begin - settle/2, event.Until}, Generated: true, scraped: scraped}
	return scenario, ok && runnable(scenario) == nil
}

// surge is what is scraped while what some selectors select rises.
type surge struct {
	service *slo.Service
	event   Span
	series  []rising
}

// rising is a series of a surge: its value before and in it, or where it counts,
// what it counts in a second.
type rising struct {
	labels      labels.Labels
	low, high   float64
	accumulates bool
}

func newSurge(s *slo.Service, reads []expr.Read, event Span) (surge, bool) {
	all := surge{service: s, event: event}
	known := map[string]bool{}
	for i, r := range reads {
		made, ok := all.of(r, float64(10+i)) // not all alike, so that quotients change
		if !ok {
			return surge{}, false
		}
		for _, series := range made {
			if key := series.labels.String(); !known[key] {
				known[key] = true
				all.series = append(all.series, series)
			}
		}
	}
	return all, len(all.series) > 0
}

// few is less than what limits are usually about.
const few = 0.25

// of are the series of a selector, which rise so many times.
func (s surge) of(r expr.Read, times float64) ([]rising, bool) {
	set, ok := s.labelsOf(r.Selector)
	if !ok {
		return nil, false
	}
	kind := s.service.Catalogue.Type(r.Selector.Name)
	base, isBucket := strings.CutSuffix(r.Selector.Name, "_bucket")
	switch {
	case isBucket:
		return s.buckets(r.Selector, set, base), true
	case kind == model.MetricTypeHistogram:
		return nil, false // a native one
	}
	return []rising{{set, few, times, kind == model.MetricTypeCounter || kind == model.MetricTypeUnknown && r.Range > 0}}, true
}

// buckets are those of a histogram, of which what is observed falls into the
// first one before, and behind the last bound but one in the surge.
func (s surge) buckets(of expr.Selector, set labels.Labels, base string) []rising {
	bounds := s.service.Catalogue.Buckets(base)
	if len(bounds) == 0 {
		bounds = []float64{1, 10, 100}
	}
	var all []rising
	for i := range len(bounds) + 1 {
		le, high := "+Inf", 1.0
		if i < len(bounds) {
			le = strconv.FormatFloat(bounds[i], 'f', -1, 64)
		}
		if i < len(bounds)-1 {
			high = 0
		}
		if !slices.ContainsFunc(of.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == labels.BucketLabel && !m.Matches(le) }) {
			all = append(all, rising{labels.NewBuilder(set).Set(labels.BucketLabel, le).Labels(), 1, high, true})
		}
	}
	return all
}

// labelsOf are labels that a selector selects: values of the catalogue first.
func (s surge) labelsOf(of expr.Selector) (labels.Labels, bool) {
	c := s.service.Catalogue
	b := labels.NewBuilder(labels.FromStrings(model.MetricNameLabel, of.Name))
	names := slices.Concat(c.TargetLabels(), c.Labels(of.Name))
	for _, m := range of.LabelMatchers {
		names = append(names, m.Name)
	}
	for _, name := range names {
		if name == model.MetricNameLabel || name == labels.BucketLabel {
			continue // the one is known, and the others are made later
		}
		matchers := slices.DeleteFunc(slices.Clone(of.LabelMatchers), func(m *labels.Matcher) bool { return m.Name != name })
		seen := c.Values(of.Name, name)
		if len(seen) == 0 && len(matchers) == 0 {
			seen = []string{name + "-1"}
			if name == "instance" {
				seen[0] = instances[0].name
			}
		}
		values := witnesses(seen, matchers)
		if len(values) == 0 {
			return labels.Labels{}, false
		}
		b.Set(name, values[0])
	}
	return b.Labels(), of.Name != ""
}

// eachSeries implements source.
func (s surge) eachSeries(end time.Duration, _ *notebook, take takeSeries) {
	for _, r := range s.series {
		s.write(r, 0, end, take)
		if r.labels.Get("instance") == instances[0].name {
			r.labels = labels.NewBuilder(r.labels).Set("instance", instances[1].name).Labels()
			s.write(r, s.event.From, end, take)
		}
	}
}

func (s surge) write(r rising, from, end time.Duration, take takeSeries) {
	level := curve{{Level: r.low}, {At: s.event.From, Level: r.low}, {At: s.event.From, Level: r.high}}
	m := made{labels: r.labels, columns: [][]float64{nil}, print: printFloat}
	for at := from; at <= end; at += s.service.ScrapeInterval {
		value := level.at(at)
		if r.accumulates {
			value = level.sum(at)
		}
		m.times, m.columns[0] = append(m.times, start.Add(at).UnixMilli()), append(m.columns[0], value)
	}
	take(m)
}

// metrics implements source.
func (s surge) metrics() []string {
	var names []string
	for _, r := range s.series {
		names = append(names, r.labels.Get(model.MetricNameLabel))
	}
	return names
}
