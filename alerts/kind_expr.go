package alerts

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/slo"
)

// Raw is a PromQL expression that has a series for everything that is wrong.
type Raw struct{ slo.Expression }

func (e *Raw) resolve(s *slo.Service, r *diag.Report) bool {
	if e.Expr == nil {
		return false // reported where it was read
	}
	if e.Expr.Type() != parser.ValueTypeVector {
		r.Add(expr.Syntax, e.Pos(), "compare a metric: metric > 5", "%s is a number, which has no series to fire for", e.Expr)
		return false
	}
	return s.Catalogue.Expression(e.Expression, r)
}

func (e *Raw) condition() expr.Expr { return e.Expr }

func (e *Raw) words() Words {
	by, others := expr.GroupedBy(e.Expr)
	return Words{
		Condition: strings.Join(strings.Fields(e.Expr.String()), " ") + " has a result", Value: "The value is {{ $value | humanize }}.",
		Per: by, Gone: others && len(by) > 0,
	}
}

// imitate implements Kind. Of a comparison with a number, of gauges or what is
// computed from them, one gauge is the level, and all others stay what they are.
// For other expressions nothing can be made up.
func (e *Raw) imitate(t Timing) Imitation {
	c, ok := bare(e.Expr).(*parser.BinaryExpr)
	if !ok || !c.Op.IsComparisonOperator() || c.ReturnBool {
		return Imitation{}
	}
	right, ok := value(c.RHS, nil)
	greater, less := c.Op == parser.GTR || c.Op == parser.GTE, c.Op == parser.LSS || c.Op == parser.LTE
	if !ok || !greater && !less {
		return Imitation{}
	}
	for _, varied := range selectors(c.LHS) {
		at := func(x float64) (float64, bool) {
			return value(c.LHS, map[string]float64{varied.String(): x})
		}
		zero, ok0 := at(0)
		once, ok1 := at(1)
		twice, ok2 := at(2)
		slope := once - zero
		if !ok0 || !ok1 || !ok2 || slope == 0 || twice-once != slope {
			continue // the level would not be linear in this one
		}
		return e.vary(t, varied, limit{at: (right - zero) / slope, below: less == (slope > 0)})
	}
	return Imitation{}
}

// vary is the imitation with one gauge as the level.
func (e *Raw) vary(t Timing, varied expr.Selector, l limit) Imitation {
	quiet, loud := l.far()
	levels := jumps(t, l, quiet, loud)
	for _, s := range selectors(bare(e.Expr).(*parser.BinaryExpr).LHS) {
		if s.String() == varied.String() {
			levels.Gauges = append(levels.Gauges, gauge(s, same))
		} else {
			levels.Gauges = append(levels.Gauges, gauge(s, always(unvaried)))
		}
	}
	return Imitation{Levels: levels}
}

// unvaried is the value of the gauges that stay what they are.
const unvaried = 128

// bare is an expression without the parentheses around it.
func bare(e expr.Expr) expr.Expr {
	for {
		p, ok := e.(*parser.ParenExpr)
		if !ok {
			return e
		}
		e = p.Expr
	}
}

// selectors are those of an expression, each once.
func selectors(e expr.Expr) []expr.Selector {
	var all []expr.Selector
	seen := map[string]bool{}
	for _, read := range expr.Reads(e, 1) {
		if text := read.Selector.String(); !seen[text] && read.Range == 0 {
			seen[text] = true
			all = append(all, read.Selector)
		}
	}
	return all
}

// value computes an expression of numbers and plain selectors, of which some
// have a value and all others the usual one. It is false for anything else.
func value(e expr.Expr, known map[string]float64) (float64, bool) {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return value(e.Expr, known)
	case *parser.NumberLiteral:
		return e.Val, true
	case *parser.UnaryExpr:
		v, ok := value(e.Expr, known)
		if e.Op == parser.SUB {
			v = -v
		}
		return v, ok
	case *parser.VectorSelector:
		if e.Name == "" || e.OriginalOffset != 0 || e.OriginalOffsetExpr != nil || e.Timestamp != nil || e.StartOrEnd != 0 || known == nil {
			return 0, false
		}
		if v, ok := known[e.String()]; ok {
			return v, true
		}
		return unvaried, true
	case *parser.BinaryExpr:
		a, okA := value(e.LHS, known)
		b, okB := value(e.RHS, known)
		compute := arithmetic[e.Op]
		if !okA || !okB || compute == nil || e.VectorMatching != nil && (e.VectorMatching.On || len(e.VectorMatching.MatchingLabels) > 0) {
			return 0, false
		}
		return compute(a, b), true
	}
	return 0, false
}

var arithmetic = map[parser.ItemType]func(a, b float64) float64{
	parser.ADD: func(a, b float64) float64 { return a + b },
	parser.SUB: func(a, b float64) float64 { return a - b },
	parser.MUL: func(a, b float64) float64 { return a * b },
	parser.DIV: func(a, b float64) float64 { return a / b },
}

// bearing implements bearer: what an expression is about, one member or all, it does not say.
func (*Raw) bearing() bearing { return bearsNothing }
