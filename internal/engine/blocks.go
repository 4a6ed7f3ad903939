package engine

import (
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/rulefile"
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
// stepped together. So are a rule that writes at an offset from its evaluation
// and one that looks further than that: it would see what is not written yet;
// and two rules that write one series at different offsets, since the storage
// takes samples in the order of their time only; and a rule with count_values,
// for its size (see CountsValues).
func (p *Plan) blocks() []block {
	var blocks []block
	last := p.lastNeeded()
	for i := 0; i < len(p.rules); {
		end := i
		for j := i; j <= end; j++ {
			end = max(end, last[j])
		}
		b := block{rules: p.rules[i : end+1]}
		b.stepped = len(b.rules) > 1 || p.readsItself(p.rules[i]) || looksAhead(p.rules[i].Expr) || CountsValues(p.rules[i].Expr)
		blocks = append(blocks, b)
		i = end + 1
	}
	return blocks
}

// Order are the rules in the order of evaluation, in one list those that are
// evaluated together, instant by instant.
func (p *Plan) Order() [][]*rulefile.Rule {
	var order [][]*rulefile.Rule
	for _, b := range p.blocks() {
		var together []*rulefile.Rule
		for _, r := range b.rules {
			together = append(together, r.Rule)
		}
		order = append(order, together)
	}
	return order
}

// lastNeeded are, for each rule, the place of the last one that must be stepped with it.
func (p *Plan) lastNeeded() []int {
	last := make([]int, len(p.rules))
	together := func(a, b *placed) {
		last[min(a.at, b.at)] = max(last[min(a.at, b.at)], a.at, b.at)
	}
	for _, r := range p.rules {
		together(r, r)
		back := r.looksBack()
		for _, s := range r.reads {
			for _, w := range p.writers.of(s) {
				if w.at > r.at || w.Group.QueryOffset > back {
					together(r, w)
				}
			}
		}
		for _, w := range p.writers.among(r.metric(), r.fixed) {
			if w.Group.QueryOffset != r.Group.QueryOffset && mayShare(r, w) {
				together(r, w)
			}
		}
	}
	return last
}

// looksBack is how long before its evaluation the youngest sample is that a rule reads.
func (p *placed) looksBack() time.Duration {
	if p.templates.query || looksAhead(p.Expr) {
		return 0 // templates query at the evaluation itself
	}
	return p.Group.QueryOffset
}

func (p *Plan) readsItself(r *placed) bool {
	return slices.ContainsFunc(r.reads, r.writes)
}

// metric is what a rule writes, in the case of an alert that of which values differ.
func (p *placed) metric() string {
	if p.Alert != "" {
		return forStateMetric
	}
	return p.Record
}

// mayShare tells whether two rules that write the same metric may write the same series.
func mayShare(a, b *placed) bool { return a != b && a.Alert == b.Alert && !disjoint(a, b) }

// disjoint tells whether a label that both rules set keeps their series apart.
func disjoint(a, b *placed) bool {
	for name, value := range a.labels {
		other, ok := b.labels[name]
		if template := a.Alert != "" && (isTemplate(value) || isTemplate(other)); ok && other != value && !template {
			return true
		}
	}
	return false
}

// looksAhead tells whether an expression can read what is younger than the
// instant at which it is evaluated, or depends on the first and last instant or
// the step of a range query: a duration that is computed may.
func looksAhead(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			found = found || n.OriginalOffset < 0 || n.Timestamp != nil || n.StartOrEnd != 0 || n.OriginalOffsetExpr != nil
		case *parser.MatrixSelector:
			found = found || n.RangeExpr != nil
		case *parser.SubqueryExpr:
			found = found || n.OriginalOffset < 0 || n.Timestamp != nil || n.StartOrEnd != 0 ||
				n.OriginalOffsetExpr != nil || n.RangeExpr != nil || n.StepExpr != nil
		}
		return nil
	})
	return found
}
