package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// otherSets are what set operators are mistaken for.
var otherSets = map[parser.ItemType][]parser.ItemType{
	parser.LAND: {parser.LOR, parser.LUNLESS}, parser.LOR: {parser.LAND}, parser.LUNLESS: {parser.LAND},
}

var setOperator = &Operator{
	Name: "set",
	Doc:  "takes another set operator: and becomes or and unless, or becomes and, unless becomes and",
	Hint: "test moments at which one side is empty and the other is not",
	inExpr: func(part *expr.Expr) []change {
		b, ok := (*part).(*parser.BinaryExpr)
		if !ok || !b.Op.IsSetOperator() {
			return nil
		}
		var changes []change
		for _, other := range otherSets[b.Op] {
			changes = append(changes, change{
				says: becomes(b.Op, other),
				at:   b,
				sign: true,
				apply: func() { // another precedence must not regroup what stands around it
					b.Op, b.LHS, b.RHS = other, expr.Paren(b.LHS), expr.Paren(b.RHS)
					*part = expr.Paren(b)
				},
			})
		}
		return changes
	},
}
