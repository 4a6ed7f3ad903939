package check

import (
	"fmt"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var wrongRate = &Check{
	Kind: diag.Kind{Name: "wrong-rate", Severity: diag.Warning, Doc: `A function for counters is applied to something else, or one for gauges to a counter.

rate(), irate() and increase() take every decrease for a restart from zero: of a gauge they make nonsense, and of a sum of
counters too, since it falls when one instance restarts; take the rate first and the sum of that. delta(), idelta(), deriv()
and predict_linear() do not know restarts, so that a counter looks as if it fell. What is a counter the metric catalogue
tells (metrics in .slowburn.yaml or in the spec); without one, names do where they leave no doubt: requests_total and _bucket
count; _info, _ratio, _timestamp_seconds, _queue_length, _available_bytes do not, nor does node_load1 and what else the usual
exporters are known for. Recorded series are followed to the rules that record them.`},
	Bad: `groups:
  - name: example
    rules:
      - record: job:requests
        expr: sum by (job) (requests_total)
      - alert: NoRequests
        expr: rate(job:requests[5m]) == 0
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:requests:rate5m
        expr: sum by (job) (rate(requests_total[5m]))
      - alert: NoRequests
        expr: job:requests:rate5m == 0
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		for call := range partsOf[*parser.Call](p) {
			p.checkFunction(r, call)
		}
	},
}

// countersOnly tells of a function whether it is for counters; those that take
// anything are not listed.
var countersOnly = map[string]bool{
	"rate": true, "irate": true, "increase": true,
	"delta": false, "idelta": false, "deriv": false, "predict_linear": false,
}

// insteadOf are the functions for gauges to use in place of those for counters, and the other way round.
var insteadOf = map[string]string{
	"rate": "deriv()", "irate": "idelta()", "increase": "delta()",
	"delta": "increase()", "idelta": "irate()", "deriv": "rate()", "predict_linear": "rate()",
}

func (p *Pass) checkFunction(r *rulefile.Rule, call *parser.Call) {
	wantsCounter, ok := countersOnly[call.Func.Name]
	if !ok {
		return
	}
	what := countingFlow{p, 0, map[*recording]counting{}}.of(call.Args[0])
	switch {
	case what == sumOfSeries && wantsCounter:
		p.Report(r.ExprPos(call), "take it of each series, and the sum of that", "%s of a sum takes it for a restart when any part of the sum restarts or goes", call.Func.Name)
	case what == noCounter && wantsCounter:
		p.Report(r.ExprPos(call), fmt.Sprintf("use %s, or a counter", insteadOf[call.Func.Name]), "%s of %s takes every decrease for a restart", call.Func.Name, p.noCounter(call.Args[0]))
	case what == counter && !wantsCounter:
		p.Report(r.ExprPos(call), fmt.Sprintf("use %s", insteadOf[call.Func.Name]), "%s of a counter takes a restart for a decrease", call.Func.Name)
	}
}

// noCounter says what a function for counters is applied to.
func (p *Pass) noCounter(e parser.Expr) string {
	e = unwrap(e)
	if m, ok := e.(*parser.MatrixSelector); ok {
		e = m.VectorSelector
	}
	if s, ok := e.(*parser.VectorSelector); ok && p.typeOf(s) == model.MetricTypeGauge {
		return metricOf(s) + ", a gauge,"
	}
	return "what is no counter"
}

// counting is what is known of how the values of an expression change.
type counting int

const (
	unknown     counting = iota
	counter              // they only increase, but for restarts
	sumOfSeries          // they are sums of what may be counters
	noCounter
)

// countingFlow follows what a function is applied to.
type countingFlow struct {
	*Pass
	depth int // how many recording rules led here
	known map[*recording]counting
}

func (f countingFlow) of(e parser.Expr) counting {
	switch e := unwrap(e).(type) {
	case *parser.MatrixSelector:
		return f.of(e.VectorSelector)
	case *parser.SubqueryExpr:
		return f.of(e.Expr)
	case *parser.VectorSelector:
		return f.selector(e)
	case *parser.AggregateExpr:
		inner := f.of(e.Expr)
		switch {
		case e.Op == parser.SUM && (inner == counter || f.isSelected(e.Expr)):
			return sumOfSeries
		case e.Op == parser.SUM, e.Op == parser.TOPK, e.Op == parser.BOTTOMK:
			return inner
		case e.Op == parser.COUNT, e.Op == parser.GROUP, e.Op == parser.STDDEV, e.Op == parser.STDVAR:
			return noCounter
		}
	case *parser.Call:
		switch e.Func.Name {
		case "rate", "irate", "deriv", "delta", "idelta", "histogram_quantile", "absent", "hour", "minute":
			return noCounter
		case "label_replace", "label_join", "last_over_time", "first_over_time", "sort", "sort_desc":
			return f.of(e.Args[0])
		}
	}
	return unknown
}

// isSelected tells whether an expression is a metric as it was scraped.
func (p *Pass) isSelected(e parser.Expr) bool {
	s, ok := unwrap(e).(*parser.VectorSelector)
	return ok && p.isScraped(metricOf(s)) && p.typeOf(s) != model.MetricTypeGauge
}

func (f countingFlow) selector(s *parser.VectorSelector) counting {
	if len(f.recordings(s)) > 0 {
		return alike(f.Unit, s, f.recording)
	}
	switch f.typeOf(s) {
	case model.MetricTypeCounter:
		return counter
	case model.MetricTypeGauge:
		return noCounter
	case model.MetricTypeSummary:
		if hasMatcher(s, model.QuantileLabel) {
			return noCounter
		}
	}
	return unknown
}

func (f countingFlow) recording(r *recording) counting {
	of, ok := f.known[r]
	if !ok && r.rule.Expr != nil && f.depth < maxSteps {
		f.known[r] = unknown // for a rule that reads itself
		of = countingFlow{f.Pass, f.depth + 1, f.known}.of(r.rule.Expr)
		f.known[r] = of
	}
	return of
}

// maxSteps is how many recording rules are followed for each use of a function.
const maxSteps = 20
