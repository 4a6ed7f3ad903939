package check

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
)

var averagedQuantile = &Check{
	Kind: diag.Kind{Name: "averaged-quantile", Severity: diag.Warning, Doc: `KEDA divides a quantile by the number of replicas.

A trigger without metricType is an AverageValue: its answer is shared among the replicas, as requests or jobs are. A latency is
not shared: of 2 s, four replicas would have 0.5 s each, and look fast. Write metricType: Value beside type.`},
	Bad: `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: api}
spec:
  scaleTargetRef: {name: api}
  triggers:
    - type: prometheus
      metadata:
        serverAddress: http://prometheus:9090
        query: histogram_quantile(0.95, sum by (le) (rate(request_duration_seconds_bucket[5m])))
        threshold: "0.5"
`,
	Good: `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: api}
spec:
  scaleTargetRef: {name: api}
  triggers:
    - type: prometheus
      metricType: Value
      metadata:
        serverAddress: http://prometheus:9090
        query: histogram_quantile(0.95, sum by (le) (rate(request_duration_seconds_bucket[5m])))
        threshold: "0.5"
`,
	Resources: func(p *ResourcesPass) {
		p.eachTrigger(func(t trigger) {
			if t.expr == nil || textOf(t.item, "metricType") == "Value" {
				return
			}
			if call := quantileIn(t.expr); call != nil {
				p.reportIn(t, call, "write metricType: Value beside type", "a quantile is divided by the number of replicas")
			}
		})
	},
}

// quantileIn is the call of histogram_quantile whose value an expression passes
// on, in another unit perhaps, or nil.
func quantileIn(e parser.Expr) *parser.Call {
	switch e := unwrap(e).(type) {
	case *parser.Call:
		if e.Func.Name == "histogram_quantile" {
			return e
		}
	case *parser.AggregateExpr:
		if e.Op == parser.MAX || e.Op == parser.MIN || e.Op == parser.AVG {
			return quantileIn(e.Expr)
		}
	case *parser.BinaryExpr:
		if _, ok := unwrap(e.RHS).(*parser.NumberLiteral); ok && (e.Op == parser.MUL || e.Op == parser.DIV) {
			return quantileIn(e.LHS)
		}
		if _, ok := unwrap(e.RHS).(*parser.Call); ok && e.Op == parser.LOR { // or vector(0)
			return quantileIn(e.LHS)
		}
	}
	return nil
}
