package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// otherFunctions are what functions with the same arguments are mistaken for.
var otherFunctions = map[string][]string{
	"rate": {"increase", "irate"}, "increase": {"rate"}, "irate": {"rate"}, "delta": {"increase"}, "idelta": {"delta"}, "deriv": {"rate"},
	"max_over_time": {"min_over_time"}, "min_over_time": {"max_over_time"}, "avg_over_time": {"max_over_time"},
	"sum_over_time": {"avg_over_time"}, "count_over_time": {"sum_over_time"}, "changes": {"resets"}, "resets": {"changes"},
	"ceil": {"floor"}, "floor": {"ceil"}, "clamp_min": {"clamp_max"}, "clamp_max": {"clamp_min"},
}

var function = &Operator{
	Name: "function",
	Doc:  "takes another function of the same arguments: rate becomes increase and irate, max_over_time becomes min_over_time",
	Hint: "test a moment at which the result is near its threshold, with series that change",
	inExpr: func(part *expr.Expr) []change {
		c, ok := (*part).(*parser.Call)
		if !ok {
			return nil
		}
		var changes []change
		for _, name := range otherFunctions[c.Func.Name] {
			changes = append(changes, change{
				says: becomes(c.Func.Name, name), at: c, scales: c.Func.Name == "rate" && name == "increase" || c.Func.Name == "increase" && name == "rate",
				apply: func() { c.Func = parser.Functions[name] },
			})
		}
		return changes
	},
}
