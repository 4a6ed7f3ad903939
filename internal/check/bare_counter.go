package check

import (
	"fmt"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var bareCounter = &Check{
	Kind: diag.Kind{Name: "bare-counter", Severity: diag.Warning, Doc: `An alert compares a counter with a number.

A counter says how much happened since the process started: once above the number, it stays there, and the alert with it,
until a restart. Compare how much happened of late: increase(x[10m]) > 5, or a rate. What is a counter the metric catalogue
tells (metrics in .slowburn.yaml or in the spec); without one, names in which an event stands before _total, such as
errors_total: others, such as nodes_total, may say how many there are.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: JobsFailed
        expr: job_failures_total > 5
`,
	Good: `groups:
  - name: example
    rules:
      - alert: JobsFailed
        expr: increase(job_failures_total[1h]) > 5
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		if r.Alert == "" {
			return
		}
		for b := range partsOf[*parser.BinaryExpr](p) {
			if !b.Op.IsComparisonOperator() {
				continue
			}
			var s *parser.VectorSelector
			switch {
			case hasScalarRight(b):
				s = p.bareCounter(b.LHS)
			case hasScalarLeft(b):
				s = p.bareCounter(b.RHS)
			}
			if s != nil {
				p.Report(r.ExprPos(s), fmt.Sprintf("compare how much happened of late: increase(%s[10m])", metricOf(s)),
					"%s counts since the process started, and is compared with a number", metricOf(s))
			}
		}
	},
}

// bareCounter is the counter whose value an expression passes on, or nil.
func (p *Pass) bareCounter(e parser.Expr) *parser.VectorSelector {
	switch e := unwrap(e).(type) {
	case *parser.VectorSelector:
		if p.typeOf(e) == model.MetricTypeCounter {
			return e
		}
	case *parser.AggregateExpr:
		switch e.Op {
		case parser.SUM, parser.MAX, parser.MIN, parser.AVG, parser.TOPK, parser.BOTTOMK:
			return p.bareCounter(e.Expr)
		}
	}
	return nil
}
