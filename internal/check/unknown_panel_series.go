package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

var unknownPanelSeries = &Check{
	Kind: diag.Kind{Name: "unknown-panel-series", Severity: diag.Warning, Doc: `A panel, or a variable, asks for series that nobody has.

By convention a colon in a metric's name says that a recording rule makes it: if no rule of the files that are checked together
does, the panel is empty, for ever. Of scraped metrics a catalogue tells whether they exist (metrics in .slowburn.yaml or in
the spec). An alert whose name is nearly that of one in these files, and is not, never fires either. Dashboards that are checked
without any rules are not judged.`},
	Bad: `groups:
  - name: example
    rules:
      - record: job:http_requests:rate5m
        expr: sum by (job) (rate(http_requests_total[5m]))
---
{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(job:http_request:rate5m)"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:http_requests:rate5m
        expr: sum by (job) (rate(http_requests_total[5m]))
---
{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(job:http_requests:rate5m)"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Run: func(p *Pass) {
		if len(p.Files) == 0 {
			return
		}
		known := p.names()
		alerts := p.alertNames()
		p.EachQuery(func(_ *dashfile.Panel, q *dashfile.Query) {
			p.checkSeries(q, known)
			p.checkAlerts(q, alerts)
		})
		p.EachDashboard(func(d *dashfile.Dashboard) {
			for _, q := range d.Annotations {
				p.checkAlerts(q, alerts)
			}
			for _, v := range d.Variables {
				if v.Asks != nil && v.Asks.Expr != nil {
					p.checkSeries(v.Asks, known)
				}
			}
		})
	},
}

// checkSeries reports what a query reads that neither rules nor catalogues have.
func (p *Pass) checkSeries(q *dashfile.Query, known []string) {
	eachNode(q, func(n parser.Node, _ []parser.Node) {
		s, ok := n.(*parser.VectorSelector)
		name := ""
		if ok {
			name = metricOf(s)
		}
		if name == "" || usesVariable(q, s) {
			return
		}
		if !strings.Contains(name, ":") {
			if p.isUnknown(name) {
				p.Report(q.Pos(s), "correct the name, or capture /metrics again", "%s is not in the metric catalogue", name)
			}
			return
		}
		if p.recorded[name] != nil {
			return
		}
		help := "record it, or give the file that does"
		if near := spec.Nearest(name, known); near != "" {
			help += fmt.Sprintf("; did you mean %q?", near)
		}
		p.Report(q.Pos(s), help, "no rule records %s", name)
	})
}

// alertNames are the names of all alerts.
func (p *Pass) alertNames() map[string]bool {
	names := map[string]bool{}
	for _, f := range p.Files {
		for _, r := range f.Rules() {
			if r.Alert != "" {
				names[r.Alert] = true
			}
		}
	}
	return names
}

// checkAlerts reports alerts that a query asks for by a name that is misspelt.
// One that is like none of these may be of files that are elsewhere.
func (p *Pass) checkAlerts(q *dashfile.Query, names map[string]bool) {
	if q.Known == nil {
		return
	}
	for _, read := range expr.Reads(q.Known, 1) {
		if !strings.HasPrefix(metricOf(read.Selector), "ALERTS") {
			continue
		}
		for _, m := range read.Selector.LabelMatchers {
			if m.Name != model.AlertNameLabel || m.Type != labels.MatchEqual || m.Value == "" || names[m.Value] {
				continue
			}
			if near := spec.Nearest(m.Value, slices.Sorted(maps.Keys(names))); near != "" {
				p.Report(q.Pos(read.Selector), fmt.Sprintf("did you mean %q?", near), "no alert is called %s", m.Value)
			}
		}
	}
}

// isUnknown tells whether there are catalogues, and none has a metric that is
// scraped. What Prometheus makes itself stands in none.
func (p *Pass) isUnknown(metric string) bool {
	if len(p.around.Catalogues) == 0 || metric == "up" || strings.HasPrefix(metric, "scrape_") || strings.HasPrefix(metric, "ALERTS") || p.recorded[metric] != nil {
		return false
	}
	return !slices.ContainsFunc(p.around.Catalogues, func(c *slo.Catalogue) bool { return c.Has(metric) })
}

// usesVariable tells whether the name of a metric has a variable in it.
func usesVariable(q *dashfile.Query, s *parser.VectorSelector) bool {
	from := int(s.PosRange.Start)
	return slices.ContainsFunc(q.Uses, func(u dashfile.Use) bool { return u.Start >= from && u.Start < from+len(s.Name) })
}
