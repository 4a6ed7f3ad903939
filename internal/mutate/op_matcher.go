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
				change{says: m.String() + " is dropped", at: s, loses: m, apply: func() { s.LabelMatchers = slices.Delete(slices.Clone(s.LabelMatchers), i, i+1) }},
				change{says: becomes(m, inverse), at: s, apply: func() { s.LabelMatchers = replaced(s.LabelMatchers, i, inverse) }},
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
