package check

import (
	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
)

var overlappingPanels = &Check{
	Kind: diag.Kind{Name: "overlapping-panels", Severity: diag.Warning, Doc: `Panels stand on each other, or outside of the grid.

Grafana's grid has 24 columns. What overlaps is pushed down when the dashboard is opened, so that it looks like nobody made it.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(rate(http_requests_total[$__rate_interval]))"}]},
    {"id": 2, "type": "timeseries", "title": "Errors", "description": "Errors a second.",
      "gridPos": {"x": 6, "y": 4, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(rate(http_errors_total[$__rate_interval]))"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Good: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(rate(http_requests_total[$__rate_interval]))"}]},
    {"id": 2, "type": "timeseries", "title": "Errors", "description": "Errors a second.",
      "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(rate(http_errors_total[$__rate_interval]))"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			for i, panel := range d.Panels {
				g := panel.Grid
				if g == nil || panel.Type == "row" {
					continue // a row is as wide as the dashboard, whatever it says, and pushes down what it is upon
				}
				if g.X < 0 || g.Y < 0 || g.W < 1 || g.H < 1 || g.X+g.W > gridColumns {
					p.Report(g.Value.Pos, "keep x and y from 0, and x + w up to 24", "the panel %q is outside of the grid: %d columns from column %d", panel.Title, g.W, g.X)
				}
				for _, other := range d.Panels[:i] {
					// What is in a closed row has places of its own.
					if other.Grid != nil && other.Type != "row" && other.Closed == panel.Closed && overlap(g, other.Grid) {
						p.Report(g.Value.Pos, "move it", "the panel %q overlaps %q", panel.Title, other.Title)
						break
					}
				}
			}
		})
	},
}

// gridColumns is how wide Grafana's grid is.
const gridColumns = 24

func overlap(a, b *dashfile.Grid) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}
