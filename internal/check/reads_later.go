package check

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var readsLater = &Check{
	Kind: diag.Kind{Name: "reads-later", Severity: diag.Note, Doc: `A rule reads a series that a later rule of its group records.

The rules of a group are evaluated in the order of the file: the reader sees what was recorded the last time, one interval ago,
and nothing the first time. Move the recording rule up. A rule that reads its own past, and two that read each other, are let
pass.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: ManyErrors
        expr: job:errors:rate5m > 10
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors_total[5m]))
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors_total[5m]))
      - alert: ManyErrors
        expr: job:errors:rate5m > 10
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		for s := range partsOf[*parser.VectorSelector](p) {
			if s.OriginalOffset > 0 {
				continue
			}
			if later := p.onlyLater(r, s); later != nil && !p.reads(later, r) {
				p.Report(r.ExprPos(s), "move that rule up", "%s is recorded below, at %s, so that the value is that of the last evaluation", later.Record, later.Value.Pos)
			}
		}
	},
}

// onlyLater is a rule that records what a selector selects, where all that do
// stand below r in its group; otherwise nil.
func (p *Pass) onlyLater(r *rulefile.Rule, s *parser.VectorSelector) *rulefile.Rule {
	rules := p.recordings(s)
	if len(rules) == 0 || slices.ContainsFunc(rules, func(o *recording) bool { return o.group != p.group || o.rule.Index <= r.Index }) {
		return nil
	}
	return rules[0].rule
}

// reads tells whether a rule reads what another one records.
func (p *Pass) reads(r, recorded *rulefile.Rule) bool {
	if recorded.Record == "" || r.Expr == nil {
		return false
	}
	found := false
	parser.Inspect(r.Expr, func(n parser.Node, _ []parser.Node) error {
		s, ok := n.(*parser.VectorSelector)
		found = found || ok && slices.ContainsFunc(p.recordings(s), func(o *recording) bool { return o.rule == recorded })
		return nil
	})
	return found
}
