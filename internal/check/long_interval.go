package check

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var longInterval = &Check{
	Kind: diag.Kind{Name: "long-interval", Severity: diag.Warning, Doc: `A group is evaluated so seldom that its series have gaps.

Prometheus looks back five minutes for the newest sample (--query.lookback-delta). What is recorded less often is not there
between whiles: graphs have holes, and alerts that read it end and begin again. Alerts of such a group are late besides.`},
	Bad: `groups:
  - name: example
    interval: 10m
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
`,
	Good: `groups:
  - name: example
    interval: 5m
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
`,
	Run: func(p *Pass) {
		p.EachFile(func(f *rulefile.File) {
			for _, p.group = range f.Groups {
				if p.group.Interval > lookback && len(p.group.Rules) > 0 {
					p.Report(p.group.Value.Get("interval").Pos, "use 5m at most", "the group is evaluated every %s, and a sample is seen for %s", spec.FormatDuration(p.group.Interval), spec.FormatDuration(lookback))
				}
			}
		})
	},
}

// lookback is how long Prometheus sees a sample, if no flag says otherwise.
const lookback = 5 * time.Minute
