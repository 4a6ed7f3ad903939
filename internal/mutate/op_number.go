package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

var number = &Operator{
	Name: "number",
	Doc:  "makes a number that is calculated with, or that a function or an aggregation takes, a tenth larger, and a tenth smaller",
	Hint: "test a moment at which the result is near its threshold",
	inExpr: func(part *expr.Expr) []change {
		switch e := (*part).(type) {
		case *parser.BinaryExpr:
			if otherArithmetic[e.Op] == 0 && e.Op != parser.POW || e.Type() == parser.ValueTypeScalar {
				return nil
			}
			return append(byTenths(&e.LHS), byTenths(&e.RHS)...)
		case *parser.Call:
			var changes []change
			for i := range e.Args {
				changes = append(changes, byTenths(&e.Args[i])...)
			}
			return changes
		case *parser.AggregateExpr:
			if e.Op == parser.QUANTILE {
				return byTenths(&e.Param)
			}
		}
		return nil
	},
}
