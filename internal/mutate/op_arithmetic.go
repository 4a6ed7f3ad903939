package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// otherArithmetic are what arithmetic operators are mistaken for. Each has the
// precedence of the original.
var otherArithmetic = map[parser.ItemType]parser.ItemType{
	parser.ADD: parser.SUB, parser.SUB: parser.ADD, parser.MUL: parser.DIV, parser.DIV: parser.MUL, parser.MOD: parser.MUL,
}

var arithmetic = &Operator{
	Name: "arithmetic",
	Doc:  "takes another arithmetic operator: + becomes -, / becomes *",
	Hint: "test a moment at which the result is near its threshold",
	inExpr: func(part *expr.Expr) []change {
		b, ok := (*part).(*parser.BinaryExpr)
		if !ok {
			return nil
		}
		other, ok := otherArithmetic[b.Op]
		if !ok {
			return nil
		}
		return []change{{says: becomes(b.Op, other), at: b, sign: true, apply: func() { b.Op = other }}}
	},
}
