package check

import (
	"strings"

	"slowburn/internal/diag"
)

var severalSeries = &Check{
	Kind: diag.Kind{Name: "several-series", Severity: diag.Warning, Doc: `KEDA cannot use the query of a trigger.

It takes the answer for one number. Where a query has several series, KEDA logs an error and nothing is scaled, be it by one
instance more or by a restart. Aggregate: sum(...), or max(...) for what is not shared.`},
	Bad: `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: api}
spec:
  scaleTargetRef: {name: api}
  triggers:
    - type: prometheus
      metadata: {serverAddress: "http://prometheus:9090", query: jobs_in_flight, threshold: "5"}
`,
	Good: `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: api}
spec:
  scaleTargetRef: {name: api}
  triggers:
    - type: prometheus
      metadata: {serverAddress: "http://prometheus:9090", query: sum(jobs_in_flight), threshold: "5"}
`,
	Resources: func(p *ResourcesPass) {
		p.eachTrigger(func(t trigger) {
			if t.expr == nil {
				return // refused-resource tells
			}
			switch labels := p.labelsOf(t.expr).without("__name__"); {
			case labels.open:
				p.Report(t.query.Pos, t.item.Pos, "aggregate: sum(...), max(...)", "the query may have several series, one for each target or more")
			case len(labels.list()) > 0:
				p.Report(t.query.Pos, t.item.Pos, "aggregate: sum(...), max(...)", "the query may have several series, by %s", strings.Join(labels.list(), ", "))
			}
		})
	},
}
