package check

import (
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var duplicateAcrossFiles = &Check{
	Kind: diag.Kind{Name: "duplicate-across-files", Severity: diag.Warning, Doc: `A rule of another file has the same name and the same labels.

One Prometheus that loads both evaluates them both: two recording rules write the same series by turns, as if it jumped to and
fro; the same alert, with the same expression, is evaluated twice. Alerts of one name with different expressions are let pass,
since that is how one name is given to several causes. Files are compared that are checked together, those of a folder, but
not rule files with PrometheusRules, which are often the same rules for another way to deploy them.`},
	Bad: `# api.yaml
groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
---
# web.yaml
groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up{job!=""})
`,
	Good: `# api.yaml
groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
---
# web.yaml
groups:
  - name: example
    rules:
      - record: job:up:count
        expr: count by (job) (up)
`,
	Run: func(p *Pass) {
		if len(p.Files) < 2 {
			return
		}
		seen := map[bool]seenRules{false: {}, true: {}} // rule files and PrometheusRules
		where := map[*rulefile.Rule]*rulefile.File{}
		p.EachRule(func(r *rulefile.Rule) {
			first := seen[p.file.Resource != nil].add(p, r)
			where[r] = p.file
			if first == nil || where[first] == p.file || r.Alert != "" && !same(first.Expr, r.Expr) {
				return
			}
			p.Report(r.Value.Pos, "remove one, or give it another label", "%s with the same labels stands in %s too", r.Name(), first.Value.Pos)
		})
	},
}
