package check

import (
	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var duplicateID = &Check{
	Kind: diag.Kind{Name: "duplicate-id", Severity: diag.Error, Doc: `Two panels, queries of a panel, or variables of a dashboard have one name.

Grafana keeps one of two variables and, of two queries with one refId, the result of the last; a link to a panel by its id leads
to either. It comes from copying JSON by hand.`},
	Bad: exampleDashboard(`sum(rate(http_requests_total{job="$job"}[$__rate_interval]))`, jobVariable,
		jobVariable),
	Good: exampleDashboard(`sum(rate(http_requests_total{job="$job"}[$__rate_interval]))`, jobVariable),
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			panels, variables := map[string]bool{}, map[string]bool{}
			for _, panel := range d.Panels {
				p.checkOnce(panels, panel.Value.Get("id"), "give it another one, or none", "another panel has the id")
				queries := map[string]bool{}
				for _, target := range each(panel.Value.Get("targets")) {
					p.checkOnce(queries, target.Get("refId"), "give it another letter", "another query of the panel has the refId")
				}
			}
			for _, v := range d.Variables {
				p.checkOnce(variables, v.Value.Get("name"), "remove one of them, or name it otherwise", "another variable has the name")
			}
		})
	},
}

// checkOnce reports a name that was seen before.
func (p *Pass) checkOnce(seen map[string]bool, name *spec.Value, help, what string) {
	if name == nil || name.Text == "" || name.Kind != spec.String && name.Kind != spec.Number {
		return
	}
	if seen[name.Text] {
		p.Report(name.Pos, help, "%s %s", what, name.Text)
	}
	seen[name.Text] = true
}
