package engine

import (
	"maps"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// index finds the rules that may write what a selector selects. There may be
// very many of one metric, each for another SLO: they are told apart by the
// labels that they set, and only those are looked at that a label leaves over.
type index struct {
	byMetric map[string][]*placed
	byLabel  map[[2]string]*setTo // by metric and label, of metrics that many rules write
	all      []*placed
}

// setTo are the rules of a metric, as places in its list, by what they set a label to.
type setTo struct {
	value map[string][]int
	rest  []int // those that may set it to anything
}

// many is from how many rules of a metric on they are told apart by labels.
const many = 16

func newIndex(rules []*placed) index {
	x := index{map[string][]*placed{}, map[[2]string]*setTo{}, rules}
	for _, r := range rules {
		if r.Alert != "" {
			x.byMetric[alertsMetric] = append(x.byMetric[alertsMetric], r)
			x.byMetric[forStateMetric] = append(x.byMetric[forStateMetric], r)
			continue
		}
		x.byMetric[r.Record] = append(x.byMetric[r.Record], r)
	}
	for metric, rules := range x.byMetric {
		if len(rules) < many {
			continue
		}
		names := map[string]bool{}
		for _, r := range rules {
			for name := range r.fixed {
				names[name] = true
			}
		}
		for name := range names {
			x.byLabel[[2]string{metric, name}] = newSetTo(rules, name)
		}
	}
	return x
}

func newSetTo(rules []*placed, name string) *setTo {
	s := &setTo{value: map[string][]int{}}
	for i, r := range rules {
		if value, ok := r.fixed[name]; ok {
			s.value[value] = append(s.value[value], i)
		} else {
			s.rest = append(s.rest, i)
		}
	}
	return s
}

// fixedLabels are the labels that the rule's series have for certain, with their values.
func (p *placed) fixedLabels() map[string]string {
	fixed := maps.Clone(p.labels)
	maps.DeleteFunc(fixed, func(_, value string) bool { return isTemplate(value) })
	if p.Alert != "" {
		delete(fixed, stateLabel)
		fixed[model.AlertNameLabel] = p.Alert
	}
	return fixed
}

// among are the rules of a metric that may write series with some labels, and
// maybe others, in order.
func (x index) among(metric string, having map[string]string) []*placed {
	rules := x.byMetric[metric]
	if len(rules) < many {
		return rules
	}
	var best *setTo
	var left []int
	fewest := len(rules)
	for name, value := range having {
		s := x.byLabel[[2]string{metric, name}]
		if s == nil {
			continue
		}
		if n := len(s.value[value]) + len(s.rest); n < fewest {
			fewest, best, left = n, s, s.value[value]
		}
	}
	if best == nil {
		return rules
	}
	places := slices.Concat(left, best.rest)
	slices.Sort(places)
	found := make([]*placed, len(places))
	for i, at := range places {
		found[i] = rules[at]
	}
	return found
}

// of are the rules that may write a series that s selects.
func (x index) of(s *parser.VectorSelector) []*placed {
	among := x.all
	if name, ok := expr.MetricName(s); ok {
		having := map[string]string{}
		for _, m := range s.LabelMatchers {
			if m.Type == labels.MatchEqual && m.Name != model.MetricNameLabel {
				having[m.Name] = m.Value
			}
		}
		among = x.among(name, having)
	}
	var found []*placed
	for _, r := range among {
		if r.writes(s) {
			found = append(found, r)
		}
	}
	return found
}
