package engine

import "github.com/prometheus/prometheus/promql/parser"

// Needs is what is asked of an evaluation.
type Needs struct {
	Alerts    []string // names
	Selectors []*parser.VectorSelector
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
	for _, r := range p.rules {
		if alerts[r.Alert] && r.Alert != "" || mayFail(r) {
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
