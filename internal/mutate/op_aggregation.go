package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// otherAggregations are what aggregations of the same shape are mistaken for.
var otherAggregations = map[parser.ItemType][]parser.ItemType{
	parser.SUM: {parser.MAX, parser.AVG}, parser.AVG: {parser.SUM}, parser.MAX: {parser.MIN}, parser.MIN: {parser.MAX},
	parser.COUNT: {parser.SUM}, parser.GROUP: {parser.SUM}, parser.TOPK: {parser.BOTTOMK}, parser.BOTTOMK: {parser.TOPK},
	parser.STDDEV: {parser.AVG}, parser.STDVAR: {parser.AVG},
}

var aggregation = &Operator{
	Name: "aggregation",
	Doc:  "takes another aggregation: sum becomes max and avg, max becomes min",
	Hint: "give the test several series that differ in value",
	inExpr: func(part *expr.Expr) []change {
		a, ok := (*part).(*parser.AggregateExpr)
		if !ok {
			return nil
		}
		var changes []change
		for _, other := range otherAggregations[a.Op] {
			changes = append(changes, change{says: becomes(a.Op, other), at: a, apply: func() { a.Op = other }})
		}
		return changes
	},
}
