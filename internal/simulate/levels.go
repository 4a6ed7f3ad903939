package simulate

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/engine"
	"slowburn/internal/expr"
	"slowburn/slo"
)

// measured is what is scraped of members at a level: one that something happens
// to, a quiet one beside it where members are judged apart, one that is
// excepted, and decoys that differ in one label, loud ones and quiet ones, all
// the time: neither may be counted.
type measured struct {
	service *slo.Service
	levels  *alerts.Levels
	gauges  []alerts.Gauge
	beside  int // healthy members
	level   curve
	gone    []Span
	// replaced is when the series get other labels, or 0.
	replaced time.Duration
}

// metrics implements source.
func (m measured) metrics() []string {
	var names []string
	for _, g := range slices.Concat(m.gauges, m.levels.Excepted) {
		names = append(names, g.Metric)
	}
	return names
}

// eachSeries implements source.
func (m measured) eachSeries(end time.Duration, aligned bool, take takeSeries) {
	loud := curve{{Level: m.levels.Loud}}
	quiet := curve{{Level: m.levels.Quiet}}
	main := m.member(0)
	moved := m.elsewhere(main)
	if m.replaced > 0 && !maps.Equal(main, moved) {
		m.write(main, m.gauges, part{m.level, Span{0, m.replaced}, aligned}, end, take)
		m.write(moved, m.gauges, part{m.level, Span{m.replaced, end + 1}, aligned}, end, take)
	} else {
		m.write(main, m.gauges, part{m.level, Span{0, end + 1}, aligned}, end, take)
	}
	always := m
	always.gone = nil
	all := part{quiet, Span{0, end + 1}, aligned}
	if m.levels.Together {
		if m.replaced == 0 && !maps.Equal(main, moved) {
			m.write(moved, m.gauges, part{m.level, all.span, aligned}, end, take)
		}
	} else {
		for n := range m.beside {
			if other := m.member(1 + n); other != nil {
				always.write(other, m.gauges, all, end, take)
			}
		}
	}
	all.level = loud
	if excepted := m.member(1 + m.beside); excepted != nil && len(m.levels.Excepted) > 0 {
		always.write(excepted, slices.Concat(m.gauges, m.levels.Excepted), all, end, take)
	}
	for i, decoy := range m.decoys() {
		always.gauges = decoy
		for n, level := range []curve{loud, quiet} {
			if set := always.member(n); set != nil {
				all.level = level
				always.write(set.with("instance", fmt.Sprintf("decoy%d-%d.example:9090", i, n), m.levels.Per), decoy, all, end, take)
			}
		}
	}
}

// part is a level during a time.
type part struct {
	level   curve
	span    Span
	aligned bool
}

// write makes the series of a member.
func (m measured) write(set labelSet, gauges []alerts.Gauge, p part, end time.Duration, take takeSeries) {
	for _, g := range gauges {
		counted := p.level
		if g.Counter {
			counted = p.level.mapped(g.Value)
		}
		var times []int64
		var values []float64
		present := false
		for at := time.Duration(0); at <= end; at += m.service.ScrapeInterval {
			here := p.span.has(at) && !slices.ContainsFunc(m.gone, func(s Span) bool { return s.has(at) })
			value := engine.Stale
			if here {
				value = g.Value(p.level.at(at), at.Seconds())
				if g.Counter {
					value = counted.sum(at)
				}
			}
			if here || present {
				times, values = append(times, start.Add(at).UnixMilli()), append(values, value)
			}
			present = here
		}
		if g.Counter && p.aligned {
			values = summable(values)
		}
		if len(times) > 0 {
			take(set.of(g), times, values)
		}
	}
}

// mapped is the curve of what follows from a level.
func (c curve) mapped(value func(level, at float64) float64) curve {
	mapped := slices.Clone(c)
	for i := range mapped {
		mapped[i].Level = value(mapped[i].Level, 0)
	}
	return mapped
}

// decoys are the gauges with each matcher that they share turned into its
// opposite, one at a time.
func (m measured) decoys() [][]alerts.Gauge {
	var streams []slo.Stream
	for _, g := range m.gauges {
		streams = append(streams, slo.Stream{Metric: g.Metric, Match: g.Match})
	}
	var all [][]alerts.Gauge
	for some := range slices.Chunk(decoys(streams), max(1, len(streams))) {
		decoy := slices.Clone(m.gauges)
		for i := range decoy {
			decoy[i].Match = some[i].Match
		}
		all = append(all, decoy)
	}
	return all
}

// labelSet are a member's labels, by name, those of all its series.
type labelSet map[string]string

// of are the labels of one of the member's series.
func (s labelSet) of(g alerts.Gauge) labels.Labels {
	b := labels.NewBuilder(labels.FromStrings(model.MetricNameLabel, g.Metric))
	for name, value := range s {
		b.Set(name, value)
	}
	// Labels that this series alone is selected by.
	for _, m := range g.Match {
		if !m.Matches(s[m.Name]) {
			for _, value := range witnesses(nil, []*labels.Matcher{m}) {
				b.Set(m.Name, value)
				break
			}
		}
	}
	return b.Labels()
}

// with is the set with another value of a label, unless that tells members apart.
func (s labelSet) with(name, value string, per []string) labelSet {
	changed := labelSet{}
	for n, v := range s {
		changed[n] = v
	}
	if !slices.Contains(per, name) {
		changed[name] = value
	}
	return changed
}

// member are the labels of the n-th member: of every label that a series has or
// that is matched, a value that all series accept. It is nil if there are not so
// many members: nothing tells them apart.
func (m measured) member(n int) labelSet {
	set := labelSet{}
	distinct := n == 0
	for _, name := range m.names() {
		values := m.values(name)
		if len(values) == 0 {
			return nil
		}
		own := slices.Contains(m.levels.Per, name)
		switch {
		case !own && name != "instance":
			set[name] = values[0]
		case n < len(values):
			set[name] = values[n]
			distinct = true
		default:
			set[name] = values[0]
		}
	}
	if !distinct {
		return nil
	}
	return set
}

// names are the labels that the series have, sorted.
func (m measured) names() []string {
	names := append([]string{"instance"}, m.levels.Per...)
	names = append(names, m.service.Catalogue.TargetLabels()...)
	for _, g := range m.gauges {
		names = append(names, m.service.Catalogue.Labels(g.Metric)...)
		for _, matcher := range g.Match {
			names = append(names, matcher.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// values are those that all matchers of a label accept, of the series that
// match it or have it; the ones that were seen come first.
func (m measured) values(name string) []string {
	var seen []string
	var matchers []*labels.Matcher
	for _, g := range m.gauges {
		seen = append(seen, m.service.Catalogue.Values(g.Metric, name)...)
		for _, matcher := range g.Match {
			if matcher.Name == name {
				matchers = append(matchers, matcher)
			}
		}
	}
	switch {
	case len(seen) > 0:
	case name == "instance":
		for _, on := range instances {
			seen = append(seen, on.name)
		}
		seen = append(seen, "c.example:9090")
	case slices.Contains(m.service.Catalogue.TargetLabels(), name):
		seen = []string{name + "-1", name + "-2", name + "-3"}
	}
	if name == labels.BucketLabel {
		return nil
	}
	return witnesses(seen, matchers)
}

// elsewhere is a member after it has moved: labels that scraping adds, that do
// not tell members apart and that nothing asks for, have changed.
func (m measured) elsewhere(set labelSet) labelSet {
	moved := set
	for _, name := range append(m.service.Catalogue.TargetLabels(), "instance") {
		asked := slices.ContainsFunc(m.gauges, func(g alerts.Gauge) bool {
			return slices.ContainsFunc(g.Match, func(o *labels.Matcher) bool { return o.Name == name })
		})
		if !asked && set[name] != "" {
			moved = moved.with(name, "moved-"+set[name], m.levels.Per)
		}
	}
	return moved
}

// judged are the labels that name the member that something happens to.
func (m measured) judged() map[string]string {
	named := map[string]string{}
	for name, value := range m.member(0) {
		if slices.Contains(m.levels.Per, name) {
			named[name] = value
		}
	}
	return named
}

// provable tells whether there can be series for the gauges.
func (m measured) provable() error {
	for _, name := range m.names() {
		if name != labels.BucketLabel && len(m.values(name)) == 0 {
			return fmt.Errorf("no value of label %s satisfies every selector of %s", name, expr.String(expr.Select(m.gauges[0].Metric)))
		}
	}
	return nil
}
