package check

import (
	"slices"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var missingUnit = &Check{
	Kind: diag.Kind{Name: "missing-unit", Severity: diag.Warning, Doc: `A panel does not say what its numbers are.

0.5 may be half a second, or 50 %, or one request every two seconds. Set a unit: s, percentunit, reqps, bytes; short for a plain
number. One that is set for single fields is enough if it is for all of them. What shows words has none: values that are mapped to
some, or fields that are texts.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {}, "overrides": []},
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
			if len(panel.Queries) > 0 && !hasUnit(panel) {
				p.Report(panel.Pos(), "set fieldConfig.defaults.unit", "the panel %q has no unit", panel.Title)
			}
		})
	},
}

// unitless are the kinds of panels whose values have no unit of their own.
var unitless = []string{"logs", "nodeGraph", "traces", "flamegraph", "geomap", "canvas"}

// hasUnit tells whether a unit is set, where Grafana of today, of its heatmaps or
// of its old graphs looks for one.
func hasUnit(panel *dashfile.Panel) bool {
	v := panel.Value
	if slices.Contains(unitless, panel.Type) || textOf(v.Get("fieldConfig").Get("defaults"), "unit") != "" || textOf(v, "format") != "" ||
		textOf(v.Get("options").Get("yAxis"), "unit") != "" || textOf(v.Get("yAxis"), "format") != "" || v.Get("libraryPanel") != nil {
		return true
	}
	if len(each(v.Get("fieldConfig").Get("defaults").Get("mappings"))) > 0 || textOf(v.Get("options").Get("reduceOptions"), "fields") != "" {
		return true
	}
	if slices.ContainsFunc(each(v.Get("yaxes")), func(axis *spec.Value) bool { return textOf(axis, "format") != "" }) {
		return true
	}
	return slices.ContainsFunc(each(v.Get("fieldConfig").Get("overrides")), func(o *spec.Value) bool {
		return slices.ContainsFunc(each(o.Get("properties")), func(property *spec.Value) bool { return textOf(property, "id") == "unit" })
	})
}
