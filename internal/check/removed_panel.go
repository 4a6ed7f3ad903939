package check

import (
	"fmt"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
)

var removedPanel = &Check{
	Kind: diag.Kind{Name: "removed-panel", Severity: diag.Warning, Doc: `A panel is of a type that Grafana no longer has.

Grafana 12 has none of the panels that were built on AngularJS. The best known ones it replaces by others each time that the
dashboard is opened, not always alike; those of plugins it does not show. Save the dashboard as the new Grafana shows it. Each type
is told once for a dashboard.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "graph", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "yaxes": [{"format": "reqps"}, {"format": "short"}],
      "targets": [{"refId": "A", "expr": "sum(rate(http_requests_total[$__rate_interval]))"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Good: exampleDashboard(`sum(rate(http_requests_total[$__rate_interval]))`),
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			first, count := map[string]*dashfile.Panel{}, map[string]int{}
			var order []string
			for _, panel := range d.Panels {
				if _, ok := removedPanels[panel.Type]; !ok {
					continue
				}
				if count[panel.Type]++; count[panel.Type] == 1 {
					first[panel.Type] = panel
					order = append(order, panel.Type)
				}
			}
			for _, kind := range order {
				how := "is"
				if n := count[kind]; n > 1 {
					how = fmt.Sprintf("and %d more are", n-1)
				}
				p.Report(first[kind].Value.Get("type").Pos, "make it a panel of type "+removedPanels[kind], "the panel %q %s of type %s, which Grafana 12 does not have", first[kind].Title, how, kind)
			}
		})
	},
}

// removedPanels are the types of panels that went with AngularJS, with what there
// is in their place.
var removedPanels = map[string]string{
	"graph": "timeseries", "singlestat": "stat", "table-old": "table", "grafana-singlestat-panel": "stat",
	"grafana-piechart-panel": "piechart", "grafana-worldmap-panel": "geomap", "natel-discrete-panel": "state-timeline",
	"michaeldmoore-multistat-panel": "bargauge", "michaeldmoore-annunciator-panel": "stat", "blackmirror1-singlestat-math-panel": "stat",
	"btplc-trend-box-panel": "stat", "mtanda-histogram-panel": "histogram",
}
