package mutate

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

var window = &Operator{
	Name: "range",
	Doc:  "makes a range half and twice as long",
	Hint: "test when the alert fires and when it clears, to the minute",
	inExpr: func(part *expr.Expr) []change {
		switch e := (*part).(type) {
		case *parser.MatrixSelector:
			return otherWindows(e, &e.Range)
		case *parser.SubqueryExpr:
			return otherWindows(e, &e.Range)
		}
		return nil
	},
}

func otherWindows(at expr.Expr, length *time.Duration) []change {
	var changes []change
	for _, other := range []time.Duration{*length / 2, *length * 2} {
		if other >= time.Millisecond { // a computed range is 0 until it is evaluated
			changes = append(changes, change{
				says:  becomes("["+spec.PrometheusDuration(*length)+"]", "["+spec.PrometheusDuration(other)+"]"),
				at:    at,
				apply: func() { *length = other }, widens: other > *length,
			})
		}
	}
	return changes
}
