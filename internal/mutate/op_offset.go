package mutate

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

var timeShift = &Operator{
	Name: "offset",
	Doc:  "drops an offset",
	Hint: "test a moment at which the past differs from the present",
	inExpr: func(part *expr.Expr) []change {
		switch e := (*part).(type) {
		case *parser.VectorSelector:
			return unshifted(e, &e.OriginalOffset)
		case *parser.SubqueryExpr:
			return unshifted(e, &e.OriginalOffset)
		}
		return nil
	},
}

func unshifted(at expr.Expr, offset *time.Duration) []change {
	if *offset == 0 {
		return nil
	}
	return []change{{says: "offset " + signed(*offset) + " is dropped", at: at, apply: func() { *offset = 0 }}}
}

// signed is an offset as it is written: one into the future is negative.
func signed(offset time.Duration) string {
	if offset < 0 {
		return "-" + spec.PrometheusDuration(-offset)
	}
	return spec.PrometheusDuration(offset)
}
