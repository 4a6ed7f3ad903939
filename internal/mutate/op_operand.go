package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

var dropOperand = &Operator{
	Name: "operand",
	Doc:  "drops a side of and, or, unless: a window, a fallback, an exception",
	Hint: "test a moment at which only this side decides",
	inExpr: func(part *expr.Expr) []change {
		b, ok := (*part).(*parser.BinaryExpr)
		if !ok || !b.Op.IsSetOperator() {
			return nil
		}
		without := func(side string, dropped, left expr.Expr) change {
			return change{
				says:  "the " + side + " side of " + b.Op.String() + " is dropped",
				at:    dropped,
				apply: func() { *part = expr.Paren(left) },
			}
		}
		changes := []change{without("right", b.RHS, b.LHS)}
		if b.Op != parser.LUNLESS { // the right side alone is another alert altogether
			changes = append(changes, without("left", b.LHS, b.RHS))
		}
		return changes
	},
}
