package check

import (
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
)

var undescribedPanel = &Check{
	Kind: diag.Kind{Name: "undescribed-panel", Severity: diag.Warning, Doc: `A panel has no title or no description.

Whoever is woken at night did not build the dashboard. A title says what is shown; a description, what is good and bad, and
what to do. It shows when the pointer is on the panel.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
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
		p.EachPanel(func(_ *dashfile.Dashboard, panel *dashfile.Panel) {
			v := panel.Value
			switch {
			case v.Get("libraryPanel") != nil: // it stands elsewhere
			case strings.TrimSpace(panel.Title) == "":
				p.Report(panel.Pos(), "say what it shows", "a panel of type %s has no title", panel.Type)
			case strings.TrimSpace(textOf(v, "description")) == "":
				p.Report(panel.Pos(), "say what is good and bad in it", "the panel %q has no description", panel.Title)
			}
		})
	},
}
