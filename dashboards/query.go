package dashboards

import (
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/prometheus/common/model"

	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// query is one query of a panel.
type query struct {
	of     expr.Expr
	legend string
	// every is how often the series have a sample: Grafana takes rates over four times that at least.
	every time.Duration
}

// Variables stand in a syntax tree as texts and a window that nobody writes. The
// printed query has $name in their place.
const (
	variableBegin, variableEnd = "\ue000", "\ue001"
	rateInterval               = 12345*time.Hour + 6*time.Minute + 7*time.Second + 8*time.Millisecond
)

// variable is the value of a variable, for a matcher.
func variable(name string) string { return variableBegin + name + variableEnd }

// printed is a query as Grafana takes it. What looks like a variable there, and
// stands in a spec, is written with escapes.
func printed(e expr.Expr) string {
	text := strings.ReplaceAll(expr.String(e), "$", `\x24`)
	text = strings.ReplaceAll(text, "[[", `[\x5b`)
	text = strings.ReplaceAll(text, "["+model.Duration(rateInterval).String()+"]", "[$__rate_interval]")
	return strings.NewReplacer(`\ue000`, "${", `\ue001`, "}").Replace(text)
}

// plain is a text from a spec in which Grafana finds no variable: a word joiner,
// which nobody sees, parts what would be one.
func plain(text string) string {
	return strings.NewReplacer("$", "$\u2060", "[[", "[\u2060[").Replace(text)
}

// targets are the queries of a graph.
func targets(queries []query) []variants.Dataquery {
	var all []variants.Dataquery
	for i, q := range queries {
		all = append(all, q.target(i))
	}
	return all
}

// instant are queries of which only the newest value counts.
func instant(queries []query, format prometheus.PromQueryFormat) []variants.Dataquery {
	var all []variants.Dataquery
	for i, q := range queries {
		target := q.target(i)
		target.Instant, target.Range, target.Format = given(true), nil, given(format)
		all = append(all, target)
	}
	return all
}

func (q query) target(i int) prometheus.Dataquery {
	target := prometheus.Dataquery{
		RefId: given(refID(i)), Expr: printed(q.of), LegendFormat: given(q.legend), Range: given(true),
		EditorMode: given(prometheus.QueryEditorModeCode), Datasource: given(dataSource),
	}
	if q.every > 0 {
		target.Interval = given(spec.PrometheusDuration(q.every))
	}
	return target
}

// refID names a panel's queries: A to Z, then A1 and so on.
func refID(i int) string {
	id := string(rune('A' + i%26))
	if i >= 26 {
		id += strconv.Itoa(i / 26)
	}
	return id
}

// dataSource is the one that is chosen on the dashboard.
var dataSource = dashboard.DataSourceRef{Type: given("prometheus"), Uid: given("${datasource}")}

func dataSourceVariable() dashboard.VariableModel {
	return dashboard.VariableModel{
		Type: dashboard.VariableTypeDatasource, Name: "datasource", Label: given("Data source"),
		Query: &dashboard.StringOrMap{String: given("prometheus")}, Refresh: given(dashboard.VariableRefreshOnDashboardLoad),
	}
}
