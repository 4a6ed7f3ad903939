package check

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// isAlwaysThere tells whether an expression has a result at any time, whatever
// series there are: vector(1), and what falls back to it with or.
func isAlwaysThere(e parser.Expr) bool {
	switch e := unwrap(e).(type) {
	case *parser.AggregateExpr:
		return slices.Contains(combining, e.Op) && isAlwaysThere(e.Expr)
	case *parser.BinaryExpr:
		switch {
		case e.Op == parser.LOR:
			return isAlwaysThere(e.LHS) || isAlwaysThere(e.RHS)
		case e.Op.IsComparisonOperator() && !e.ReturnBool:
			return false // it may hold for nothing
		case hasScalarRight(e):
			return isAlwaysThere(e.LHS)
		case hasScalarLeft(e):
			return isAlwaysThere(e.RHS)
		}
	case *parser.Call:
		return isVector(e) || slices.Contains(pointwise, e.Func.Name) && isAlwaysThere(e.Args[0])
	}
	return false
}

// combining are aggregations that make something of whatever is there.
var combining = []parser.ItemType{parser.SUM, parser.AVG, parser.MIN, parser.MAX, parser.COUNT, parser.GROUP, parser.STDDEV, parser.STDVAR}

// pointwise are functions that make one sample of each.
var pointwise = []string{"abs", "ceil", "floor", "round", "clamp_min", "clamp_max", "sort", "sort_desc", "sgn", "sqrt", "exp", "label_replace", "label_join"}

// isVector tells whether an expression is a number as a series without labels.
func isVector(e parser.Expr) bool {
	call, ok := unwrap(e).(*parser.Call)
	return ok && call.Func.Name == "vector"
}

// takesAllAway tells whether the right side of unless matches every sample of the
// left at any time: it is always there, and no label tells the two apart.
func (u *Unit) takesAllAway(b *parser.BinaryExpr) bool {
	if !isAlwaysThere(b.RHS) {
		return false
	}
	left, right := u.labelsOf(b.LHS), u.labelsOf(b.RHS)
	m := b.VectorMatching
	if m.On {
		return !slices.ContainsFunc(m.MatchingLabels, left.union(right).has)
	}
	compared := left.union(right).without(m.MatchingLabels...).without(model.MetricNameLabel)
	return !compared.open && len(compared.names) == 0
}
