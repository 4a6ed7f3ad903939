package check

import (
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var fixedDatasource = &Check{
	Kind: diag.Kind{Name: "fixed-datasource", Severity: diag.Warning, Doc: `A dashboard is tied to one data source.

The uid of a data source is another one in every Grafana: elsewhere the panel shows nothing. Add a variable of type datasource
and use it: "datasource": {"type": "prometheus", "uid": "${datasource}"}.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "PBFA97CFB590B2093"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(rate(http_requests_total[$__rate_interval]))"}]}
  ],
  "templating": {"list": [
    
  ]},
  "annotations": {"list": []}
}
`,
	Good: exampleDashboard(`sum(rate(http_requests_total[$__rate_interval]))`),
	Run: func(p *Pass) {
		p.EachPanel(func(_ *dashfile.Dashboard, panel *dashfile.Panel) {
			seen := map[string]bool{} // what a panel's queries repeat is one thing to change
			p.checkDatasource(panel.Value.Get("datasource"), seen)
			for _, target := range each(panel.Value.Get("targets")) {
				p.checkDatasource(target.Get("datasource"), seen)
			}
		})
		p.EachDashboard(func(d *dashfile.Dashboard) {
			seen := map[string]bool{}
			for _, v := range d.Variables {
				p.checkDatasource(v.Value.Get("datasource"), seen)
			}
			for _, item := range each(d.Value.Get("annotations").Get("list")) {
				p.checkDatasource(item.Get("datasource"), seen)
			}
		})
	},
}

// checkDatasource reports a data source by its uid, or as before Grafana 8.3 by
// its name. One that is Grafana's own is everywhere.
func (p *Pass) checkDatasource(v *spec.Value, seen map[string]bool) {
	uid := v
	if v != nil && v.Kind == spec.Map {
		uid = v.Get("uid")
	}
	if uid == nil || uid.Kind != spec.String || uid.Text == "" || strings.HasPrefix(uid.Text, "-- ") || uid.Text == "grafana" || uid.Text == "__expr__" {
		return
	}
	if len(dashfile.UsesIn(uid.Text)) == 0 && !seen[uid.Text] {
		seen[uid.Text] = true
		p.Report(uid.Pos, `use a variable of type datasource: "${datasource}"`, "the data source %q exists in one Grafana alone", uid.Text)
	}
}
