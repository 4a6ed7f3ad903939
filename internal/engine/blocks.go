package engine

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// block are consecutive rules that are evaluated together: all of them at one
// instant, then all of them at the next.
type block struct {
	rules   []*placed
	stepped bool // otherwise it is one rule, and one range query
}

// blocks cuts the order of evaluation into blocks. A rule is a block of its own
// unless it reads what itself or a later rule writes: between two instants that
// rule then comes first, so that all rules from the reader to the writer are
// stepped together. The same holds for two rules that write one series at
// different offsets from their evaluation, since the storage takes samples in
// the order of their time only.
func (p *Plan) blocks() []block {
	var blocks []block
	for i := 0; i < len(p.rules); {
		end := i
		for j := i; j <= end; j++ {
			end = max(end, p.lastNeeded(p.rules[j]))
		}
		b := block{rules: p.rules[i : end+1]}
		b.stepped = len(b.rules) > 1 || p.lastNeeded(p.rules[i]) == i && p.readsItself(p.rules[i]) || looksAhead(p.rules[i].Expr)
		blocks = append(blocks, b)
		i = end + 1
	}
	return blocks
}

// lastNeeded is the place of the last rule that must be stepped with r.
func (p *Plan) lastNeeded(r *placed) int {
	last := r.at
	for _, s := range r.reads {
		for _, w := range p.writers.of(s) {
			last = max(last, w.at)
		}
	}
	if r.Record != "" {
		for _, w := range p.writers.byMetric[r.Record] {
			if w.Group.QueryOffset != r.Group.QueryOffset && !disjoint(r, w) {
				last = max(last, w.at)
			}
		}
	}
	return last
}

func (p *Plan) readsItself(r *placed) bool {
	return slices.ContainsFunc(r.reads, r.writes)
}

// disjoint tells whether a label that both rules set keeps their series apart.
func disjoint(a, b *placed) bool {
	for name, value := range a.labels {
		if other, ok := b.labels[name]; ok && other != value {
			return true
		}
	}
	return false
}

// looksAhead tells whether an expression can read what is younger than the
// instant at which it is evaluated, or depends on the first and last instant of
// a range query.
func looksAhead(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			found = found || n.OriginalOffset < 0 || n.Timestamp != nil || n.StartOrEnd != 0
		case *parser.SubqueryExpr:
			found = found || n.OriginalOffset < 0 || n.Timestamp != nil || n.StartOrEnd != 0
		}
		return nil
	})
	return found
}
