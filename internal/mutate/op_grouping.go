package mutate

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

var grouping = &Operator{
	Name: "grouping",
	Doc:  "drops a label of by, without, on, ignoring, group_left or group_right",
	Hint: "give the test series that differ in this label alone",
	inExpr: func(part *expr.Expr) []change {
		switch e := (*part).(type) {
		case *parser.AggregateExpr:
			keyword := "by"
			if e.Without {
				keyword = "without"
			}
			return shorter(keyword, e, &e.Grouping)
		case *parser.BinaryExpr:
			if e.VectorMatching == nil {
				return nil
			}
			keyword := "ignoring"
			if e.VectorMatching.On {
				keyword = "on"
			}
			changes := shorter(keyword, e, &e.VectorMatching.MatchingLabels)
			keyword = "group_left"
			if e.VectorMatching.Card == parser.CardOneToMany {
				keyword = "group_right"
			}
			return append(changes, shorter(keyword, e, &e.VectorMatching.Include)...)
		}
		return nil
	},
}

func shorter(keyword string, at expr.Expr, names *[]string) []change {
	var changes []change
	for i, name := range *names {
		changes = append(changes, change{
			says:  keyword + " loses " + name,
			at:    at,
			apply: func() { *names = slices.Delete(slices.Clone(*names), i, i+1) },
		})
	}
	return changes
}
