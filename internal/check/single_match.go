package check

import (
	"slices"
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var singleMatch = &Check{
	Kind: diag.Kind{Name: "single-match", Severity: diag.Warning, Doc: `A variable of which several values can be chosen is compared with = in a query.

Grafana writes several values, and All, as a regular expression: job="(api|web)" matches no job, and the panel is empty as soon
as somebody chooses a second one. So is the list of a variable whose query compares another one. Use =~, or !~ in place of !=.
Where a panel or its row is repeated for each value, there is only one.`},
	Bad:  exampleDashboard(`sum(rate(http_requests_total{job="$job"}[$__rate_interval]))`, multiVariable),
	Good: exampleDashboard(`sum(rate(http_requests_total{job=~"$job"}[$__rate_interval]))`, multiVariable),
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			var several []string
			for _, v := range d.Variables {
				if isTrue(v.Value, "multi") || isTrue(v.Value, "includeAll") {
					several = append(several, v.Name)
				}
			}
			for _, panel := range d.Panels {
				chosen := slices.DeleteFunc(slices.Clone(several), func(name string) bool { return repeatsFor(panel, name) })
				for _, q := range panel.Queries {
					p.checkMatches(q.Value, q.Uses, chosen)
				}
			}
			for _, v := range d.Variables {
				if text := v.Query(); text != nil {
					p.checkMatches(text, dashfile.UsesIn(text.Text), several)
				}
			}
		})
	},
}

// checkMatches reports variables with several values that a text compares with one.
func (p *Pass) checkMatches(text *spec.Value, uses []dashfile.Use, several []string) {
	for _, u := range uses {
		if operator := operatorBefore(text.Text[:u.Start]); operator != "" && slices.Contains(several, u.Name) {
			p.Report(text.Sub(u.Start, u.End), "write "+map[string]string{"=": "=~", "!=": "!~"}[operator], "several values of %q can be chosen, which %s does not match", u.Name, operator)
		}
	}
}

// multiVariable is a variable of an example.
const multiVariable = `{"name": "job", "type": "query", "query": "label_values(up, job)", "multi": true, "includeAll": true}`

// repeatsFor tells whether a panel, or its row, is repeated for each value of a variable.
func repeatsFor(panel *dashfile.Panel, variable string) bool {
	return textOf(panel.Value, "repeat") == variable || panel.Row != nil && textOf(panel.Row.Value, "repeat") == variable
}

// operatorBefore is = or != if a text ends inside of a value that is compared by it.
func operatorBefore(text string) string {
	quote := strings.LastIndexAny(text, "\"'`")
	if quote < 0 {
		return ""
	}
	before := strings.TrimRight(text[:quote], " \t\r\n")
	switch {
	case strings.HasSuffix(before, "!="):
		return "!="
	case strings.HasSuffix(before, "==") || !strings.HasSuffix(before, "="):
		return ""
	}
	return "="
}
