package mutate

import (
	"math"
	"math/big"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

var threshold = &Operator{
	Name: "threshold",
	Doc:  "makes the number that something is compared with a tenth larger, and a tenth smaller; neither zero nor infinity has a tenth",
	Hint: "test values just below and just above it",
	inExpr: func(part *expr.Expr) []change {
		b, ok := (*part).(*parser.BinaryExpr)
		if !ok || !b.Op.IsComparisonOperator() {
			return nil
		}
		var changes []change
		for _, side := range []*expr.Expr{&b.LHS, &b.RHS} {
			changes = append(changes, byTenths(side)...)
		}
		return changes
	},
}

// byTenths are the changes of a number, if that is what a part is.
func byTenths(part *expr.Expr) []change {
	if (*part).Type() != parser.ValueTypeScalar || !hasNumber(*part) {
		return nil
	}
	var changes []change
	for _, by := range []struct {
		says   string
		factor *big.Rat
	}{{"10% larger", big.NewRat(11, 10)}, {"10% smaller", big.NewRat(9, 10)}} {
		changes = append(changes, change{
			says:  (*part).String() + " becomes " + by.says,
			at:    *part,
			apply: func() { *part = expr.Paren(expr.Mul(expr.Paren(*part), expr.Number(by.factor))) },
		})
	}
	return changes
}

// hasNumber tells whether an expression has a number of which a tenth makes a
// difference: neither 0 nor infinite.
func hasNumber(e expr.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if number, ok := n.(*parser.NumberLiteral); ok && number.Val != 0 && !math.IsInf(number.Val, 0) {
			found = true
		}
		return nil
	})
	return found
}
