package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

var dropBool = &Operator{
	Name: "bool",
	Doc:  "drops bool, so that what does not hold is gone, and is not 0",
	Hint: "test a moment at which it does not hold",
	inExpr: func(part *expr.Expr) []change {
		b, ok := (*part).(*parser.BinaryExpr)
		if !ok || !b.ReturnBool || b.Type() == parser.ValueTypeScalar { // between numbers it must stay
			return nil
		}
		return []change{{says: "bool is dropped", at: b, sign: true, apply: func() { b.ReturnBool = false }}}
	},
}
