package check

import (
	"slices"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var noQuery = &Check{
	Kind: diag.Kind{Name: "no-query", Severity: diag.Warning, Doc: `A panel that shows data asks for none.

It says "No data" for ever: its queries were lost when it was copied, or all of them are hidden. Give it one, or remove it. For text
there are panels of type text.`},
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
			}
		})
	},
}

// asking are Grafana's own types of panels that show what is queried. Those of
// plugins may show a clock.
var asking = []string{
	"timeseries", "graph", "stat", "singlestat", "gauge", "bargauge", "table", "table-old", "heatmap", "histogram", "piechart", "barchart",
	"state-timeline", "status-history", "trend", "logs",
}
