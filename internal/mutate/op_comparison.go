package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// flipped are comparisons that hold where the original does not.
var flipped = map[parser.ItemType]parser.ItemType{
	parser.GTR: parser.LSS, parser.LSS: parser.GTR, parser.GTE: parser.LTE, parser.LTE: parser.GTE,
	parser.EQLC: parser.NEQ, parser.NEQ: parser.EQLC,
}

var comparison = &Operator{
	Name: "comparison",
	Doc:  "turns a comparison round: > becomes <, == becomes !=",
	Hint: "test a moment at which it holds, and one at which it does not",
	inExpr: func(part *expr.Expr) []change {
		b, ok := (*part).(*parser.BinaryExpr)
		if !ok || !b.Op.IsComparisonOperator() {
			return nil
		}
		other := flipped[b.Op]
		return []change{{says: becomes(b.Op, other), at: b, sign: true, apply: func() { b.Op = other }}}
	},
}
