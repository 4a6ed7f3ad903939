package simulate

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/expr"
	"slowburn/slo"
)

// member is one of the groups of an SLO, or all of an SLO that has none. The
// first one suffers what happens in a scenario; beside it the second one fails
// all the time and the third one never does, and has no series of errors: each
// must be judged alone.
type member struct {
	labels []labels.Label // of the group; none where the SLO is one
	load   *Load
}

// membersOf are the groups of an SLO under a load: as many of three as there are
// values for.
func membersOf(o *slo.SLO, load *Load) []member {
	if len(o.Per) == 0 {
		return []member{{load: load}}
	}
	loads := []*Load{load}
	for _, errors := range []*big.Rat{everything, none} {
		other := &Load{Resets: load.Resets, Gaps: load.Gaps, LateErrors: load.LateErrors || errors == none}
		if len(load.Gone) > 0 && !load.Alone {
			other.Gone, errors = load.Gone, none // what fails when it goes is hard to tell
		}
		other.Phases = []Phase{newPhase(0, load.Phases[0].Rate, errors)}
		loads = append(loads, other)
	}
	var members []member
	seen := map[string]bool{}
	for i, load := range loads {
		m := member{load: load}
		for _, name := range o.Per {
			values := groupValues(o, name)
			if len(values) == 0 {
				return nil // nothing can be made up, which is reported elsewhere
			}
			m.labels = append(m.labels, labels.Label{Name: name, Value: values[i%len(values)]})
		}
		if !seen[m.String()] {
			seen[m.String()] = true
			members = append(members, m)
		}
	}
	return members
}

// groupValues are values of a label that all streams of an SLO accept.
func groupValues(o *slo.SLO, label string) []string {
	var seen []string
	var matchers []*labels.Matcher
	for _, stream := range o.SLI.Streams() {
		seen = append(seen, o.Service.Catalogue.Values(stream.Metric, label)...)
		for _, m := range stream.Match {
			if m.Name == label {
				matchers = append(matchers, m)
			}
		}
	}
	slices.Sort(seen)
	found := witnesses(slices.Compact(seen), matchers)
	return slices.DeleteFunc(found, func(value string) bool { return value == "" })
}

// target is what is scraped of an SLO's streams, of this group alone.
func (m member) target(o *slo.SLO) target {
	t := target{service: o.Service, streams: o.SLI.Streams(), load: m.load}
	for _, l := range m.labels {
		t.pins = append(t.pins, expr.Equal(l.Name, l.Value))
	}
	return t
}

// crowd are all groups of an SLO, of which the first one is under a load.
type crowd struct {
	slo  *slo.SLO
	load *Load
}

// eachSeries implements source.
func (c crowd) eachSeries(end time.Duration, notes *notebook, take takeSeries) {
	eachSeriesOf(membersOf(c.slo, c.load), c.slo, end, notes, take)
}

// eachSeriesOf makes the series of groups of an SLO, and the decoys of the first.
func eachSeriesOf(members []member, o *slo.SLO, end time.Duration, notes *notebook, take takeSeries) {
	for i, m := range members {
		m.load.cut(o, end)
		if i == 0 {
			m.target(o).eachSeries(end, notes, take)
		} else {
			m.target(o).eachOwn(end, notes, take)
		}
	}
}

// metrics implements source.
func (c crowd) metrics() []string { return target{streams: c.slo.SLI.Streams()}.metrics() }

// has tells whether the group has a label.
func (m member) has(name string) bool {
	return slices.ContainsFunc(m.labels, func(l labels.Label) bool { return l.Name == name })
}

// owns tells whether an alert is of this group.
func (m member) owns(lset labels.Labels) bool {
	return !slices.ContainsFunc(m.labels, func(l labels.Label) bool { return lset.Get(l.Name) != l.Value })
}

// String is the group as PromQL writes it: {tenant="x1"}, or nothing.
func (m member) String() string {
	var texts []string
	for _, l := range m.labels {
		texts = append(texts, l.Name+"="+strconv.Quote(l.Value))
	}
	if len(texts) == 0 {
		return ""
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// nobody is what an alert is of that no group has: that nothing is left.
func nobody(o *slo.SLO, load *Load) member {
	m := member{load: load}
	for _, name := range o.Per {
		m.labels = append(m.labels, labels.Label{Name: name})
	}
	return m
}
