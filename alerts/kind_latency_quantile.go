package alerts

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// UnreachableQuantile is a limit that a quantile cannot exceed.
var UnreachableQuantile = &diag.Kind{Name: "unreachable-quantile", Severity: diag.Error, Doc: `A quantile of a histogram cannot exceed its limit.

Prometheus takes the highest finite bound for what is above it: a histogram with buckets up to 10 has no quantile above 10,
however slow requests are. Choose a limit below that, or add a bucket to the service.`}

// LatencyQuantile fires while a quantile of a classic histogram's latency is above a limit.
type LatencyQuantile struct {
	spec.Node
	// Of selects the histogram, by its name without _bucket.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Quantile is the share of requests that must be faster: 99%.
	Quantile spec.Ratio `json:"quantile" jsonschema:"required"`
	// Above is the limit.
	Above spec.Duration `json:"above" jsonschema:"required"`
	// Over is the window.
	Over spec.Duration `json:"over" jsonschema:"required"`
	// Unit of the metric, s or ms. Default: what its name ends with, or seconds.
	Unit spec.Text `json:"unit,omitempty"`
	// Per are labels whose values are judged apart. Without any, all requests are judged together.
	Per []spec.Ident `json:"per,omitempty"`

	unit    unit
	per     []string
	buckets []float64
}

func (l *LatencyQuantile) resolve(s *slo.Service, r *diag.Report) bool {
	if l.Of.Selector == nil {
		return false // reported where it was read
	}
	found, ok := s.Catalogue.Histogram(l.Of, r)
	var known bool
	l.unit, known = unitOf(l.Unit, l.Of.Selector.Name, r)
	l.per = idents(l.Per)
	ok = known && ok && checkPer(l.Per, l.Of, s.Catalogue, r)
	ok = between(l.Quantile, r) && atLeast(l.Above, time.Millisecond, r) && checkWindow(l.Over, s, r) && ok
	if !ok {
		return false
	}
	limit := l.unit.of(l.Above.Duration)
	l.buckets = []float64{limit / 2, limit, 2 * limit}
	if len(found) == 0 {
		return true
	}
	l.buckets = found
	if highest := found[len(found)-1]; highest <= limit {
		r.Add(UnreachableQuantile, l.Above.Pos(), "use a limit below its highest bound", "no quantile of %s is above %g %s, its highest bound", l.Of.Selector.Name, highest, l.unit.Name)
		return false
	}
	return true
}

func (l *LatencyQuantile) condition() expr.Expr {
	buckets := expr.Rename(l.Of.Selector, l.Of.Selector.Name+"_bucket")
	rates := expr.Sum(expr.Rate(buckets, l.Over.Duration), append([]string{labels.BucketLabel}, l.per...)...)
	return expr.Greater(expr.HistogramQuantile(expr.Number(l.Quantile.Rat), rates), l.unit.number(l.Above.Duration))
}

func (l *LatencyQuantile) words() Words {
	name := quantileName(l.Quantile)
	return Words{
		Condition: fmt.Sprintf("the %s of %s is above %s over %s", name, short(l.Of.Selector), l.Above, l.Over),
		Per:       l.per,
		Value:     l.unit.value("The " + name),
	}
}

// quantileName is what people call a quantile: p99.
func quantileName(q spec.Ratio) string {
	return "p" + spec.FormatDecimal(new(big.Rat).Mul(q.Rat, big.NewRat(100, 1)))
}

// imitate implements Kind. A good answer takes as long as the last bound that
// the limit allows, a bad one falls into a bucket behind it. The quantile is
// above the limit when more than the rest of requests are bad.
func (l *LatencyQuantile) imitate(Timing) Imitation {
	limit := l.unit.of(l.Above.Duration)
	above := slices.IndexFunc(l.buckets, func(b float64) bool { return b > limit })
	good, bad := 0.0, l.buckets[above]
	if above > 0 {
		good = l.buckets[above-1]
	}
	share := new(big.Rat).Sub(big.NewRat(1, 1), l.Quantile.Rat)
	switch {
	case good == limit:
	case above+1 < len(l.buckets):
		// The limit lies within a bucket, and what falls there may be on either side.
		bad = l.buckets[above+1]
	default:
		// Within the last one Prometheus interpolates: the quantile is where the rank lies among the bad answers.
		within := new(big.Rat).SetFloat64((limit - good) / (bad - good))
		share.Quo(share, within.Sub(big.NewRat(1, 1), within))
	}
	return Imitation{Events: &Events{
		Streams: slo.HistogramStreams(l.Of.Selector, l.buckets, good, bad), Per: l.per, Window: l.Over.Duration, Share: share,
	}}
}

func (l *LatencyQuantile) quantity() Quantity { return l.unit.quantity() }
