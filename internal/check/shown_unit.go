package check

import (
	"regexp"
	"slices"
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/spec"
)

// shownUnits are the units in which a panel may show what a query yields: one,
// unless overrides may hold for it or not. It is empty where nothing is known.
func shownUnits(panel *dashfile.Panel, q *dashfile.Query) []*spec.Value {
	if computes(panel) {
		return nil
	}
	unit := defaultUnit(panel)
	var others []*spec.Value
	for _, override := range each(panel.Value.Get("fieldConfig").Get("overrides")) {
		to := propertyOf(override, "unit")
		if to == nil {
			continue
		}
		switch matches(override.Get("matcher"), panel, q) {
		case surely:
			unit, others = to, nil
		case perhaps:
			others = append(others, to)
		}
	}
	if unit == nil {
		return nil // it may have none
	}
	return append(others, unit)
}

// defaultUnit is the unit of the panel, where Grafana of today, of its heatmaps
// or of its old graphs has one.
func defaultUnit(panel *dashfile.Panel) *spec.Value {
	v := panel.Value
	switch panel.Type {
	case "heatmap":
		if unit := v.Get("options").Get("yAxis").Get("unit"); unit != nil {
			return unit
		}
		return v.Get("yAxis").Get("format")
	case "graph":
		if axes := each(v.Get("yaxes")); len(axes) > 0 && len(each(v.Get("seriesOverrides"))) == 0 {
			return axes[0].Get("format")
		}
		return nil
	case "singlestat":
		return v.Get("format")
	}
	return v.Get("fieldConfig").Get("defaults").Get("unit")
}

// propertyOf is what an override sets a property to, or nil.
func propertyOf(override *spec.Value, id string) *spec.Value {
	for _, property := range each(override.Get("properties")) {
		if textOf(property, "id") == id {
			return property.Get("value")
		}
	}
	return nil
}

// harmless are the transformations that leave values, and whose they are, as they were.
var harmless = []string{
	"merge", "organize", "filterFieldsByName", "filterByRefId", "filterByValue", "filterFieldsByRefId", "sortBy", "limit", "joinByField", "seriesToColumns",
	"labelsToFields", "renameByRegex", "convertFieldType", "concatenate", "timeSeriesTable", "groupingToMatrix", "prepareTimeSeries",
}

// usualCalcs are what a single value is made of that has the unit of the others.
var usualCalcs = []string{"lastNotNull", "last", "firstNotNull", "first", "mean", "min", "max", "median", "allValues", "sum", "diff", "range", "current", "avg"}

// computes tells whether a panel may show something else than what queries yield.
func computes(panel *dashfile.Panel) bool {
	for _, t := range each(panel.Value.Get("transformations")) {
		if !slices.Contains(harmless, textOf(t, "id")) {
			return true
		}
	}
	if slices.Contains([]string{"heatmap", "histogram"}, panel.Type) && (isTrue(panel.Value.Get("options"), "calculate") || panel.Type == "histogram") {
		return true
	}
	return slices.ContainsFunc(each(panel.Value.Get("options").Get("reduceOptions").Get("calcs")), func(calc *spec.Value) bool { return !slices.Contains(usualCalcs, calc.Text) })
}

// likelihood is whether a matcher of an override is for what a query yields.
type likelihood int

const (
	never likelihood = iota
	perhaps
	surely
)

func matches(matcher *spec.Value, panel *dashfile.Panel, q *dashfile.Query) likelihood {
	option := textOf(matcher, "options")
	switch textOf(matcher, "id") {
	case "byFrameRefID":
		if option == textOf(q.Of, "refId") {
			return surely
		}
		return never
	case "byName", "byRegexp":
		name, known := fieldName(panel, q)
		if !known {
			return perhaps
		}
		pattern, err := regexp.Compile(strings.Trim(option, "/"))
		switch {
		case textOf(matcher, "id") == "byName" && name != option:
			return never
		case textOf(matcher, "id") == "byName":
			return surely
		case err != nil:
			return perhaps
		case pattern.MatchString(name):
			return surely
		}
		return never
	}
	return perhaps
}

// fieldName is how the values of a query are called, if that is certain: by the
// legend of a graph, in a table by the query, and as it is renamed.
func fieldName(panel *dashfile.Panel, q *dashfile.Query) (string, bool) {
	name := textOf(q.Of, "legendFormat")
	if textOf(q.Of, "format") == "table" {
		name = "Value"
		if len(panel.Queries) > 1 {
			name = "Value #" + textOf(q.Of, "refId")
		}
	}
	if name == "" || name == "__auto" || strings.Contains(name, "{{") || len(dashfile.UsesIn(name)) > 0 {
		return "", false
	}
	for _, t := range each(panel.Value.Get("transformations")) {
		switch textOf(t, "id") {
		case "organize":
			if to := textOf(t.Get("options").Get("renameByName"), name); to != "" {
				name = to
			}
		case "renameByRegex", "joinByField", "seriesToColumns", "concatenate", "timeSeriesTable", "groupingToMatrix", "prepareTimeSeries":
			return "", false
		}
	}
	return name, true
}
