package check

import (
	"maps"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var duplicateRule = &Check{
	Kind: diag.Kind{Name: "duplicate-rule", Severity: diag.Warning, Doc: `Two rules of a file have the same name and the same labels.

Two recording rules would write the same series, and which value is stored depends on the order of evaluation. Two alerts
could not be told apart. promtool's lint of the same name looks for this too.`},
	Bad: `groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - record: job:up:sum
        expr: sum by (job) (up{job!=""})
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - record: job:up:count
        expr: count by (job) (up)
`,
	Run: func(p *Pass) {
		seen := map[string]*rulefile.Rule{}
		var file *rulefile.File
		p.EachRule(func(r *rulefile.Rule) {
			if p.file != file {
				file = p.file
				clear(seen)
			}
			set := map[string]string{model.MetricNameLabel: r.Name()}
			maps.Copy(set, p.group.Labels)
			maps.Copy(set, r.Labels)
			key := labels.FromMap(set).String()
			if first := seen[key]; first != nil {
				p.Report(r.Value.Pos, "rename one, or give it another label", "%s with the same labels stands already at %s", r.Name(), first.Value.Pos)
				return
			}
			seen[key] = r
		})
	},
}
