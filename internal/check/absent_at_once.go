package check

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var absentAtOnce = &Check{
	Kind: diag.Kind{Name: "absent-at-once", Severity: diag.Warning, Doc: `An alert fires as soon as a series is missing once.

While Prometheus starts, or a target is rolled out, series are missing for a scrape or two: absent() without "for" pages for
that. Wait for two scrapes at least with "for", or look back further with absent_over_time().`},
	Bad: `groups:
  - name: example
    rules:
      - alert: NoTargets
        expr: absent(up{job="api"})
`,
	Good: `groups:
  - name: example
    rules:
      - alert: NoTargets
        expr: absent(up{job="api"})
        for: 5m
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		if r.Alert == "" || r.For > 0 {
			return
		}
		for call := range partsOf[*parser.Call](p) {
			if call.Func.Name != "absent" || isNarrowed(pathTo(r.Expr, call)) || p.impossible(r.Expr) != nil { // never-fires tells the rest
				continue
			}
			p.Report(r.ExprPos(call), "add for: 5m, or use absent_over_time", "the alert does not wait, and absent() holds already when one scrape is missing")
		}
	},
}

// isNarrowed tells whether the last node of a path only adds a condition to
// something else: it is joined by and or unless, or read over a range.
func isNarrowed(path []parser.Node) bool {
	for _, n := range path {
		switch n := n.(type) {
		case *parser.SubqueryExpr:
			return true
		case *parser.BinaryExpr:
			if n.Op == parser.LAND || n.Op == parser.LUNLESS {
				return true
			}
		}
	}
	return false
}
