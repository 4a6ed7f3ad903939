package engine

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// Needs is what is asked of an evaluation.
type Needs struct {
	Alerts    []string // names
	Selectors []*parser.VectorSelector
	// Given are the metrics that the storage has before: a rule that records one fails.
	Given []string
	// AnyLabels asks Behind for what selectors would read with other matchers, too.
	AnyLabels bool
}

// Only is the plan without the rules that nothing needs. A rule stays if it
// raises a needed alert, if it may write a series that is needed or that a rule
// which stays reads, or if it can fail: then the failure is what is needed.
func (p *Plan) Only(needs Needs) *Plan {
	alerts := map[string]bool{}
	for _, name := range needs.Alerts {
		alerts[name] = true
	}
	stays := make([]bool, len(p.rules))
	states := make([]bool, len(p.rules))
	var open []*placed
	keep := func(r *placed) {
		if !stays[r.at] {
			stays[r.at] = true
			open = append(open, r)
		}
	}
	follow := func(selectors []*parser.VectorSelector) {
		for _, s := range selectors {
			for _, w := range p.writers.of(s) {
				states[w.at] = true
				keep(w)
			}
		}
	}
	carriers := p.carriers()
	for _, r := range p.rules {
		if r.Alert != "" && carriers[r.at] {
			keep(r) // series that differ in nothing but their alertname become the same
		}
		if alerts[r.Alert] && r.Alert != "" || mayFail(r) {
			keep(r)
		}
		if p.mayClash(r, needs.Given) {
			states[r.at] = true
			keep(r)
		}
	}
	follow(needs.Selectors)
	for len(open) > 0 {
		next := open[len(open)-1]
		open = open[:len(open)-1]
		follow(next.reads)
	}
	only := &Plan{}
	for _, r := range p.rules {
		if stays[r.at] {
			kept := *r
			kept.statesNeeded = states[r.at]
			kept.at = len(only.rules)
			only.rules = append(only.rules, &kept)
		}
	}
	only.writers = newIndex(only.rules)
	return only
}

// mayClash tells whether a rule may write a series that is there already, or
// that another rule writes: the storage takes no second value for an instant.
func (p *Plan) mayClash(r *placed, given []string) bool {
	return slices.Contains(given, r.metric()) ||
		slices.ContainsFunc(p.writers.among(r.metric(), r.fixed), func(w *placed) bool { return mayShare(r, w) })
}

// carriers are the rules whose results may have the label alertname, because
// they read ALERTS or other carriers.
func (p *Plan) carriers() []bool {
	carries := make([]bool, len(p.rules))
	reads := func(s *parser.VectorSelector) bool {
		return slices.ContainsFunc(p.writers.of(s), func(w *placed) bool { return w.Alert != "" || carries[w.at] })
	}
	for changed := true; changed; {
		changed = false
		for _, r := range p.rules {
			o := outcomeOf(r.Expr)
			if !carries[r.at] && (!o.bounded || slices.Contains(o.labels, model.AlertNameLabel)) &&
				slices.ContainsFunc(r.reads, reads) {
				carries[r.at], changed = true, true
			}
		}
	}
	return carries
}
