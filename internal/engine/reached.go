package engine

import (
	"maps"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/rulefile"
)

// Rules are those of the plan, in the order of evaluation.
func (p *Plan) Rules() []*rulefile.Rule {
	rules := make([]*rulefile.Rule, len(p.rules))
	for i, r := range p.rules {
		rules[i] = r.Rule
	}
	return rules
}

// Behind is the plan with those rules alone on which depends what is asked of
// the evaluation. Unlike Only it leaves out what may fail besides.
func (p *Plan) Behind(needs Needs) *Plan {
	stays, states := map[*rulefile.Rule]bool{}, map[*rulefile.Rule]bool{}
	var open []*placed
	keep := func(r *placed) {
		if !stays[r.Rule] {
			stays[r.Rule] = true
			open = append(open, r)
		}
	}
	follow := func(selectors []*parser.VectorSelector) {
		for _, s := range selectors {
			if needs.AnyLabels {
				s = ofMetric(s)
			}
			for _, w := range p.writers.of(s) {
				states[w.Rule] = true
				keep(w)
			}
		}
	}
	for _, r := range p.rules {
		if r.Alert != "" && slices.Contains(needs.Alerts, r.Alert) {
			keep(r)
		}
	}
	follow(needs.Selectors)
	for len(open) > 0 {
		next := open[len(open)-1]
		open = open[:len(open)-1]
		follow(next.reads)
	}
	part := p.Part(stays)
	for _, r := range part.rules {
		r.statesNeeded = states[r.Rule]
	}
	return part
}

// ofMetric is a selector with no other matchers than those of its metric's name.
func ofMetric(s *parser.VectorSelector) *parser.VectorSelector {
	wide := *s
	wide.LabelMatchers = slices.DeleteFunc(slices.Clone(s.LabelMatchers), func(m *labels.Matcher) bool { return m.Name != model.MetricNameLabel })
	return &wide
}

// Reached is what would have to be evaluated again if a rule were another: the
// rule itself, all that read what it writes, directly or through others, and
// all that write series of the same metrics. A rule that is evaluated after
// one which reads it comes along with its reader, that must not see what is
// younger.
func (p *Plan) Reached(from *rulefile.Rule) map[*rulefile.Rule]bool {
	reached := map[*rulefile.Rule]bool{from: true}
	metrics := map[string]bool{}
	has := func(r *placed) bool { return reached[r.Rule] }
	for grown := true; grown; {
		grown = false
		add := func(r *placed) {
			if !has(r) {
				reached[r.Rule], grown = true, true
			}
		}
		for _, r := range p.rules {
			if metrics[r.metric()] {
				add(r)
			}
			for _, s := range r.reads {
				writers := p.writers.of(s)
				if slices.ContainsFunc(writers, has) {
					add(r)
				}
				for _, w := range writers {
					if has(r) && w.at > r.at {
						add(w)
					}
				}
			}
			if has(r) && (r.Alert == "" || r.statesNeeded) {
				metrics[r.metric()] = true
			}
		}
	}
	return reached
}

// Part is the plan with some of its rules alone. The storage must have what the
// others record.
func (p *Plan) Part(of map[*rulefile.Rule]bool) *Plan {
	part := &Plan{}
	for _, r := range p.rules {
		if of[r.Rule] {
			kept := *r
			kept.at = len(part.rules)
			part.rules = append(part.rules, &kept)
		}
	}
	part.writers = newIndex(part.rules)
	return part
}

// Alone is the plan with one rule, if what that records depends on nothing else
// in the plan but what has been recorded before it: no other rule writes the
// same metric, and none that it reads is evaluated after it.
func (p *Plan) Alone(rule *rulefile.Rule) (*Plan, bool) {
	for _, r := range p.rules {
		if r.Rule != rule {
			if r.metric() == rule.Record {
				return nil, false
			}
			continue
		}
		for _, s := range r.reads {
			if slices.ContainsFunc(p.writers.of(s), func(w *placed) bool { return w.at > r.at }) {
				return nil, false
			}
		}
	}
	return p.Part(map[*rulefile.Rule]bool{rule: true}), rule.Record != ""
}

// Metrics are the names of what the rules of the plan write, sorted.
func (p *Plan) Metrics() []string {
	names := map[string]bool{}
	for _, r := range p.rules {
		switch {
		case r.Alert == "":
			names[r.Record] = true
		case r.statesNeeded:
			names[alertsMetric], names[forStateMetric] = true, true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
