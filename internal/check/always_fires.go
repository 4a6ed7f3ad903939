package check

import (
	"fmt"
	"strconv"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var alwaysFires = &Check{
	Kind: diag.Kind{Name: "always-fires", Severity: diag.Warning, Doc: `An alert has a condition that always holds.

What stands behind "or" fires by itself: in sum(x) == 0 or vector(1) the alert fires for the one or for the other, at any time.
The substitute for what is missing belongs to the value, in parentheses before the comparison: (sum(x) or vector(0)) == 0. A
comparison that every value passes, such as up >= 0 or a share that is compared as a percentage, makes an alert of each series.
An expression without any series, such as vector(1), is meant to fire always: a dead man's switch. count(x) > 0 says that
there is x at all, which may be meant, and nothing is said of it. Recorded series are followed to the rules that record them.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: NoRequests
        expr: sum(rate(requests_total[5m])) == 0 or vector(1)
`,
	Good: `groups:
  - name: example
    rules:
      - alert: NoRequests
        expr: (sum(rate(requests_total[5m])) or vector(0)) == 0
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		if r.Alert != "" {
			p.checkCondition(r, r.Expr, newBoundsFlow(p.Unit))
		}
	},
}

// checkCondition reports the parts of an alert's expression that each hold always.
func (p *Pass) checkCondition(r *rulefile.Rule, e parser.Expr, flow boundsFlow) {
	b, ok := unwrap(e).(*parser.BinaryExpr)
	if !ok {
		return
	}
	if b.Op == parser.LOR {
		p.checkCondition(r, b.LHS, flow)
		p.checkCondition(r, b.RHS, flow)
		// Where the left side has no condition either, no-comparison says so.
		if isAlwaysThere(b.RHS) && len(conditions{p.Unit, 0}.lacking(b.LHS)) == 0 && !isAlwaysThere(b.LHS) {
			p.Report(r.ExprPos(b.RHS), fmt.Sprintf("leave it out, or compare what it stands in for: (... or %s) == ...", shortened(b.RHS)),
				"the alert always fires: %s is there whenever the left side of or is not", shortened(b.RHS))
		}
		return
	}
	of := choosesFrom(b)
	if of == nil || isExistence(of) || len(conditions{p.Unit, 0}.lacking(of)) == 0 && !isAlwaysThere(of) {
		return
	}
	if flow.alwaysHolds(b) {
		help := percentHelp(flow, b)
		if help == "" {
			help = "compare it with a value at which somebody should act"
		}
		p.Report(r.ExprPos(b), help, "the alert fires for every series of %s: it %s", shortened(of), flow.whyAlways(b))
	}
}

// choosesFrom is what a comparison with a number takes some samples of, or nil.
func choosesFrom(c *parser.BinaryExpr) parser.Expr {
	switch {
	case !c.Op.IsComparisonOperator() || c.ReturnBool:
		return nil
	case hasScalarRight(c):
		return unwrap(c.LHS)
	case hasScalarLeft(c):
		return unwrap(c.RHS)
	}
	return nil
}

// isExistence tells whether the values of an expression say only that there is
// something, so that to compare them with 0 is to ask whether there is.
func isExistence(e parser.Expr) bool {
	switch e := unwrap(e).(type) {
	case *parser.AggregateExpr:
		return e.Op == parser.COUNT || e.Op == parser.GROUP || e.Op == parser.COUNT_VALUES
	case *parser.Call:
		return e.Func.Name == "count_over_time" || e.Func.Name == "present_over_time"
	}
	return false
}

// whyAlways says what the filtered side of a comparison that always holds can be.
func (f boundsFlow) whyAlways(c *parser.BinaryExpr) string {
	of, limit, op := f.of(c.LHS), f.of(c.RHS), c.Op
	if hasScalarLeft(c) {
		of, limit, op = limit, of, mirrored[c.Op]
	}
	if op == parser.GTR || op == parser.GTE || op == parser.NEQ && of.low > limit.high {
		return fmt.Sprintf("is at least %.12g, and always %s %.12g", of.low, op, limit.high)
	}
	return fmt.Sprintf("is at most %.12g, and always %s %.12g", of.high, op, limit.low)
}

// percentHelp is the way out where a share is compared with what was meant in percent.
func percentHelp(f boundsFlow, c *parser.BinaryExpr) string {
	of, limit := choosesFrom(c), f.of(c.RHS)
	if of == nil {
		return ""
	}
	if hasScalarLeft(c) {
		limit = f.of(c.LHS)
	}
	if s, ok := of.(*parser.VectorSelector); ok && isFlag(metricOf(s)) {
		return ""
	}
	if f.of(of) != share || limit.low != limit.high || limit.low < 2 || limit.low > 100 {
		return ""
	}
	return fmt.Sprintf("write %s: a share is between 0 and 1", strconv.FormatFloat(limit.low/100, 'g', 6, 64))
}

// alwaysHolds tells whether a comparison holds for every value that its sides can have.
func (f boundsFlow) alwaysHolds(c *parser.BinaryExpr) bool {
	if !c.Op.IsComparisonOperator() || c.ReturnBool {
		return false
	}
	left, right := f.of(c.LHS), f.of(c.RHS)
	switch c.Op {
	case parser.GTR:
		return left.low > right.high
	case parser.GTE:
		return left.low >= right.high
	case parser.LSS:
		return left.high < right.low
	case parser.LTE:
		return left.high <= right.low
	case parser.NEQ:
		return left.high < right.low || left.low > right.high
	}
	return false
}
