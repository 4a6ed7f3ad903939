package simulate

import (
	"maps"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/expr"
)

// splitShares are the parts of a member's value that its two series have.
var splitShares = []float64{0.6, 0.4}

// scaled are gauges whose values are parts of what they were.
func scaled(gauges []alerts.Gauge, by float64) []alerts.Gauge {
	all := slices.Clone(gauges)
	for i, g := range all {
		all[i].Value = func(level, at float64) float64 { return by * g.Value(level, at) }
	}
	return all
}

// sibling are labels of another series of the same member.
func (m measured) sibling(set labelSet) labelSet {
	sibling := m.elsewhere(set)
	return sibling.with("replica", "2", m.levels.Per)
}

// writeSiblings makes further series of the member that something happens to,
// for all the time that it is there.
func (m measured) writeSiblings(main labelSet, end time.Duration, aligned bool, take takeSeries) {
	if len(m.levels.Per) == 0 {
		return // another series is another member
	}
	for _, level := range m.siblings {
		m.write(m.sibling(main), m.gauges, part{level, Span{0, end + 1}, aligned}, end, take)
	}
}

// stray are series that differ from a member's in one label, which one selector
// of several asks for.
type stray struct {
	set    labelSet
	gauges []alerts.Gauge
}

// strays are those of the member that something happens to, with other values:
// of each gauge, and of what would except the member.
func (m measured) strays(main labelSet) []stray {
	var all []stray
	for _, g := range m.gauges {
		for i, matcher := range g.Match {
			if m.shared(matcher) {
				continue // decoys have it
			}
			if slices.Contains(m.levels.Per, matcher.Name) {
				all = append(all, m.misnamed(main, matcher)...)
				continue
			}
			flipped := g
			flipped.Match = slices.Clone(g.Match)
			flipped.Match[i] = expr.Not(matcher)
			all = append(all, stray{main.with("replica", "stray", m.levels.Per), scaled([]alerts.Gauge{flipped}, 3)})
		}
	}
	for _, g := range m.levels.Excepted {
		for i, matcher := range g.Match {
			flipped := g
			flipped.Match = slices.Clone(g.Match)
			flipped.Match[i] = expr.Not(matcher)
			all = append(all, stray{main, []alerts.Gauge{flipped}})
		}
	}
	return all
}

// shared tells whether all gauges ask for the same.
func (m measured) shared(matcher *labels.Matcher) bool {
	return !slices.ContainsFunc(m.gauges, func(g alerts.Gauge) bool {
		return !slices.ContainsFunc(g.Match, func(o *labels.Matcher) bool { return o.String() == matcher.String() })
	})
}

// misnamed is a member whose own label a matcher leaves out.
func (m measured) misnamed(main labelSet, matcher *labels.Matcher) []stray {
	values := witnesses(nil, []*labels.Matcher{expr.Not(matcher)})
	if expr.Not(matcher).Matches("") {
		values = append(values, "")
	}
	if len(values) == 0 {
		return nil
	}
	set := maps.Clone(main)
	set[matcher.Name] = values[0]
	gauges := slices.Clone(m.gauges)
	for i, g := range gauges {
		gauges[i].Match = slices.Clone(g.Match)
		for j, o := range g.Match {
			if o.String() == matcher.String() {
				gauges[i].Match[j] = expr.Not(o)
			}
		}
	}
	return []stray{{set, gauges}}
}
