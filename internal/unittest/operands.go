package unittest

import (
	"context"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// operand is a side of and, or, unless in a rule.
type operand struct {
	op   string
	side string // left or right
	expr parser.Expr
}

// operandsOf are the operands of a rule's set operators. Constants are left out:
// vector(0) is never empty, and is not meant to be. So are those in subqueries,
// which are read at other times than the rule.
func operandsOf(e parser.Expr) []operand {
	var all []operand
	parser.Inspect(e, func(n parser.Node, path []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || !b.Op.IsSetOperator() {
			return nil
		}
		for _, above := range path {
			if _, ok := above.(*parser.SubqueryExpr); ok {
				return nil
			}
		}
		for _, o := range []operand{{b.Op.String(), "left", b.LHS}, {b.Op.String(), "right", b.RHS}} {
			if len(engine.Selectors(o.expr)) > 0 {
				all = append(all, o)
			}
		}
		return nil
	})
	return all
}

// seen is whether an expression had samples at some evaluation, and at some had none.
type seen struct{ samples, empty bool }

func (s *seen) add(t seen) {
	s.samples = s.samples || t.samples
	s.empty = s.empty || t.empty
}

// ruleSeen is what a test saw of a rule.
type ruleSeen struct {
	whole    seen
	fired    bool
	operands []seen // as operandsOf has them
}

// observedCoverage is what a test saw of the rules.
type observedCoverage map[*rulefile.Rule]*ruleSeen

// observeCoverage evaluates the rules and their operands once more, over what
// the storage holds after the test.
func (x *execution) observeCoverage(ctx context.Context, result *engine.Result) observedCoverage {
	all := observedCoverage{}
	for _, g := range x.suite.groups {
		for _, r := range g.Rules {
			s := &ruleSeen{whole: x.look(ctx, g, r.Expr)}
			for _, o := range operandsOf(r.Expr) {
				s.operands = append(s.operands, x.look(ctx, g, o.expr))
			}
			all[r] = s
		}
	}
	for _, a := range result.Alerts {
		s := all[a.Rule]
		s.whole.samples = true
		s.fired = s.fired || !a.Fired.IsZero()
	}
	return all
}

// look evaluates an expression whenever its group is. What cannot be evaluated
// on its own is not held against the tests.
func (x *execution) look(ctx context.Context, g *rulefile.Group, e parser.Expr) seen {
	unknown := seen{samples: true, empty: true}
	step := x.suite.step(g)
	first, end := x.test.start.Add(-g.QueryOffset), x.test.length()
	piece := end
	if engine.CountsValues(e) {
		piece = piecewise * step
	}
	steps := 0
	for from := time.Duration(0); from <= end; from += piece + step {
		n, ok := x.steps(ctx, e.String(), first.Add(from), min(piece, end-from), step)
		if !ok {
			return unknown
		}
		steps += n
	}
	return seen{samples: steps > 0, empty: steps < int(end/step)+1}
}

// piecewise is how many instants an expression is evaluated at in one query
// that would be too large otherwise (see engine.CountsValues).
const piecewise = 200

// steps is at how many instants an expression has samples, unless it cannot be evaluated.
func (x *execution) steps(ctx context.Context, text string, start time.Time, length, step time.Duration) (int, bool) {
	if engine.CheckSize(text, length, step, x.suite.file.interval, x.suite.opts.MaxSamples) != nil {
		return 0, false
	}
	q, err := x.suite.queries.NewRangeQuery(ctx, x.storage, nil, text, start, start.Add(length), step)
	if err != nil {
		return 0, false
	}
	defer q.Close()
	result := q.Exec(ctx)
	if result.Err != nil {
		return 0, false
	}
	matrix, err := result.Matrix()
	if err != nil {
		return 0, false
	}
	return stepsWithSamples(matrix), true
}

// stepsWithSamples is the number of instants at which any series has a sample.
func stepsWithSamples(matrix promql.Matrix) int {
	times := map[int64]struct{}{}
	for _, s := range matrix {
		for _, p := range s.Floats {
			times[p.T] = struct{}{}
		}
		for _, p := range s.Histograms {
			times[p.T] = struct{}{}
		}
	}
	return len(times)
}
