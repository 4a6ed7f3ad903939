package check

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
)

var missingMatcher = &Check{
	Kind: diag.Kind{Name: "missing-matcher", Severity: diag.Warning, Doc: `A panel adds up what does not belong together.

Where several clusters or jobs have a metric of the same name, each selector of a dashboard should say which it means. The parameter
labels lists the labels by which every selector in a panel must choose, by a variable or a value; without it nothing is wanted.
A matcher that also takes series without the label (cluster=~".*") is one.`},
	Configuration: "missing-matcher: {labels: [job]}",
	Bad:           exampleDashboard(`sum(rate(http_requests_total[$__rate_interval]))`),
	Good:          exampleDashboard(`sum(rate(http_requests_total{job=~"api|web"}[$__rate_interval]))`),
	Parameters:    func() any { return &matcherParameters{} },
	Run: func(p *Pass) {
		p.EachQuery(func(_ *dashfile.Panel, q *dashfile.Query) {
			wanted := parametersOf[matcherParameters](p).Labels
			eachNode(q, func(n parser.Node, _ []parser.Node) {
				s, ok := n.(*parser.VectorSelector)
				if !ok {
					return
				}
				for _, label := range wanted {
					if !hasMatcher(s, label.Text) {
						p.Report(q.Pos(s), `choose by it: `+label.Text+`=~"$`+label.Text+`"`, "a selector does not say which %s it means", label.Text)
					}
				}
			})
		})
	},
}

type matcherParameters struct {
	// Labels are those by which every selector of a panel chooses.
	Labels Texts `json:"labels,omitempty"`
}
