package simulate

import (
	"fmt"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/expr"
)

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
		own := slices.Contains(m.levels.Per, name) && !slices.Contains(m.levels.Within, name)
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

// apart is the n-th member of another group, or nil where there is none.
func (m measured) apart(n int) labelSet {
	set := m.member(n)
	for _, name := range m.levels.Within {
		values := m.values(name)
		if set == nil || len(values) < 2 {
			return nil
		}
		set[name] = values[1]
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
