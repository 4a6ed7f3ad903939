package check

import (
	"errors"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/runbook"
)

var brokenPromQL = &Check{
	Kind: diag.Kind{Name: "broken-promql", Severity: diag.Error, Doc: `A query on a page does not parse.

Blocks with the language promql are read by Prometheus' own parser, where an empty line ends a query; so is inline code with a
function of a range. A query that is pasted at night and refused costs minutes.`},
	Bad:  pageHead + "```promql\nsum by (instance (rate(redis_errors_total[5m]))\n```\n",
	Good: pageHead + "```promql\nsum by (instance) (rate(redis_errors_total[5m]))\n```\n",
	Pages: func(p *PagesPass) {
		p.EachCode(func(c runbook.Code) {
			if !c.IsPromQL() {
				return
			}
			for _, q := range c.Queries() {
				_, err := expr.Parse(q.Text)
				var all parser.ParseErrors
				switch {
				case errors.As(err, &all):
					first, last := all[0], len(strings.TrimRight(q.Text, " \t\r\n")) // what is missing is shown behind the last word
					p.Report(c.Pos(q.Start+min(int(first.PositionRange.Start), last), q.Start+min(int(first.PositionRange.End), last)), "paste it into Prometheus, and mend it", "%s", first.Err)
				case err != nil:
					p.Report(c.Pos(q.Start, q.Start+len(q.Text)), "", "%s", err)
				}
			}
		})
	},
}
