package check

import (
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
)

var rawCounter = &Check{
	Kind: diag.Kind{Name: "raw-counter", Severity: diag.Warning, Doc: `A panel shows a counter as it is, or something is scaled by one.

A counter says how much happened since the process started: a line that climbs, and falls at every restart. Show how much
happens: rate() or increase(). What is a counter the metric catalogue tells (metrics in .slowburn.yaml or in the spec);
without one, names do where they leave no doubt. Label matchers make no difference, nor does the kind of the panel. KEDA, whose
trigger asks for one, adds replicas until the process restarts.`},
	Bad:  exampleDashboard(`sum by (status) (http_requests_total{job="api"})`),
	Good: exampleDashboard(`sum by (status) (rate(http_requests_total{job="api"}[$__rate_interval]))`),
	Run: func(p *Pass) {
		p.EachQuery(func(panel *dashfile.Panel, q *dashfile.Query) {
			for _, s := range p.rawCounters(q.Expr) {
				p.Report(q.Pos(s), "show how much happens: rate(…[$__rate_interval])", "%s counts since the process started, and is shown as it is", metricOf(s))
			}
		})
	},
	Resources: func(p *ResourcesPass) {
		p.eachTrigger(func(t trigger) {
			if t.expr == nil {
				return // refused-resource tells
			}
			for _, s := range p.rawCounters(t.expr) {
				p.reportIn(t, s, "scale by how much happens: sum(rate(…[5m]))", "%s counts since the process started, and grows until it restarts", metricOf(s))
			}
		})
	},
}

// rawCounters are the counters whose values an expression passes on.
func (p *Pass) rawCounters(e parser.Expr) []*parser.VectorSelector {
	switch e := unwrap(e).(type) {
	case *parser.VectorSelector:
		if p.typeOf(e) == model.MetricTypeCounter {
			return []*parser.VectorSelector{e}
		}
	case *parser.AggregateExpr:
		if e.Op != parser.COUNT && e.Op != parser.GROUP && e.Op != parser.COUNT_VALUES {
			return p.rawCounters(e.Expr)
		}
	case *parser.BinaryExpr:
		if e.Op.IsSetOperator() && e.Op != parser.LOR {
			return p.rawCounters(e.LHS)
		}
		if e.Op == parser.DIV && e.RHS.Type() == parser.ValueTypeVector {
			return nil // a ratio since the start, which may be meant
		}
		left, right := p.rawCounters(e.LHS), p.rawCounters(e.RHS)
		if e.Op == parser.SUB && len(left) == 1 && len(right) == 1 && metricOf(left[0]) != metricOf(right[0]) {
			return nil // what was begun and has not ended
		}
		return append(left, right...)
	case *parser.Call:
		switch e.Func.Name {
		case "label_replace", "label_join", "sort", "sort_desc", "round", "ceil", "floor", "clamp_min", "clamp_max":
			return p.rawCounters(e.Args[0])
		case "histogram_quantile":
			return p.rawCounters(e.Args[1])
		}
	}
	return nil
}
