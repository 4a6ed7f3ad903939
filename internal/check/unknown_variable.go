package check

import (
	"slices"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var unknownVariable = &Check{
	Kind: diag.Kind{Name: "unknown-variable", Severity: diag.Error, Doc: `A dashboard uses a variable that it does not define.

Grafana then sends the text as it stands, $job and all: as a label's value it matches nothing, and elsewhere it does not parse.
A dollar sign that is meant to be one, in a regular expression say, is written as \\x24 or [$].`},
	Bad:  exampleDashboard(`sum(rate(http_requests_total{job="$job"}[$__rate_interval]))`),
	Good: exampleDashboard(`sum(rate(http_requests_total{job="$job"}[$__rate_interval]))`, jobVariable),
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			var names []string
			for _, v := range d.Variables {
				names = append(names, v.Name)
			}
			var queries []*dashfile.Query
			for _, panel := range d.Panels {
				queries = append(queries, panel.Queries...)
			}
			look := func(in *spec.Value, uses []dashfile.Use) {
				for _, u := range uses {
					if !dashfile.IsBuiltIn(u.Name) && !slices.Contains(names, u.Name) {
						p.Report(in.Sub(u.Start, u.End), spec.Suggest(u.Name, names), "the dashboard has no variable %q", u.Name)
					}
				}
			}
			for _, q := range append(queries, d.Annotations...) {
				look(q.Value, q.Uses)
			}
			for _, v := range d.Variables {
				if text := v.Query(); text != nil {
					look(text, dashfile.UsesIn(text.Text))
				}
			}
			for _, panel := range d.Panels {
				if of := panel.Value.Get("repeat"); of != nil && of.Kind == spec.String && of.Text != "" && !slices.Contains(names, of.Text) {
					p.Report(of.Pos, spec.Suggest(of.Text, names), "the dashboard has no variable %q to repeat the panel for", of.Text)
				}
			}
		})
	},
}
