package check

import (
	"fmt"
	"math/big"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/slo"
)

// NeverFires is the name of the check that finds thresholds out of reach.
var NeverFires = neverFires.Name

var neverFires = &Check{
	Kind: diag.Kind{Name: "never-fires", Severity: diag.Error, Doc: `An alert compares with a value that its expression cannot reach.

A share of events is at most 1, so a burn rate cannot exceed 1 / (1 - objective): a factor of 14.4 needs an objective above
93.06 %, 6 one above 83.33 %, 3 one above 66.67 % (SRE workbook, chapter 5). The same goes for absent(...) == 0 and
count(...) < 1: where there is nothing to count there is no sample; and for x > 5 and x < 3, x unless x, and absent() of what
is always there, such as (x or vector(0)). Whether something answers (up, probe_success, mysql_up) is 0 or 1. Recorded series
are followed to the rules that record them.`},
	Bad: `groups:
  - name: example
    rules:
      - record: api:errors:ratio_rate1h
        expr: sum(rate(http_requests_total{status=~"5.."}[1h])) / sum(rate(http_requests_total[1h]))
      - alert: BurnsTooFast
        expr: api:errors:ratio_rate1h > (14.4 * 0.1)
`,
	Good: `groups:
  - name: example
    rules:
      - record: api:errors:ratio_rate1h
        expr: sum(rate(http_requests_total{status=~"5.."}[1h])) / sum(rate(http_requests_total[1h]))
      - alert: BurnsTooFast
        expr: api:errors:ratio_rate1h > (6 * 0.1)
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		if r.Alert == "" {
			return
		}
		if i := p.impossible(r.Expr); i != nil {
			p.Report(r.ExprPos(i.at), i.help, "the alert can never fire: %s", i.why)
		}
	},
}

// impossibleHelp explains a threshold that is written as factor times budget.
func impossibleHelp(c *parser.BinaryExpr) string {
	m, ok := unwrap(c.RHS).(*parser.BinaryExpr)
	if !ok || m.Op != parser.MUL {
		return ""
	}
	factor, ok1 := unwrap(m.LHS).(*parser.NumberLiteral)
	budget, ok2 := unwrap(m.RHS).(*parser.NumberLiteral)
	if !ok1 || !ok2 || factor.Val <= 1 || budget.Val >= 1 {
		return ""
	}
	least := slo.LeastObjective(new(big.Rat).SetFloat64(factor.Val))
	return fmt.Sprintf("a burn factor of %v needs an objective above %s%%: use a smaller share of the budget, or a longer window",
		factor.Val, new(big.Rat).Mul(least, big.NewRat(100, 1)).FloatString(2))
}
