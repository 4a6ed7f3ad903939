package check

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var flappingChoice = &Check{
	Kind: diag.Kind{Name: "flapping-choice", Severity: diag.Warning, Doc: `An alert fires for the largest or the smallest few.

topk(), bottomk() and limitk() choose anew each time: as soon as two series change places, one alert ends and another begins,
"for" starts again, and each change notifies. Compare with a number, which each series passes or not by itself. Below an
aggregation the choice does no harm, since the labels do not change with it, and topk by (...) (1, x) takes one of several copies.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: BusyPods
        expr: topk(3, sum by (pod) (rate(requests_total[5m]))) > 100
        for: 10m
`,
	Good: `groups:
  - name: example
    rules:
      - alert: BusyPods
        expr: sum by (pod) (rate(requests_total[5m])) > 100
        for: 10m
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		if r.Alert == "" {
			return
		}
		if a := chosen(r.Expr); a != nil {
			p.Report(r.ExprPos(a), "leave it out, and compare with a number", "%s chooses other series each time, and each is another alert", a.Op)
		}
	},
}

// chosen is the choice whose labels an expression passes on, or nil. Of a match
// it is the side that has the labels: to join with one of several by group_left
// is how people take any of them.
func chosen(e parser.Expr) *parser.AggregateExpr {
	switch e := unwrap(e).(type) {
	case *parser.AggregateExpr:
		if slices.Contains(choosing, e.Op) && !isAnyOfGroup(e) {
			return e
		}
	case *parser.BinaryExpr:
		if m := e.VectorMatching; m != nil && m.Card == parser.CardOneToMany || hasScalarLeft(e) {
			return chosen(e.RHS)
		}
		if a := chosen(e.LHS); a != nil || e.Op != parser.LOR {
			return a
		}
		return chosen(e.RHS)
	case *parser.Call:
		for _, arg := range e.Args {
			if arg.Type() == parser.ValueTypeVector && e.Func.Name != "absent" && e.Func.Name != "scalar" {
				return chosen(arg)
			}
		}
	}
	return nil
}

// isAnyOfGroup tells whether an aggregation takes one series of each group,
// which is how people drop copies of it.
func isAnyOfGroup(a *parser.AggregateExpr) bool {
	n, ok := unwrap(a.Param).(*parser.NumberLiteral)
	return ok && n.Val == 1 && !a.Without && len(a.Grouping) > 0
}
