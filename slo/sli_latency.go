package slo

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// Latency is the share of requests that were answered within a limit, counted in a classic histogram.
type Latency struct {
	spec.Node
	// Of selects the histogram, by its name without _bucket: http_request_duration_seconds{job="api"}.
	Of Selector `json:"of" jsonschema:"required"`
	// Within is the limit. The histogram must have a bucket that ends there.
	Within spec.Duration `json:"within" jsonschema:"required"`
	// Unit of the metric, s or ms. Default: what its name ends with, or seconds.
	Unit spec.Text `json:"unit,omitempty"`

	unit    Unit
	limit   float64 // in the unit
	buckets []float64
	per     []string
}

// resolve implements SLI.
func (l *Latency) resolve(s *Service, per []string, r *diag.Report) bool {
	if l.Of.Selector == nil || !l.Within.IsSet() {
		return false
	}
	var ok bool
	if l.unit, ok = UnitOf(l.Unit, l.Of.Selector.Name, r); !ok {
		return false
	}
	l.per = per
	l.limit = l.Within.Seconds() * l.unit.PerSecond
	l.buckets = []float64{l.limit / 2, l.limit, l.limit * 2}
	if l.limit <= 0 {
		r.Add(spec.BadValue, l.Within.Pos(), "give the slowest good answer, such as 500ms", "a limit of %s makes every answer bad", l.Within)
		return false
	}
	found, ok := s.Catalogue.checkHistogram(l, r)
	if len(found) > 0 {
		l.buckets = found
	}
	return ok
}

func (l *Latency) count() expr.Selector {
	return expr.Rename(l.Of.Selector, l.Of.Selector.Name+"_count")
}

func (l *Latency) fast() expr.Selector {
	return expr.Narrow(expr.Rename(l.Of.Selector, l.Of.Selector.Name+"_bucket"), bucketMatcher(l.limit))
}

// bucketMatcher matches a bucket's bound as it may be written: Prometheus 3
// stores 1.0 where a client exposed 1, Prometheus 2 kept what it got.
func bucketMatcher(bound float64) *labels.Matcher {
	le := formatBound(bound)
	if strings.ContainsAny(le, ".eI") {
		return expr.Equal(labels.BucketLabel, le)
	}
	return labels.MustNewMatcher(labels.MatchRegexp, labels.BucketLabel, le+`|`+le+`\.0`)
}

func formatBound(bound float64) string { return strconv.FormatFloat(bound, 'g', -1, 64) }

// ErrorRatio implements SLI.
func (l *Latency) ErrorRatio(window time.Duration) expr.Expr {
	rate := func(s expr.Selector) expr.Expr { return expr.Sum(expr.Rate(s, window), l.per...) }
	return expr.Sub(one, expr.Div(rate(l.fast()), someOf(rate(l.count()))))
}

// AllEvents implements SLI.
func (l *Latency) AllEvents(count Counting) expr.Expr { return count(l.count()) }

// BadEvents implements SLI.
func (l *Latency) BadEvents(count Counting, total expr.Expr) expr.Expr {
	return expr.Sub(total, count(l.fast()))
}

// Errors implements SLI.
func (l *Latency) Errors(window time.Duration) expr.Expr {
	increase := func(s expr.Selector) expr.Expr { return expr.Sum(expr.Increase(s, window), l.per...) }
	return l.BadEvents(increase, l.AllEvents(increase))
}

// Inputs implements SLI: without the bucket every answer would seem slow, or none.
func (l *Latency) Inputs() []Input { return []Input{{l.count()}, {l.fast()}} }

// Streams implements SLI. A good answer takes just the limit and a bad one
// falls into the next bucket, so that a rule which reads a neighbouring bucket
// counts wrong.
func (l *Latency) Streams() []Stream {
	next := l.limit * 2
	for _, bound := range l.buckets {
		if bound > l.limit {
			next = bound
			break
		}
	}
	return HistogramStreams(l.Of.Selector, l.buckets, l.limit, next)
}

// HistogramStreams are the series of a classic histogram in which a good answer
// takes as long as one bound and a bad one as long as another, later one.
func HistogramStreams(of expr.Selector, buckets []float64, good, bad float64) []Stream {
	match, name := expr.LabelMatchers(of), of.Name
	streams := []Stream{
		{Metric: name + "_count", Match: match, PerGood: 1, PerBad: 1},
		{Metric: name + "_sum", Match: match, PerGood: good, PerBad: bad},
		{Metric: name + "_bucket", Match: match, PerGood: 1, PerBad: 1, Le: "+Inf"},
	}
	for _, bound := range buckets {
		s := Stream{Metric: name + "_bucket", Match: match, Le: storedBound(bound)}
		if bound >= good {
			s.PerGood = 1
		}
		if bound >= bad {
			s.PerBad = 1
		}
		streams = append(streams, s)
	}
	return streams
}

// storedBound is a bound as Prometheus 3 stores it: 1.0, not 1.
func storedBound(bound float64) string {
	le := formatBound(bound)
	if !strings.ContainsAny(le, ".e") {
		le += ".0"
	}
	return le
}

// Slice implements SLI.
func (*Latency) Slice() time.Duration { return 0 }

// Events implements SLI.
func (l *Latency) Events() string { return expr.String(l.count()) }

// Quantile implements Timed.
func (l *Latency) Quantile(q *big.Rat, window time.Duration, among ...*labels.Matcher) expr.Expr {
	buckets := expr.Narrow(expr.Rename(l.Of.Selector, l.Of.Selector.Name+"_bucket"), among...)
	return expr.HistogramQuantile(expr.Number(q), expr.Sum(expr.Rate(buckets, window), append([]string{labels.BucketLabel}, l.per...)...))
}

// Slowest implements Timed.
func (l *Latency) Slowest() (limit, perSecond float64) {
	return l.limit, l.unit.PerSecond
}
