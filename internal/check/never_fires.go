package check

import (
	"fmt"
	"math/big"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/slo"
)

var neverFires = &Check{
	Kind: diag.Kind{Name: "never-fires", Severity: diag.Error, Doc: `An alert compares with a value that its expression cannot reach.

A share of events is at most 1, so a burn rate cannot exceed 1 / (1 - objective): a factor of 14.4 needs an objective above
93.06 %, 6 one above 83.33 %, 3 one above 66.67 % (SRE workbook, chapter 5). The same goes for absent(...) == 0 and
count(...) < 1: where there is nothing to count there is no sample. Recorded series are followed to the rules that record
them.`},
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
	Run: func(p *Pass) {
		p.EachRule(func(r *rulefile.Rule) {
			if r.Alert == "" {
				return
			}
			if c := p.impossible(r.Expr); c != nil {
				p.Report(r.ExprPos(c), impossibleHelp(c), "the alert can never fire: %s %s", c.LHS, p.why(c))
			}
		})
	},
}

// impossible is a comparison on which e hangs and which never holds, or nil:
// without it e is always empty.
func (u *Unit) impossible(e parser.Expr) *parser.BinaryExpr {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return u.impossible(e.Expr)
	case *parser.UnaryExpr:
		return u.impossible(e.Expr)
	case *parser.AggregateExpr:
		return u.impossible(e.Expr) // of nothing is nothing
	case *parser.BinaryExpr:
		return u.impossibleBinary(e)
	}
	return nil
}

func (u *Unit) impossibleBinary(b *parser.BinaryExpr) *parser.BinaryExpr {
	left := u.impossible(b.LHS)
	switch {
	case b.Op == parser.LUNLESS:
		return left
	case b.Op == parser.LOR:
		if u.impossible(b.RHS) == nil {
			return nil
		}
		return left
	case left != nil:
		return left
	case b.Op.IsComparisonOperator() && !b.ReturnBool && u.neverHolds(b):
		return b
	}
	return u.impossible(b.RHS)
}

func (u *Unit) neverHolds(c *parser.BinaryExpr) bool {
	left, right := u.boundsOf(c.LHS), u.boundsOf(c.RHS)
	switch c.Op {
	case parser.GTR:
		return left.high <= right.low
	case parser.GTE:
		return left.high < right.low
	case parser.LSS:
		return left.low >= right.high
	case parser.LTE:
		return left.low > right.high
	case parser.EQLC:
		return left.high < right.low || left.low > right.high
	}
	return false
}

// why says what the left side can be at most or at least, and what it is compared with.
func (u *Unit) why(c *parser.BinaryExpr) string {
	left, right := u.boundsOf(c.LHS), u.boundsOf(c.RHS)
	switch {
	case right.low != right.high:
		return fmt.Sprintf("cannot be %s %s", c.Op, c.RHS)
	case c.Op == parser.LSS, c.Op == parser.LTE, left.low > right.high:
		return fmt.Sprintf("is at least %.12g, and is compared with %.12g", left.low, right.low)
	}
	return fmt.Sprintf("is at most %.12g, and is compared with %.12g", left.high, right.low)
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
