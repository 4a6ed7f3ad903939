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
	case *parser.Call:
		return quantityOfCall(e)
	case *parser.VectorSelector:
		return quantityOfName(nameOf(e))
	}
	return QuantityNumber
}

// quantityOfCall is what a quantile of a histogram measures, or a rate of what
// counts events: seconds a second are none.
func quantityOfCall(call *parser.Call) Quantity {
	if len(call.Args) == 0 {
		return QuantityNumber
	}
	reads := expr.Reads(call.Args[len(call.Args)-1], 1)
	if len(reads) != 1 {
		return QuantityNumber
	}
	switch name := nameOf(reads[0].Selector); call.Func.Name {
	case "histogram_quantile":
		return quantityOfName(strings.TrimSuffix(name, "_bucket"))
	case "rate", "irate":
		if events, ok := strings.CutSuffix(name, "_total"); ok && unitOfName(events) == "" || strings.HasSuffix(name, "_count") {
			return QuantityPerSecond
		}
	}
	return QuantityNumber
}

func quantityOfName(name string) Quantity {
	switch unitOfName(name) {
	case "seconds":
		return QuantitySeconds
	case "milliseconds", "ms":
		return QuantityMilliseconds
	case "ratio":
		return QuantityShare
	}
	return QuantityNumber
}

// unitEnd is the unit that the name of a selected metric ends in, or "".
func unitEnd(e expr.Expr) string { return unitOfName(nameOf(e)) }

// nameOf is the name of a selected metric, or "".
func nameOf(e expr.Expr) string {
	s, ok := e.(*parser.VectorSelector)
	if !ok {
		return ""
	}
	name, _ := expr.MetricName(s)
	return name
}

// unitOfName is the unit that a name ends in, or "". A time of day is in seconds,
// too, and not how long something takes.
func unitOfName(name string) string {
	if strings.HasSuffix(name, "_timestamp_seconds") || strings.HasSuffix(name, "_time_seconds") {
		return ""
	}
	for _, unit := range []string{"milliseconds", "ms", "seconds", "bytes", "ratio"} {
		if strings.HasSuffix(name, "_"+unit) {
			return unit
		}
	}
	return ""
}
