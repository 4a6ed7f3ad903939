package check

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var wrongQuantile = &Check{
	Kind: diag.Kind{Name: "wrong-quantile", Severity: diag.Warning, Doc: `A quantile is computed from what has none.

histogram_quantile() needs the buckets with their label le: an aggregation below it must keep le, or there is no result. Its
first parameter, and that of quantile() and quantile_over_time(), is between 0 and 1: 0.95, not 95.
A summary's quantiles were computed in the service. They are no counters, so that rate() of them means nothing, and a ratio of
requests cannot be had from them. The sum or the mean of quantiles is no quantile either, be they of a summary, of
histogram_quantile(), or recorded from it: one slow instance among ten fast ones disappears in the mean. Take the worst,
max(...), or add up buckets before the quantile is taken.`},
	Bad: `groups:
  - name: example
    rules:
      - record: job:request_seconds:p95
        expr: histogram_quantile(0.95, sum by (job) (rate(request_seconds_bucket[5m])))
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:request_seconds:p95
        expr: histogram_quantile(0.95, sum by (job, le) (rate(request_seconds_bucket[5m])))
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		flow := newLabelFlow(p.Unit)
		for n := range partsOf[parser.Node](p) {
			switch n := n.(type) {
			case *parser.VectorSelector:
				p.checkBuckets(r, n)
			case *parser.Call:
				p.checkQuantileCall(r, n, flow)
			case *parser.AggregateExpr:
				if n.Op == parser.QUANTILE {
					p.checkShare(r, n.Param)
				}
				p.checkMean(r, n, flow)
			}
		}
	},
}

func (p *Pass) checkQuantileCall(r *rulefile.Rule, call *parser.Call, flow labelFlow) {
	switch call.Func.Name {
	case "quantile_over_time":
		p.checkShare(r, call.Args[0])
	case "histogram_quantile":
		p.checkShare(r, call.Args[0])
		if set := flow.of(call.Args[1]); !set.has(labels.BucketLabel) && (set.open || !set.has(victoriaBuckets)) && hasBuckets(call.Args[1]) {
			p.Report(r.ExprPos(call.Args[1]), "keep it: sum by (..., le)", "histogram_quantile has no label le to go by, and no result")
		}
	case "rate", "irate", "increase":
		p.checkSummary(r, call.Args[0], call.Func.Name+" of a quantile of %s, which counts nothing", "use its _count or _sum, or the quantile as it is")
	}
}

// victoriaBuckets is the label that buckets have in VictoriaMetrics, whose
// histogram_quantile() goes by it.
const victoriaBuckets = "vmrange"

// checkShare reports a parameter that is no share.
func (p *Pass) checkShare(r *rulefile.Rule, e parser.Expr) {
	n, ok := unwrap(e).(*parser.NumberLiteral)
	if !ok || 0 <= n.Val && n.Val <= 1 {
		return
	}
	help := "write a share, such as 0.95"
	if 1 < n.Val && n.Val <= 100 {
		help = fmt.Sprintf("write %s", strconv.FormatFloat(n.Val/100, 'g', 6, 64))
	}
	p.Report(r.ExprPos(e), help, "the quantile is %s, and lies between 0 and 1", e)
}

// hasBuckets tells whether an expression is about classic histograms.
func hasBuckets(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok && (strings.HasSuffix(metricOf(s), "_bucket") || strings.Contains(metricOf(s), "_bucket:")) {
			found = true
		}
		return nil
	})
	return found
}

// checkBuckets reports the use of buckets that a summary does not have.
func (p *Pass) checkBuckets(r *rulefile.Rule, s *parser.VectorSelector) {
	name, ok := strings.CutSuffix(metricOf(s), "_bucket")
	for _, c := range p.around.Catalogues {
		if ok && c.Type(name) == model.MetricTypeSummary {
			p.Report(r.ExprPos(s), "expose a histogram: from a summary no ratio of requests can be had", "%s is a summary, which has no buckets", name)
			return
		}
	}
}

// checkMean reports the sum or the mean of several quantiles.
func (p *Pass) checkMean(r *rulefile.Rule, a *parser.AggregateExpr, flow labelFlow) {
	what := map[parser.ItemType]string{parser.SUM: "sum", parser.AVG: "mean"}[a.Op]
	if what == "" || !merges(a, flow) {
		return
	}
	if q := p.quantilesOf(a.Expr, 0); q.of != "" {
		p.Report(r.ExprPos(a.Expr), "take the worst, max(...), or "+q.help, "the %s of quantiles of %s is no quantile", what, q.of)
	}
}

// merges tells whether an aggregation may make one series of several.
func merges(a *parser.AggregateExpr, flow labelFlow) bool {
	inner := flow.of(a.Expr).without(model.MetricNameLabel)
	if a.Without {
		return len(inner.only(a.Grouping...).list()) > 0
	}
	rest := inner.without(a.Grouping...)
	return rest.open || len(rest.list()) > 0
}

// quantiles are of what an expression has quantiles, and how to have one of
// several series.
type quantiles struct{ of, help string }

// quantilesOf tells of which metric an expression is a quantile, if it is one.
func (p *Pass) quantilesOf(e parser.Expr, depth int) quantiles {
	switch e := unwrap(e).(type) {
	case *parser.Call:
		if e.Func.Name == "histogram_quantile" && soleMetric(e) != "" {
			return quantiles{soleMetric(e), "add up the buckets, and take the quantile of that"}
		}
	case *parser.VectorSelector:
		name := metricOf(e)
		if p.isScraped(name) && hasMatcher(e, model.QuantileLabel) {
			return quantiles{name, "expose a histogram"}
		}
		return alike(p.Unit, e, func(r *recording) quantiles {
			if r.rule.Expr == nil || depth >= maxSteps {
				return quantiles{}
			}
			return p.quantilesOf(r.rule.Expr, depth+1)
		})
	}
	return quantiles{}
}

// checkSummary reports the use of a scraped selector that chooses a quantile.
func (p *Pass) checkSummary(r *rulefile.Rule, e parser.Expr, format, help string) {
	e = unwrap(e)
	if m, ok := e.(*parser.MatrixSelector); ok {
		e = m.VectorSelector
	}
	s, ok := e.(*parser.VectorSelector)
	if ok && hasMatcher(s, model.QuantileLabel) && p.isScraped(metricOf(s)) {
		p.Report(r.ExprPos(s), help, format, metricOf(s))
	}
}
