package check

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var meanOfShares = &Check{
	Kind: diag.Kind{Name: "mean-of-shares", Severity: diag.Warning, Doc: `A mean is taken of shares or of means, however much is behind each.

An instance with one request, which failed, weighs as much in avg(errors / requests) as one with thousands: the mean of
shares is not the share of all, nor is the mean of means the mean of all. Add up both sides, and divide the sums. To see the
worst, use max(...). Only shares of events are found, and what _sum and _count are divided to, written there or recorded; the
mean of, say, how full disks are is a matter of taste.`},
	Bad: `groups:
  - name: example
    rules:
      - record: instance:errors:ratio_rate5m
        expr: |
          sum by (job, instance) (rate(requests_total{status=~"5.."}[5m]))
            / sum by (job, instance) (rate(requests_total[5m]))
      - record: job:errors:ratio_rate5m
        expr: avg by (job) (instance:errors:ratio_rate5m)
`,
	Good: `groups:
  - name: example
    rules:
      - record: instance:errors:ratio_rate5m
        expr: |
          sum by (job, instance) (rate(requests_total{status=~"5.."}[5m]))
            / sum by (job, instance) (rate(requests_total[5m]))
      - record: job:errors:ratio_rate5m
        expr: |
          sum by (job) (rate(requests_total{status=~"5.."}[5m]))
            / sum by (job) (rate(requests_total[5m]))
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		flow := newLabelFlow(p.Unit)
		for a := range partsOf[*parser.AggregateExpr](p) {
			if a.Op != parser.AVG || !merges(a, flow) {
				continue
			}
			if what := p.weighted(a.Expr, 0); what != "" {
				p.Report(r.ExprPos(a), "divide sums: sum(...) / sum(...)", "the mean of %s is not that of all: each weighs the same, however much is behind it", what)
			}
		}
	},
}

// weighted says of what events an expression is a share or a mean, of which some
// are many and some are few; "" where it is neither.
func (p *Pass) weighted(e parser.Expr, depth int) string {
	switch e := unwrap(e).(type) {
	case *parser.BinaryExpr:
		switch {
		case e.Op == parser.DIV && e.VectorMatching != nil && isEventShare(e):
			return "shares of " + countedIn(e.RHS)
		case e.Op == parser.DIV && isMeanOfEvents(e.LHS, e.RHS):
			return "means of " + strings.TrimSuffix(soleMetric(e.LHS), "_sum")
		case e.Op.IsSetOperator() || e.Op.IsComparisonOperator() && e.ReturnBool:
		case hasScalarRight(e):
			return p.weighted(e.LHS, depth)
		case hasScalarLeft(e):
			return p.weighted(e.RHS, depth)
		}
	case *parser.VectorSelector:
		return alike(p.Unit, e, func(r *recording) string {
			if r.rule.Expr == nil || depth >= maxSteps {
				return ""
			}
			return p.weighted(r.rule.Expr, depth+1)
		})
	}
	return ""
}

// isEventShare tells whether a quotient is a share of events, and not of how many
// there are of something.
func isEventShare(b *parser.BinaryExpr) bool {
	return isShare(b.LHS, b.RHS) && countedIn(b.RHS) != ""
}

// countedIn is the metric that counts the events of a quotient's whole, or "".
func countedIn(whole parser.Expr) string {
	whole = filtered(whole)
	rates := false
	parser.Inspect(whole, func(n parser.Node, _ []parser.Node) error {
		if call, ok := n.(*parser.Call); ok && slices.Contains([]string{"rate", "increase"}, call.Func.Name) {
			rates = true
		}
		return nil
	})
	if !rates {
		return ""
	}
	return soleMetric(whole)
}

// isMeanOfEvents tells whether what was observed is divided by how often.
func isMeanOfEvents(sum, count parser.Expr) bool {
	base, ok := strings.CutSuffix(soleMetric(sum), "_sum")
	return ok && soleMetric(filtered(count)) == base+"_count" && countedIn(count) != ""
}
