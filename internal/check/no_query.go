package check

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var noQuery = &Check{
	Kind: diag.Kind{Name: "no-query", Severity: diag.Warning, Doc: `A panel that shows data asks for none.

It says "No data" for ever: its queries were lost when it was copied, or all of them are hidden. Or it shows the same for ever, since
its queries read no series: vector(0). Give it one, or remove it. For text there are panels of type text.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []}, "targets": []}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Good: exampleDashboard(`sum(rate(http_requests_total[$__rate_interval]))`),
	Run: func(p *Pass) {
		p.EachPanel(func(_ *dashfile.Dashboard, panel *dashfile.Panel) {
			if !slices.Contains(asking, panel.Type) || panel.Value.Get("libraryPanel") != nil || panel.Value.Get("snapshotData") != nil {
				return
			}
			targets := each(panel.Value.Get("targets"))
			switch {
			case len(targets) == 0:
				p.Report(panel.Pos(), "give it a query, or remove it", "the panel %q asks for nothing", panel.Title)
			case !slices.ContainsFunc(targets, func(target *spec.Value) bool { return !isTrue(target, "hide") }):
				p.Report(panel.Pos(), "show one, or remove the panel", "all queries of the panel %q are hidden", panel.Title)
			case len(panel.Queries) == len(targets) && !slices.ContainsFunc(panel.Queries, mayRead):
				p.Report(panel.Queries[0].Value.Pos, "ask for what it is about, or remove the panel", "the panel %q reads no series: %s is the same whatever happens", panel.Title, panel.Queries[0].Text)
			}
		})
	},
}

// mayRead tells whether a query reads series, or passes time, which is data too.
// Of one that does not parse, or has variables, nobody knows.
func mayRead(q *dashfile.Query) bool {
	if q.Expr == nil || len(q.Uses) > 0 {
		return true
	}
	reads := false
	parser.Inspect(q.Expr, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			reads = true
		case *parser.Call:
			reads = reads || !slices.Contains([]string{"vector", "scalar"}, n.Func.Name)
		}
		return nil
	})
	return reads
}

// asking are Grafana's own types of panels that show what is queried. Those of
// plugins may show a clock.
var asking = []string{
	"timeseries", "graph", "stat", "singlestat", "gauge", "bargauge", "table", "table-old", "heatmap", "histogram", "piechart", "barchart",
	"state-timeline", "status-history", "trend", "logs",
}
