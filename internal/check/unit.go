package check

import (
	"math"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/pattern"
)

// unitOfMeasure is what numbers are counted in.
type unitOfMeasure struct {
	name      string
	dimension string // units of one can be converted into each other
}

// units are those that names of metrics end in
// (https://prometheus.io/docs/practices/naming/#base-units).
var units = map[string]unitOfMeasure{
	"seconds":      {"seconds", "time"},
	"milliseconds": {"milliseconds", "time"},
	"millis":       {"milliseconds", "time"},
	"ms":           {"milliseconds", "time"},
	"microseconds": {"microseconds", "time"},
	"nanoseconds":  {"nanoseconds", "time"},
	"minutes":      {"minutes", "time"},
	"hours":        {"hours", "time"},
	"days":         {"days", "time"},
	"bytes":        {"bytes", "data"},
	"kilobytes":    {"kilobytes", "data"},
	"megabytes":    {"megabytes", "data"},
	"gigabytes":    {"gigabytes", "data"},
	"bits":         {"bits", "data"},
	"ratio":        {"a share of 1", "share"},
	"percent":      {"percent", "share"},
}

// unitOfMetric is the unit that a metric's name ends in, behind which stands
// only what is taken of it. What is counted has none.
func unitOfMetric(metric string) unitOfMeasure {
	if i := strings.LastIndexByte(metric, ':'); i >= 0 {
		return unitOfMeasure{} // recorded: its name is level:metric:operations
	}
	if twofold().MatchString(metric) {
		return unitOfMeasure{}
	}
	for _, suffix := range []string{"_total", "_sum", "_bucket", "_max", "_min"} {
		metric = strings.TrimSuffix(metric, suffix)
	}
	return units[metric[strings.LastIndexByte(metric, '_')+1:]]
}

// twofold finds names whose last word is not all that there is to their unit:
// kb_per_seconds, hit_kbytes_out_bytes, and node_network_speed_bytes, which is of a second.
var twofold = pattern.New(`_per_|(?:^|_)(?:(?:k|m|g|kilo|mega|giga)(?:b|bits?|bytes?)|rate|speed|throughput|bandwidth)_`)

// unitFlow knows the units of the parts of an expression.
type unitFlow struct{ known *memo[unitOfMeasure] }

func newUnitFlow() unitFlow { return unitFlow{&memo[unitOfMeasure]{}} }

// of is the unit of an expression's values; the zero unit where it is not certain.
func (f unitFlow) of(e parser.Expr) unitOfMeasure {
	e = unwrap(e)
	u, ok := f.known.get(e)
	if !ok {
		u = f.compute(e)
		f.known.put(e, u)
	}
	return u
}

func (f unitFlow) compute(e parser.Expr) unitOfMeasure {
	switch e := e.(type) {
	case *parser.VectorSelector:
		return unitOfMetric(metricOf(e))
	case *parser.MatrixSelector:
		return f.of(e.VectorSelector)
	case *parser.SubqueryExpr:
		return f.of(e.Expr)
	case *parser.UnaryExpr:
		return f.of(e.Expr)
	case *parser.AggregateExpr:
		switch e.Op {
		case parser.SUM, parser.AVG, parser.MIN, parser.MAX, parser.QUANTILE, parser.STDDEV, parser.TOPK, parser.BOTTOMK:
			return f.of(e.Expr)
		}
	case *parser.Call:
		return f.call(e)
	case *parser.BinaryExpr:
		return f.binary(e)
	}
	return unitOfMeasure{}
}

// keepUnit are functions whose result is measured in what their argument is.
var keepUnit = []string{
	"increase", "delta", "idelta", "abs", "ceil", "floor", "round", "clamp", "clamp_min", "clamp_max", "label_replace", "label_join",
	"avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "last_over_time", "first_over_time", "stddev_over_time",
	"predict_linear", "sort", "sort_desc", "scalar", "vector",
}

func (f unitFlow) call(c *parser.Call) unitOfMeasure {
	switch {
	case c.Func.Name == "time", c.Func.Name == "timestamp":
		return units["seconds"]
	case slices.Contains(keepUnit, c.Func.Name):
		return f.of(c.Args[0])
	case c.Func.Name == "histogram_quantile", c.Func.Name == "quantile_over_time":
		return unitOfMetric(soleMetric(c.Args[1]))
	}
	return unitOfMeasure{}
}

func (f unitFlow) binary(b *parser.BinaryExpr) unitOfMeasure {
	left, right := f.of(b.LHS), f.of(b.RHS)
	switch {
	case b.Op == parser.ADD, b.Op == parser.SUB, b.Op == parser.LOR:
		if left != right {
			return unitOfMeasure{}
		}
		return left
	case b.Op == parser.DIV && b.VectorMatching != nil:
		return ofMean(b.LHS, b.RHS)
	case b.Op == parser.DIV, b.Op == parser.MUL:
		return f.converted(b)
	case b.Op == parser.LAND, b.Op == parser.LUNLESS, b.Op.IsComparisonOperator() && !b.ReturnBool && !hasScalarLeft(b):
		return left
	}
	return unitOfMeasure{}
}

// seconds are how long a unit of time is.
var seconds = map[string]float64{
	"nanoseconds": 1e-9, "microseconds": 1e-6, "milliseconds": 1e-3, "seconds": 1, "minutes": 60, "hours": 3600, "days": 86400,
}

// converted is the unit of a time that is multiplied or divided by a number, as
// in x_seconds / 60. What has gone by within a range is no longer a time then: the
// increase of a minute, divided by 60, is that of a second.
func (f unitFlow) converted(b *parser.BinaryExpr) unitOfMeasure {
	of, number := b.LHS, b.RHS
	if hasScalarLeft(b) && b.Op == parser.MUL {
		of, number = number, of
	}
	k, ok := expr.Constant(number)
	before := seconds[f.of(of).name]
	if !ok || before == 0 || overRange(of) {
		return unitOfMeasure{}
	}
	after := before / k
	if b.Op == parser.DIV {
		after = before * k
	}
	for name, long := range seconds {
		if math.Abs(after/long-1) < 1e-9 {
			return units[name]
		}
	}
	return unitOfMeasure{}
}

// overRange tells whether an expression adds up what happened within a range.
func overRange(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		call, ok := n.(*parser.Call)
		found = found || ok && slices.Contains([]string{"rate", "irate", "increase", "delta", "idelta", "deriv", "sum_over_time"}, call.Func.Name)
		return nil
	})
	return found
}

// ofMean is the unit of a sum of observations divided by their number.
func ofMean(sum, count parser.Expr) unitOfMeasure {
	s, c := soleMetric(sum), soleMetric(count)
	base, ok := strings.CutSuffix(s, "_sum")
	if !ok || c != base+"_count" {
		return unitOfMeasure{}
	}
	return unitOfMetric(base)
}

// soleMetric is the one metric that an expression is computed from by
// functions and aggregations, or "".
func soleMetric(e parser.Expr) string {
	for {
		switch inner := e.(type) {
		case *parser.ParenExpr:
			e = inner.Expr
		case *parser.AggregateExpr:
			e = inner.Expr
		case *parser.SubqueryExpr:
			e = inner.Expr
		case *parser.MatrixSelector:
			e = inner.VectorSelector
		case *parser.Call:
			vectors := slices.DeleteFunc(slices.Clone(inner.Args), func(arg parser.Expr) bool {
				return arg.Type() == parser.ValueTypeScalar || arg.Type() == parser.ValueTypeString
			})
			if len(vectors) != 1 {
				return ""
			}
			e = vectors[0]
		case *parser.VectorSelector:
			return metricOf(inner)
		default:
			return ""
		}
	}
}
