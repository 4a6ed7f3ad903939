package slo

import (
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// NativeLatency is the share of requests that were answered within a limit, counted in a native histogram. Of the bucket
// that the limit falls into, a part is counted: as much of it as lies below the limit, on a logarithmic scale. With schema 3
// such a bucket is 9% wide, with schema 8 0.3%; custom buckets are counted exactly at their bounds.
type NativeLatency struct {
	spec.Node
	// Of selects the histogram: http_request_duration_seconds{job="api"}.
	Of Selector `json:"of" jsonschema:"required"`
	// Within is the limit.
	Within spec.Duration `json:"within" jsonschema:"required"`
	// Unit of the metric, s or ms. Default: what its name ends with, or seconds.
	Unit spec.Text `json:"unit,omitempty"`

	unit  Unit
	limit float64 // in the unit
	per   []string
}

// resolve implements SLI. A page of /metrics shows no native buckets, so that
// only the type can be looked up.
func (l *NativeLatency) resolve(s *Service, per []string, r *diag.Report) bool {
	if l.Of.Selector == nil || !l.Within.IsSet() {
		return false // reported where it was read
	}
	name := l.Of.Selector.Name
	for _, suffix := range []string{"_bucket", "_count", "_sum"} {
		if base, ok := strings.CutSuffix(name, suffix); ok {
			r.Add(spec.BadValue, l.Of.Pos(), "write "+base+", or use latency", "a native histogram is one series, and has no %s", name)
			return false
		}
	}
	if l.Within.Duration <= 0 {
		r.Add(spec.BadValue, l.Within.Pos(), "give the slowest good answer, such as 500ms", "a limit of %s makes every answer bad", l.Within)
		return false
	}
	var ok bool
	if l.unit, ok = UnitOf(l.Unit, name, r); !ok {
		return false
	}
	l.per = per
	l.limit = l.Within.Seconds() * l.unit.PerSecond
	return s.Catalogue.checkIsHistogram(l.Of, r)
}

// all and bad are the numbers of requests that a histogram counts.
func (l *NativeLatency) all(h expr.Expr) expr.Expr { return expr.Call("histogram_count", h) }

// bad is NaN where there are none.
func (l *NativeLatency) bad(h expr.Expr) expr.Expr {
	return expr.Mul(l.all(h), expr.Paren(expr.Sub(one, l.fast(h))))
}

// fast is the share of requests within the limit.
func (l *NativeLatency) fast(h expr.Expr) expr.Expr {
	return expr.Call("histogram_fraction", expr.Float(math.Inf(-1)), expr.Float(l.limit), h)
}

// ErrorRatio implements SLI.
func (l *NativeLatency) ErrorRatio(window time.Duration) expr.Expr {
	h := expr.Sum(expr.Rate(l.Of.Selector, window), l.per...)
	return expr.And(expr.Sub(one, l.fast(h)), someOf(l.all(h)))
}

// Errors implements SLI.
func (l *NativeLatency) Errors(window time.Duration) expr.Expr {
	return l.bad(expr.Sum(expr.Increase(l.Of.Selector, window), l.per...))
}

// grown is by how much what is read from the histograms grew in a window: the
// difference of what they are and were, which is no extrapolation, and where one
// is new or was reset Prometheus' own estimate. What is read of a histogram
// without requests may be NaN, which a comparison drops.
func (l *NativeLatency) grown(read func(expr.Expr) expr.Expr, window time.Duration) expr.Expr {
	m := l.Of.Selector
	grown := expr.Sub(read(expr.LastOverTime(m, lookback)), read(expr.LastOverTime(expr.Before(m, window), lookback)))
	estimated := expr.Or(expr.AtLeast(grown, zero), read(expr.Increase(m, window)))
	return expr.Sum(expr.AtLeast(expr.Paren(estimated), zero), l.per...)
}

// eventsIn implements happening: what counts counters cannot count histograms.
func (l *NativeLatency) eventsIn(window time.Duration) expr.Expr { return l.grown(l.all, window) }

func (l *NativeLatency) badIn(window time.Duration) expr.Expr { return l.grown(l.bad, window) }

// Inputs implements SLI.
func (l *NativeLatency) Inputs() []Input { return []Input{{l.Of.Selector}} }

// Streams implements SLI. Good and bad answers are so far from the limit that
// they fall into other buckets than it does, and no further.
func (l *NativeLatency) Streams() []Stream {
	return []Stream{{
		Metric: l.Of.Selector.Name, Match: expr.LabelMatchers(l.Of.Selector),
		Native: &Native{Good: l.limit * 0.9, Bad: l.limit * 1.1},
	}}
}

// Slice implements SLI.
func (*NativeLatency) Slice() time.Duration { return 0 }

// Events implements SLI.
func (l *NativeLatency) Events() string { return expr.String(l.all(l.Of.Selector)) }

// Quantile implements Timed.
func (l *NativeLatency) Quantile(q *big.Rat, window time.Duration, among ...*labels.Matcher) expr.Expr {
	return expr.HistogramQuantile(expr.Number(q), expr.Sum(expr.Rate(expr.Narrow(l.Of.Selector, among...), window), l.per...))
}

// Slowest implements Timed.
func (l *NativeLatency) Slowest() (limit, perSecond float64) {
	return l.limit, l.unit.PerSecond
}
