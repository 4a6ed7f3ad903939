package check

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var featureFlag = &Check{
	Kind: diag.Kind{Name: "feature-flag", Severity: diag.Note, Doc: `An expression is loaded only where Prometheus has a feature flag.

Durations that are computed, such as [5m * 2], need --enable-feature=promql-duration-expr: promtool takes them without, a server
does not, and refuses the whole file. The parameter enabled lists the flags that the servers have.`},
	Configuration: "feature-flag: {severity: error, enabled: [promql-extended-range-selectors]}",
	Bad: `groups:
  - name: example
    rules:
      - record: job:requests:rate10m
        expr: sum by (job) (rate(requests_total[5m * 2]))
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:requests:rate10m
        expr: sum by (job) (rate(requests_total[10m]))
`,
	Parameters: func() any { return &featureParameters{} },
	Queries:    true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		for n := range partsOf[parser.Node](p) {
			flag, what := neededFlag(n)
			if flag != "" && !parametersOf[featureParameters](p).Enabled.has(flag) {
				p.Report(r.ExprPos(n), "write it without, or list the flag in enabled where every server has it", "%s needs --enable-feature=%s", what, flag)
			}
		}
	},
}

type featureParameters struct {
	// Enabled are the feature flags that the servers have.
	Enabled Texts `json:"enabled,omitempty"`
}

// neededFlag is the feature flag that a node needs by itself, and what needs it.
func neededFlag(n parser.Node) (flag, what string) {
	const durations = "promql-duration-expr"
	switch n := n.(type) {
	case *parser.MatrixSelector:
		if n.RangeExpr != nil {
			return durations, "a computed range"
		}
	case *parser.SubqueryExpr:
		if n.RangeExpr != nil || n.StepExpr != nil || n.OriginalOffsetExpr != nil {
			return durations, "a computed duration"
		}
	case *parser.VectorSelector:
		switch {
		case n.OriginalOffsetExpr != nil:
			return durations, "a computed offset"
		case n.Anchored, n.Smoothed:
			return "promql-extended-range-selectors", "anchored or smoothed"
		}
	case *parser.BinaryExpr:
		if n.VectorMatching != nil && fills(n.VectorMatching) {
			return "promql-binop-fill-modifiers", "fill"
		}
	case *parser.Call:
		if n.Func.Experimental {
			return "promql-experimental-functions", strings.ToLower(n.Func.Name)
		}
	}
	return "", ""
}
