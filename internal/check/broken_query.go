package check

import (
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
)

var brokenQuery = &Check{
	Kind: diag.Kind{Name: "broken-query", Severity: diag.Error, Doc: `A query of a dashboard does not parse.

The panel shows an error where somebody looks for an answer. Variables are read as names, or as numbers where a name does not
parse; those in brackets as times.`},
	Bad:  exampleDashboard(`sum(rate(http_requests_total[$__rate_interval])`),
	Good: exampleDashboard(`sum(rate(http_requests_total[$__rate_interval]))`),
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			for _, panel := range d.Panels {
				p.checkSyntax(panel.Queries)
			}
			p.checkSyntax(d.Annotations)
		})
	},
}

func (p *Pass) checkSyntax(queries []*dashfile.Query) {
	for _, q := range queries {
		if len(q.Errors) == 0 {
			continue
		}
		err, end := q.Errors[0], len(strings.TrimRight(q.Text, " \t\r\n")) // others follow from it
		from, until := min(int(err.PositionRange.Start), end), min(int(err.PositionRange.End), end)
		p.Report(q.Value.Sub(from, max(from, until)), "try it in Prometheus", "%s", err.Err)
	}
}
