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
			first := seen[key]
			switch {
			case first == nil:
				seen[key] = r
			case first.Value.Pos == r.Value.Pos:
				// An alias puts the same lines into two groups.
				p.Report(p.group.Value.Pos, "write the rules out, each with labels of its own", "%s with the same labels stands already at %s: an alias takes it from there", r.Name(), first.Value.Pos)
			default:
				p.Report(r.Value.Pos, "rename one, or give it another label", "%s with the same labels stands already at %s", r.Name(), first.Value.Pos)
			}
		})
	},
}
