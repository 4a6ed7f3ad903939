package check

import "github.com/prometheus/prometheus/promql/parser"

// hasScalarRight tells whether the right side of an operator is a number, as it
// mostly is. To ask a side for its type walks through all of it.
func hasScalarRight(b *parser.BinaryExpr) bool {
	return b.VectorMatching == nil && (isNumber(b.RHS) || b.RHS.Type() == parser.ValueTypeScalar)
}

// hasScalarLeft tells whether the left side alone is a number: of two sides that
// are not matched, one is.
func hasScalarLeft(b *parser.BinaryExpr) bool { return b.VectorMatching == nil && !hasScalarRight(b) }

func isNumber(e parser.Expr) bool {
	_, ok := unwrap(e).(*parser.NumberLiteral)
	return ok
}
