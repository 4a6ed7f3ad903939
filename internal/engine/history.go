package engine

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"
)

// history is, for each rule, how long before the start it must be evaluated for
// what later rules read at the start to be there. A rule that nobody reads has
// none. Circles are followed once.
func (p *Plan) history() []time.Duration {
	history := make([]time.Duration, len(p.rules))
	for i := len(p.rules) - 1; i >= 0; i-- {
		r := p.rules[i]
		parser.Inspect(r.Expr, func(n parser.Node, path []parser.Node) error {
			s, ok := n.(*parser.VectorSelector)
			if !ok {
				return nil
			}
			reach := history[i] + r.Group.QueryOffset + reachOf(s, path)
			for _, w := range p.writers.of(s) {
				if w != r {
					history[w.at] = max(history[w.at], reach)
				}
			}
			return nil
		})
	}
	return history
}

// reachOf is how old the oldest sample is that a selector reads where it stands.
func reachOf(s *parser.VectorSelector, path []parser.Node) time.Duration {
	reach := s.OriginalOffset
	window := lookback
	for _, outer := range path {
		switch outer := outer.(type) {
		case *parser.MatrixSelector:
			window = outer.Range
		case *parser.SubqueryExpr:
			reach += outer.Range + outer.OriginalOffset
		}
	}
	return reach + window
}

// earliest is the time of the oldest sample, or the start where there is none.
func (r *run) earliest() int64 {
	first := r.opts.Start.UnixMilli()
	for _, of := range r.storage.all {
		if len(of.times) > 0 {
			first = min(first, of.times[0])
		}
	}
	return first
}
