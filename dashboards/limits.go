package dashboards

import (
	"slices"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// limits show what each threshold alert of a service measures, with its limits.
// The rules of one alert, each for another member, are in one graph.
func limits(s *alerts.Service) []dashboard.Panel {
	byName := map[string][]alerts.Alert{}
	var names []string
	for _, a := range s.Thresholds {
		if byName[a.Name] == nil {
			names = append(names, a.Name)
		}
		byName[a.Name] = append(byName[a.Name], a)
	}
	var panels []dashboard.Panel
	for _, name := range names {
		panel := limitGraph(byName[name]).panel()
		panel.Id = given(byName[name][0].PanelID())
		panels = append(panels, panel)
	}
	return panels
}

// quantities are how values are shown, by what they are.
var quantities = map[alerts.Quantity]string{
	alerts.QuantityNumber: unitNumber, alerts.QuantityShare: unitShare, alerts.QuantitySeconds: unitSeconds,
	alerts.QuantityMilliseconds: unitMilliseconds, alerts.QuantityState: unitState, alerts.QuantityPerSecond: unitPerSecond,
}

func limitGraph(rules []alerts.Alert) graph {
	a, first := rules[0], rules[0].Draw()
	g := graph{title: a.Name, unit: quantities[first.Quantity], steps: first.Quantity == alerts.QuantityState, links: []dashboard.DashboardLink{alertLink(a.Name)}}
	if first.Quantity == alerts.QuantityState {
		g.floor, g.ceiling = given(0.0), given(1.0)
	}
	if address := a.Service.RunbookURL(a.Runbook); address != "" {
		g.links = append(g.links, runbookLink(a.Runbook, address))
	}
	for _, rule := range rules {
		g.queries = append(g.queries, queriesOf(rule)...)
	}
	if slices.ContainsFunc(first.Measured, expr.Filters) {
		g.none = "nothing to measure"
	}
	var at []level
	for _, limit := range slices.Compact(slices.Sorted(slices.Values(first.Limits))) {
		at = append(at, level{limit, colourBad})
	}
	if len(at) > 0 {
		g.limits = levels(colourNone, at...)
	}
	g.description = "The alert fires while " + conditions(rules) + "."
	if a.For > 0 {
		g.description = strings.TrimSuffix(g.description, ".") + ", for " + spec.FormatDuration(a.For) + "."
	}
	return g
}

// queriesOf are what a rule measures, and the limits that are no numbers.
func queriesOf(rule alerts.Alert) []query {
	d := rule.Draw()
	every := rule.Service.ScrapeInterval
	var queries []query
	for i, of := range d.Measured {
		queries = append(queries, query{of: of, legend: legendOf(rule, d, i), every: every})
	}
	for _, of := range d.Computed {
		queries = append(queries, query{of: of, legend: "limit", every: every})
	}
	return queries
}

// legendOf names what a rule measures: the member, or what members differ in.
func legendOf(rule alerts.Alert, d alerts.Drawing, i int) string {
	var words []string
	if rule.Threshold.Member != "" {
		words = append(words, plain(rule.Threshold.Member))
	}
	for _, label := range d.Per {
		words = append(words, "{{"+label+"}}")
	}
	switch {
	case len(words) == 0 && len(d.Measured) == 1:
		words = append(words, "value")
	case len(d.Measured) > 1:
		words = append(words, [...]string{"value", "second value", "third value"}[min(i, 2)])
	}
	return strings.Join(words, " ")
}

// conditions are those of rules that differ in their member, in words.
func conditions(rules []alerts.Alert) string {
	if len(rules) == 1 {
		return plain(rules[0].Threshold.Condition)
	}
	var members []string
	for _, r := range rules {
		members = append(members, plain(r.Threshold.Member))
	}
	return "the condition holds for one of " + strings.Join(members, ", ")
}
