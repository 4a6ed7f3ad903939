package alerts

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// quantityOf is what an expression measures, by the ends of the names in it; a
// number where they do not say.
func quantityOf(e expr.Expr) Quantity {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return quantityOf(e.Expr)
	case *parser.AggregateExpr:
		switch e.Op {
		case parser.SUM, parser.AVG, parser.MIN, parser.MAX:
			return quantityOf(e.Expr)
		}
	case *parser.BinaryExpr:
		if unit := unitEnd(e.LHS); e.Op == parser.DIV && unit != "" && unit == unitEnd(e.RHS) {
			return QuantityShare
		}
	case *parser.VectorSelector:
		switch unitEnd(e) {
		case "seconds":
			return QuantitySeconds
		case "milliseconds":
			return QuantityMilliseconds
		case "ratio":
			return QuantityShare
		}
	}
	return QuantityNumber
}

// unitEnd is the unit that the name of a selected metric ends in, or "". A time
// of day is in seconds, too, and not how long something takes.
func unitEnd(e expr.Expr) string {
	s, ok := e.(*parser.VectorSelector)
	if !ok {
		return ""
	}
	name, _ := expr.MetricName(s)
	if strings.HasSuffix(name, "_timestamp_seconds") || strings.HasSuffix(name, "_time_seconds") {
		return ""
	}
	for _, unit := range []string{"milliseconds", "seconds", "bytes", "ratio"} {
		if strings.HasSuffix(name, "_"+unit) {
			return unit
		}
	}
	return ""
}
