package check

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

var unknownPanelLabel = &Check{
	Kind: diag.Kind{Name: "unknown-panel-label", Severity: diag.Warning, Doc: `A legend, or a variable, names a label that its series cannot have.

Grafana puts the label's name in its place, or nothing: all lines of the graph are called the same, and there is nothing to choose. Which labels
the series of a query can have is told by its aggregations, and by the rules that record them. Labels that Prometheus adds to
what leaves it are listed in .slowburn.yaml under externalLabels. A single number has no name that could be wrong.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum by (job) (rate(http_requests_total[$__rate_interval]))", "legendFormat": "{{instance}}"}]}
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
      "targets": [{"refId": "A", "expr": "sum by (job) (rate(http_requests_total[$__rate_interval]))", "legendFormat": "{{job}}"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Run: func(p *Pass) {
		p.EachQuery(p.checkLegend)
		p.EachDashboard(func(d *dashfile.Dashboard) {
			for _, v := range d.Variables {
				name, start, end := v.Label()
				if name == "" || v.Asks == nil {
					continue
				}
				if have, lacks := p.lacksLabel(v.Asks, name); lacks {
					p.reportShown(name, have, v.Query().Sub(start, end))
				}
			}
		})
	},
}

// inLegend is how a legend names a label.
var inLegend = pattern.New(`\{\{\s*([a-zA-Z_]\w*)\s*\}\}`)

// nameless are panels that show no name beside a value that is the only one.
var nameless = []string{"stat", "singlestat", "gauge"}

// checkLegend looks at the labels that the names of a query's lines are made of.
// A table has columns instead.
func (p *Pass) checkLegend(panel *dashfile.Panel, q *dashfile.Query) {
	legend := q.Of.Get("legendFormat")
	if legend == nil || legend.Kind != spec.String || textOf(q.Of, "format") == "table" || isTrue(q.Of, "hide") {
		return
	}
	alone := slices.Contains(nameless, panel.Type) && len(panel.Queries) == 1
	for _, m := range inLegend().FindAllStringSubmatchIndex(legend.Text, -1) {
		have, lacks := p.lacksLabel(q, legend.Text[m[2]:m[3]])
		hasNone := lacks && !have.open && len(have.list()) == 0
		if lacks && !(hasNone && alone) {
			p.reportShown(legend.Text[m[2]:m[3]], have, legend.Sub(m[2], m[3]))
		}
		if hasNone { // of the others it would be said once more
			return
		}
	}
}

// lacksLabel tells whether no series of a query can have a label, and what they
// can have.
func (p *Pass) lacksLabel(q *dashfile.Query, name string) (labelSet, bool) {
	if q.Known == nil || len(q.Uses) > 0 && makesLabels(q.Expr) || slices.Contains(p.options.Config.AddedLabels(), name) {
		return labelSet{}, false
	}
	have := p.labelsOf(q.Known)
	return have, !have.has(name)
}

func (p *Pass) reportShown(name string, have labelSet, at diag.Pos) {
	help := "keep it in the query, or leave it out here"
	if list := have.list(); !have.open && len(list) > 0 {
		help = spec.Suggest(name, list)
	} else if !have.open {
		help = "they have none at all: keep it in the query, or leave it out here"
	}
	p.Report(at, help, "the series have no label %q", name)
}

// makesLabels tells whether labels of an expression come from matchers, of which
// those that depend on what is chosen are not known.
func makesLabels(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		c, ok := n.(*parser.Call)
		found = found || ok && (c.Func.Name == "absent" || c.Func.Name == "absent_over_time")
		return nil
	})
	return found
}
