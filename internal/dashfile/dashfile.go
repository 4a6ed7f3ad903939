// Package dashfile reads Grafana dashboards, anybody's, into panels and queries
// that know their place. It reads the classic form, the old one with rows of
// panels too, alone or as Grafana's API and resources of Kubernetes wrap it.
package dashfile

import (
	"slices"
	"strconv"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Dashboard is one dashboard.
type Dashboard struct {
	Source      *diag.Source
	UID, Title  string
	Panels      []*Panel // rows among them, and what is in those that are closed, or of before Grafana 5
	Variables   []*Variable
	Annotations []*Query // those that are queries for Prometheus
	Value       *spec.Value
}

// Panel is a panel, or a row.
type Panel struct {
	Title, Type string
	Queries     []*Query
	Grid        *Grid // nil where it has no place
	Row         *Panel
	// Closed is the row that the panel stands in, which is closed: it has a grid of its own.
	Closed *Panel
	Value  *spec.Value
}

// Grid is where a panel stands, in Grafana's grid of 24 columns.
type Grid struct {
	X, Y, W, H int
	Value      *spec.Value
}

// Query is a query for Prometheus.
type Query struct {
	Text string
	// Expr is the query with something in place of each variable; nil if it does not parse, whatever that is. Its positions
	// are those of Text.
	Expr   parser.Expr
	Errors parser.ParseErrors
	// Known is Expr without what depends on what is chosen; nil if too much does.
	Known parser.Expr
	// Uses are the variables in the text.
	Uses  []Use
	Value *spec.Value // of the text
	Of    *spec.Value // what the query is a part of, in which it is called expr

	read string // the text that was parsed
}

// Variable is a variable that the dashboard defines.
type Variable struct {
	Name, Type string
	// Asks is what Prometheus is asked for its values, or nil.
	Asks  *Query
	Value *spec.Value
}

// Query is the text of the query that finds the values of a variable, or nil.
func (v *Variable) Query() *spec.Value {
	query := v.Value.Get("query")
	if kindOf(query) == spec.Map {
		query = query.Get("query")
	}
	if v.Type != "query" || kindOf(query) != spec.String {
		return nil
	}
	return query
}

// Panel kinds that show no data.
var withoutData = []string{"row", "text", "dashlist", "alertlist", "news", "welcome", "gettingstarted", "annolist"}

// ShowsData tells whether a panel is there to show what is queried.
func (p *Panel) ShowsData() bool { return !slices.Contains(withoutData, p.Type) }

// Pos is where the panel's title stands, or the panel.
func (p *Panel) Pos() diag.Pos {
	if title := p.Value.Get("title"); title != nil {
		return title.Pos
	}
	return p.Value.Pos
}

// Pos is the place of a part of the query.
func (q *Query) Pos(n parser.Node) diag.Pos {
	at := n.PositionRange()
	return q.Value.Sub(int(at.Start), int(at.End))
}

// Is tells whether a document is a dashboard.
func Is(doc *spec.Value) bool { return model(doc) != nil }

// model is the dashboard in a document: itself, what the API answers (dashboard),
// or what a resource holds (spec).
func model(doc *spec.Value) *spec.Value {
	for _, v := range []*spec.Value{doc, doc.Get("dashboard"), doc.Get("spec")} {
		if v == nil || v.Kind != spec.Map {
			continue
		}
		if (kindOf(v.Get("panels")) == spec.List || kindOf(v.Get("rows")) == spec.List) && (v.Get("schemaVersion") != nil || v.Get("templating") != nil || v.Get("gridPos") == nil && v.Get("title") != nil) {
			return v
		}
	}
	return nil
}

func kindOf(v *spec.Value) spec.Kind {
	if v == nil {
		return spec.Null
	}
	return v.Kind
}

// Read reads a document for which Is holds.
func Read(src *diag.Source, doc *spec.Value) *Dashboard {
	v := model(doc)
	d := &Dashboard{Source: src, UID: text(v, "uid"), Title: text(v, "title"), Value: v}
	for _, item := range items(v.Get("templating").Get("list")) {
		d.Variables = append(d.Variables, &Variable{Name: text(item, "name"), Type: text(item, "type"), Value: item})
	}
	for _, variable := range d.Variables {
		variable.Asks = d.asks(variable)
	}
	d.panels(v, nil)
	for _, item := range items(v.Get("rows")) {
		if item.Kind == spec.Map {
			row := &Panel{Title: text(item, "title"), Type: "row", Value: item}
			d.Panels = append(d.Panels, row)
			first := len(d.Panels)
			d.panels(item, row)
			for _, p := range d.Panels[first:] {
				p.Grid = nil // they stand beside each other, by their span
			}
		}
	}
	for _, item := range items(v.Get("annotations").Get("list")) {
		if e := item.Get("expr"); e != nil && e.Kind == spec.String && e.Text != "" && d.asksPrometheus(item) {
			d.Annotations = append(d.Annotations, newQuery(e, item))
		}
	}
	return d
}

// panels reads those of a dashboard, or of a row that is closed. Those of one that
// is open stand behind it.
func (d *Dashboard) panels(of *spec.Value, closed *Panel) {
	row := closed
	for _, item := range items(of.Get("panels")) {
		if item.Kind != spec.Map {
			continue
		}
		p := &Panel{Title: text(item, "title"), Type: text(item, "type"), Row: row, Closed: closed, Grid: gridOf(item.Get("gridPos")), Value: item}
		for _, target := range items(item.Get("targets")) {
			if e := target.Get("expr"); e != nil && e.Kind == spec.String && e.Text != "" && d.asksPrometheus(target, item) {
				p.Queries = append(p.Queries, newQuery(e, target))
			}
		}
		d.Panels = append(d.Panels, p)
		if p.Type == "row" {
			p.Row, row = closed, p
			d.panels(item, p)
			if text(item, "collapsed") == "true" {
				row = closed
			}
		}
	}
}

func gridOf(v *spec.Value) *Grid {
	if kindOf(v) != spec.Map {
		return nil
	}
	number := func(key string) int {
		n, _ := strconv.Atoi(text(v, key))
		return n
	}
	return &Grid{number("x"), number("y"), number("w"), number("h"), v}
}

func text(v *spec.Value, key string) string {
	if field := v.Get(key); field != nil {
		return field.Text
	}
	return ""
}

func items(v *spec.Value) []*spec.Value {
	if v == nil {
		return nil
	}
	return v.Items()
}
