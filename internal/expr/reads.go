package expr

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"
)

// Read is what one selector of an expression reads for each series, every time
// that the expression is evaluated.
type Read struct {
	Selector Selector
	// Range is the window of samples; 0 where the newest one alone is read.
	Range time.Duration
	// Times is how often it is read: more than once inside of a subquery.
	Times int
	// Back is how old the oldest sample is that is read, at most: with the ranges
	// of subqueries and all offsets.
	Back time.Duration
}

// Samples is how many samples are read for each series that has one every interval.
func (r Read) Samples(interval time.Duration) int {
	return r.Times * max(1, ceil(r.Range, interval))
}

// Reads lists what an expression reads, selector by selector, in the order in
// which they are written; one that is written twice is read twice. A subquery
// without a step takes that of the configuration: its evaluation interval.
func Reads(e Expr, evaluation time.Duration) []Read {
	var reads []Read
	parser.Inspect(e, func(node parser.Node, path []parser.Node) error {
		s, ok := node.(Selector)
		if !ok {
			return nil
		}
		r := Read{Selector: s, Times: 1, Back: s.OriginalOffset}
		for _, outer := range path {
			switch outer := outer.(type) {
			case *parser.MatrixSelector:
				r.Range = outer.Range
				r.Back += outer.Range
			case *parser.SubqueryExpr:
				step := outer.Step
				if step == 0 {
					step = evaluation
				}
				r.Times *= max(1, ceil(outer.Range, step))
				r.Back += outer.Range + outer.OriginalOffset
			}
		}
		reads = append(reads, r)
		return nil
	})
	return reads
}

// ceil is a / b, rounded up: a window holds no more samples than that.
func ceil(a, b time.Duration) int { return int((a + b - 1) / b) }
