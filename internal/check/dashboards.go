package check

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// EachDashboard calls f for every dashboard, with the pass set to it.
func (p *Pass) EachDashboard(f func(*dashfile.Dashboard)) {
	for _, d := range p.Dashboards {
		p.enter(&rulefile.File{Source: d.Source})
		p.file = nil // which it is not
		f(d)
	}
}

// EachPanel calls f for every panel that is there to show data.
func (p *Pass) EachPanel(f func(*dashfile.Dashboard, *dashfile.Panel)) {
	p.EachDashboard(func(d *dashfile.Dashboard) {
		for _, panel := range d.Panels {
			if panel.ShowsData() {
				f(d, panel)
			}
		}
	})
}

// EachQuery calls f for every query that parses, be it a table's or a heatmap's.
func (p *Pass) EachQuery(f func(*dashfile.Panel, *dashfile.Query)) {
	p.EachPanel(func(_ *dashfile.Dashboard, panel *dashfile.Panel) {
		for _, q := range panel.Queries {
			if q.Expr != nil {
				f(panel, q)
			}
		}
	})
}

// eachNode calls f for every node of a query with the way to it.
func eachNode(q *dashfile.Query, f func(n parser.Node, path []parser.Node)) {
	parser.Inspect(q.Expr, func(n parser.Node, path []parser.Node) error {
		if n != nil {
			f(n, path)
		}
		return nil
	})
}

// each are the items of a list, if it is one.
func each(list *spec.Value) []*spec.Value {
	if list == nil {
		return nil
	}
	return list.Items()
}

// textOf is the text of a field, or "".
func textOf(v *spec.Value, key string) string {
	if field := v.Get(key); field != nil {
		return field.Text
	}
	return ""
}

// textsIn calls f for every text in a value.
func textsIn(v *spec.Value, f func(*spec.Value)) {
	if v == nil {
		return
	}
	if v.Kind == spec.String {
		f(v)
	}
	for _, item := range v.Items() {
		textsIn(item, f)
	}
	for _, field := range v.Fields() {
		textsIn(field.Value, f)
	}
}

// isTrue tells whether a field is true.
func isTrue(v *spec.Value, key string) bool {
	field := v.Get(key)
	return field != nil && field.Kind == spec.Bool && field.Text == "true"
}
