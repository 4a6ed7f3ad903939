package check

import (
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

var brokenQuery = &Check{
	Kind: diag.Kind{Name: "broken-query", Severity: diag.Error, Doc: `A query of a dashboard does not parse.

The panel shows an error where somebody looks for an answer, and a variable has no values. Variables are read as names, or as numbers
where a name does not parse; those in brackets as times. Queries of variables may be in a function of Grafana's: label_values(),
label_names(), metrics(), query_result().`},
	Bad:  exampleDashboard(`sum(rate(http_requests_total[$__rate_interval])`),
	Good: exampleDashboard(`sum(rate(http_requests_total[$__rate_interval]))`),
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			for _, panel := range d.Panels {
				p.checkSyntax(panel.Queries)
			}
			p.checkSyntax(d.Annotations)
			for _, v := range d.Variables {
				if v.Asks != nil {
					p.checkSyntax([]*dashfile.Query{v.Asks})
				}
			}
		})
	},
}

func (p *Pass) checkSyntax(queries []*dashfile.Query) {
	for _, q := range queries {
		if len(q.Errors) == 0 {
			continue
		}
		help := "try it in Prometheus"
		if m := unknownFunction().FindStringSubmatch(q.Errors[0].Err.Error()); m != nil && q.Of.Get("expr") == nil {
			help = spec.Suggest(m[1], dashfile.VariableFunctions)
		}
		err, end := q.Errors[0], len(strings.TrimRight(q.Text, " \t\r\n")) // others follow from it
		from, until := min(int(err.PositionRange.Start), end), min(int(err.PositionRange.End), end)
		p.Report(q.Value.Sub(from, max(from, until)), help, "%s", err.Err)
	}
}

var unknownFunction = pattern.New(`^unknown function with name "(.*)"`)
