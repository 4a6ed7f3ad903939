package check

import (
	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var unusedVariable = &Check{
	Kind: diag.Kind{Name: "unused-variable", Severity: diag.Warning, Doc: `A dashboard offers a variable that changes nothing.

Whoever chooses a value believes to see that value's data. Use the variable in the queries, or remove it. A use may stand
anywhere: in queries, titles, links, repeated panels and other variables.`},
	Bad:  exampleDashboard(`sum(rate(http_requests_total[$__rate_interval]))`, jobVariable),
	Good: exampleDashboard(`sum(rate(http_requests_total{job="$job"}[$__rate_interval]))`, jobVariable),
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			used := map[string]bool{}
			textsIn(d.Value, func(text *spec.Value) {
				for _, u := range dashfile.UsesIn(text.Text) {
					used[u.Name] = true
				}
			})
			for _, panel := range d.Panels {
				used[textOf(panel.Value, "repeat")] = true
			}
			for _, v := range d.Variables {
				// An ad-hoc filter is added to all queries by Grafana.
				if v.Type != "adhoc" && !used[v.Name] {
					p.Report(v.Value.Get("name").Pos, "use it in the queries, or remove it", "nothing uses the variable %q", v.Name)
				}
			}
		})
	},
}
