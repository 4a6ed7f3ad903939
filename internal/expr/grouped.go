package expr

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// GroupedBy are the labels that elements of an expression have, where it
// aggregates by some; nil where it does not, or nobody can tell. With others it
// may also have elements without them, as behind "or absent(...)".
func GroupedBy(e Expr) (by []string, others bool) {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return GroupedBy(e.Expr)
	case *parser.AggregateExpr:
		switch e.Op {
		case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
			return GroupedBy(e.Expr)
		case parser.COUNT_VALUES:
			return nil, false
		}
		if e.Without {
			return nil, false
		}
		return e.Grouping, false
	case *parser.BinaryExpr:
		return groupedBinary(e)
	}
	return nil, false
}

func groupedBinary(e *parser.BinaryExpr) (by []string, others bool) {
	switch left, right := e.LHS.Type() == parser.ValueTypeVector, e.RHS.Type() == parser.ValueTypeVector; {
	case !left && !right:
		return nil, false
	case !right:
		return GroupedBy(e.LHS)
	case !left:
		return GroupedBy(e.RHS)
	}
	by, others = GroupedBy(e.LHS)
	m := e.VectorMatching
	switch {
	case e.Op == parser.LOR:
		also, more := GroupedBy(e.RHS)
		return by, others || more || !slices.Equal(by, also)
	case m.Card == parser.CardManyToMany: // and, unless
		return by, others
	case m.Card == parser.CardOneToMany:
		return GroupedBy(e.RHS)
	case m.Card == parser.CardOneToOne && (m.On || len(m.MatchingLabels) > 0):
		return nil, false
	}
	return by, others
}
