package mutate

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

var matcher = &Operator{
	Name: "matcher",
	Doc:  "drops a matcher, and turns it round: = becomes !=, =~ becomes !~",
	Hint: "give the test series that this matcher must leave out, with values that would change the result",
	inExpr: func(part *expr.Expr) []change {
		s, ok := (*part).(*parser.VectorSelector)
		if !ok {
			return nil
		}
		var changes []change
		for i, m := range s.LabelMatchers {
			if m.Name == model.MetricNameLabel {
				continue
			}
			inverse := expr.Not(m)
			changes = append(changes,
				change{m.String() + " is dropped", s, func() { s.LabelMatchers = slices.Delete(slices.Clone(s.LabelMatchers), i, i+1) }, m, false},
				change{becomes(m, inverse), s, func() { s.LabelMatchers = replaced(s.LabelMatchers, i, inverse) }, nil, false},
			)
		}
		return changes
	},
}

func replaced(matchers []*labels.Matcher, i int, by *labels.Matcher) []*labels.Matcher {
	all := slices.Clone(matchers)
	all[i] = by
	return all
}
