package dashfile

import (
	"regexp"
	"slowburn/internal/pattern"
	"strings"
)

// VariableFunctions are what Grafana makes of queries of variables, besides
// Prometheus' own functions.
var VariableFunctions = []string{"label_names", "label_values", "metrics", "query_result"}

// variableForms are how queries of variables are written, and which part of them
// is for Prometheus: none of the names of labels, or of metrics.
var variableForms = []func() *regexp.Regexp{
	pattern.New(`^\s*label_names\(.*\)\s*$`),
	pattern.New(`^\s*metrics\(.*\)\s*$`),
	pattern.New(`(?s)^\s*label_values\((?:(?P<of>.+),)?\s*(?P<label>[$\w{}\[\]:.]+)\s*\)\s*$`),
	pattern.New(`(?s)^\s*query_result\((?P<of>.+)\)\s*$`),
}

// asks is what the query of a variable asks Prometheus for: an expression in it,
// or all of it, if it has none of Grafana's forms. It is nil where it asks for
// nothing, or another data source.
func (d *Dashboard) asks(v *Variable) *Query {
	value := v.Query()
	if value == nil || strings.TrimSpace(value.Text) == "" || !d.asksPrometheus(v.Value) {
		return nil
	}
	text := value.Text
	for _, form := range variableForms {
		m := form().FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		if of := form().SubexpIndex("of"); of >= 0 && m[2*of] >= 0 {
			from, until := m[2*of], m[2*of+1]
			return queryOf(strings.Repeat(" ", from)+text[from:until]+strings.Repeat(" ", len(text)-until), value, v.Value)
		}
		return nil
	}
	return queryOf(text, value, v.Value)
}

// Label is the label whose values a variable has, which label_values() names,
// and where that stands in its query. It is "" where another variable names it.
func (v *Variable) Label() (name string, start, end int) {
	value := v.Query()
	if value == nil {
		return "", 0, 0
	}
	for _, form := range variableForms {
		m := form().FindStringSubmatchIndex(value.Text)
		if m == nil {
			continue
		}
		i := form().SubexpIndex("label")
		if i < 0 || len(UsesIn(value.Text[m[2*i]:m[2*i+1]])) > 0 {
			return "", 0, 0
		}
		return value.Text[m[2*i]:m[2*i+1]], m[2*i], m[2*i+1]
	}
	return "", 0, 0
}
