package dashfile

import (
	"slices"

	"slowburn/internal/spec"
)

// asksPrometheus tells whether what stands in something asks Prometheus, as far
// as is known: queries for Loki have an expr, too. The first that names a data
// source decides.
func (d *Dashboard) asksPrometheus(in ...*spec.Value) bool {
	for _, v := range in {
		if source := v.Get("datasource"); source != nil {
			if kind := d.typeOf(source); kind != "" {
				return slices.Contains(prometheusTypes, kind)
			}
		}
	}
	return true
}

// prometheusTypes are the types of data sources that speak PromQL.
var prometheusTypes = []string{"prometheus", "grafana-amazonprometheus-datasource"}

// typeOf is the type of a data source, or "": it says so itself, or the variable
// does by which it is chosen.
func (d *Dashboard) typeOf(source *spec.Value) string {
	if kind := text(source, "type"); kind != "" {
		return kind
	}
	name := source.Text // which is how it was written before Grafana 8.3
	if source.Kind == spec.Map {
		name = text(source, "uid")
	}
	for _, u := range UsesIn(name) {
		for _, v := range d.Variables {
			if v.Name == u.Name && v.Type == "datasource" {
				return text(v.Value, "query")
			}
		}
	}
	return ""
}
