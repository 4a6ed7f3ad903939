package check

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var beyondRetention = &Check{
	Kind: diag.Kind{Name: "beyond-retention", Severity: diag.Warning, Doc: `An expression looks back further than Prometheus keeps samples.

What is older than the retention (--storage.tsdb.retention.time, 15d if nobody sets it) is not there: an offset beyond it finds
nothing, and a longer range sums up, or averages, a part of what it says. The parameter retention tells how long samples are
kept; without it nothing is checked, since Thanos and the like keep them longer.`},
	Configuration: "beyond-retention: {retention: 15d}",
	Bad: `groups:
  - name: example
    rules:
      - record: job:requests:increase30d
        expr: sum by (job) (increase(requests_total[30d]))
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:requests:increase7d
        expr: sum by (job) (increase(requests_total[7d]))
`,
	Parameters: func() any { return &retentionParameters{} },
	Queries:    true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		retention := parametersOf[retentionParameters](p).Retention.Duration
		if retention == 0 {
			return
		}
		parser.Inspect(r.Expr, func(n parser.Node, path []parser.Node) error {
			s, ok := n.(*parser.VectorSelector)
			if !ok {
				return nil
			}
			back := s.OriginalOffset
			for _, outer := range path {
				switch outer := outer.(type) {
				case *parser.MatrixSelector:
					back += outer.Range
				case *parser.SubqueryExpr:
					back += outer.Range + outer.OriginalOffset
				}
			}
			if back > retention {
				p.Report(r.ExprPos(s), "look back less far, or add up recorded series where they are kept", "this looks back %s, and samples are kept for %s", spec.FormatDuration(back.Truncate(time.Second)), spec.FormatDuration(retention))
			}
			return nil
		})
	},
}

type retentionParameters struct {
	// Retention is how long Prometheus keeps samples.
	Retention spec.Duration `json:"retention,omitempty"`
}
