package check

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

var fixedInterval = &Check{
	Kind: diag.Kind{Name: "fixed-interval", Severity: diag.Warning, Doc: `A graph takes a rate over a fixed time.

When somebody looks at a week, a point stands for an hour, and a rate over five minutes leaves out most of it; when they look at
minutes, it smooths what they look for. $__rate_interval is as long as a point, and four scrapes at least; $__interval may be
shorter than a scrape, and the graph has gaps then. A panel that belongs to an alert has the alert's own window: one that
draws thresholds, links to an alert, or asks what an alert of the same files compares. So may one of which only the newest value counts.`},
	Bad:  exampleDashboard(`sum(rate(http_requests_total[5m]))`),
	Good: exampleDashboard(`sum(rate(http_requests_total[$__rate_interval]))`),
	Run: func(p *Pass) {
		if len(p.Dashboards) == 0 {
			return
		}
		compared := p.comparedByAlerts()
		p.EachQuery(func(panel *dashfile.Panel, q *dashfile.Query) {
			if belongsToAlert(panel) || compared[q.Expr.String()] || textOf(q.Of, "instant") == "true" {
				return
			}
			eachNode(q, func(n parser.Node, path []parser.Node) {
				call, ok := n.(*parser.Call)
				if !ok || len(call.Args) == 0 {
					return
				}
				if m, ok := call.Args[0].(*parser.MatrixSelector); ok && m.RangeExpr == nil && expr.NeededScrapes(call.Func.Name) > 0 && countersOnly[call.Func.Name] {
					p.checkInterval(q, call, m)
				}
			})
		})
	},
}

// checkInterval reports a range that is no variable, or one that may be too short.
func (p *Pass) checkInterval(q *dashfile.Query, call *parser.Call, m *parser.MatrixSelector) {
	at := m.PositionRange()
	for _, u := range q.Uses {
		switch {
		case u.Start < int(at.Start) || u.End > int(at.End) || !u.Range:
		case u.Name == "__interval":
			p.Report(q.Value.Sub(u.Start, u.End), "use $__rate_interval", "%s over $__interval has gaps where that is shorter than four scrapes", call.Func.Name)
			return
		default:
			return
		}
	}
	p.Report(q.Pos(m), "use [$__rate_interval]", "%s over %s, however long the time is that is looked at", call.Func.Name, spec.FormatDuration(m.Range))
}

// comparedByAlerts are the expressions that alerts compare, as they are printed.
func (u *Unit) comparedByAlerts() map[string]bool {
	compared := map[string]bool{}
	for _, f := range u.Files {
		for _, r := range f.Rules() {
			if r.Alert == "" || r.Expr == nil {
				continue
			}
			for _, c := range expr.Comparisons(r.Expr) {
				compared[c.Of.String()] = true
			}
		}
	}
	return compared
}

// belongsToAlert tells whether a panel draws thresholds, or links to an alert.
func belongsToAlert(panel *dashfile.Panel) bool {
	return len(drawnLimits(panel)) > 0 || slices.ContainsFunc(each(panel.Value.Get("links")), func(link *spec.Value) bool {
		return strings.Contains(textOf(link, "url"), "/alerting/")
	})
}
