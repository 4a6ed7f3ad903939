package check

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/parallel"
)

// learn finds out what is known of everything that is recorded, so that it can
// be read by several goroutines. It goes by the order of the rules that read it
// and then by that of the rules that record it: what is known of those that read
// each other depends on which comes first.
func (u *Unit) learn() {
	facts := []func(*Unit, *recording){
		func(u *Unit, r *recording) { newLabelFlow(u).recording(r) },
		func(u *Unit, r *recording) { newCarriedFlow(u).recording(r) },
		func(u *Unit, r *recording) { newBoundsFlow(u).recording(r) },
		func(u *Unit, r *recording) { conditions{u, 0}.isUnconditional(r) },
	}
	order := u.inOrder()
	parallel.Each(len(facts), func(n int) {
		one := u.fork()
		for _, r := range order {
			facts[n](one, r)
		}
	})
}

// inOrder are all recording rules, those first that are read first.
func (c *corpus) inOrder() []*recording {
	var order []*recording
	seen := make([]bool, len(c.all))
	add := func(r *recording) {
		if !seen[r.number] {
			seen[r.number] = true
			order = append(order, r)
		}
	}
	var parts []parser.Node
	for _, f := range c.Files {
		for _, g := range f.Groups {
			for _, r := range g.Rules {
				if r.Expr == nil {
					continue
				}
				parts = appendParts(parts[:0], r.Expr)
				for _, part := range parts {
					if s, ok := part.(*parser.VectorSelector); ok {
						for _, r := range c.recordings(s) {
							add(r)
						}
					}
				}
			}
		}
	}
	for _, r := range c.all {
		add(r)
	}
	return order
}
