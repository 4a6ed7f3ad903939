package check

import (
	"slices"
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
)

var variableCycle = &Check{
	Kind: diag.Kind{Name: "variable-cycle", Severity: diag.Warning, Doc: `Variables of a dashboard wait for each other.

A variable whose query has another one in it is asked for when that one has a value. Where this leads back to where it began,
there is none to begin with. Let one of them be asked for without the others.`},
	Bad: exampleDashboard(`sum(rate(http_requests_total{job="$job",instance="$instance"}[$__rate_interval]))`,
		`{"name": "job", "type": "query", "query": "label_values(up{instance=\"$instance\"}, job)"}`,
		`{"name": "instance", "type": "query", "query": "label_values(up{job=\"$job\"}, instance)"}`),
	Good: exampleDashboard(`sum(rate(http_requests_total{job="$job",instance="$instance"}[$__rate_interval]))`,
		jobVariable,
		`{"name": "instance", "type": "query", "query": "label_values(up{job=\"$job\"}, instance)"}`),
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			told := map[string]bool{}
			for _, v := range d.Variables {
				way := wayBack(d, v.Name)
				if len(way) == 0 || told[v.Name] {
					continue
				}
				for _, name := range way {
					told[name] = true
				}
				first := v.Query()
				for _, u := range dashfile.UsesIn(first.Text) {
					if u.Name == way[0] {
						p.Report(first.Sub(u.Start, u.End), "let one of them be asked for without the others", "the variable %q waits for itself: %s", v.Name, strings.Join(append([]string{v.Name}, way...), ", "))
						break
					}
				}
			}
		})
	},
}

// wayBack are the variables by which one leads to itself, itself the last; none
// if it does not.
func wayBack(d *dashfile.Dashboard, name string) []string {
	seen := map[string]bool{}
	var follow func(from string) []string
	follow = func(from string) []string {
		i := slices.IndexFunc(d.Variables, func(v *dashfile.Variable) bool { return v.Name == from })
		if i < 0 || seen[from] || d.Variables[i].Query() == nil {
			return nil
		}
		seen[from] = true
		for _, u := range dashfile.UsesIn(d.Variables[i].Query().Text) {
			if u.Name == name {
				return []string{name}
			}
			if way := follow(u.Name); way != nil {
				return append([]string{u.Name}, way...)
			}
		}
		return nil
	}
	return follow(name)
}
