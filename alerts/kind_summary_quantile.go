package alerts

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// SummaryQuantile fires while a quantile of a summary is above a limit. The service computed it: those of several instances
// cannot be put together, and the largest counts.
type SummaryQuantile struct {
	spec.Node
	// Of selects the summary, without its label quantile.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Quantile is one that the summary has: 99%.
	Quantile spec.Ratio `json:"quantile" jsonschema:"required"`
	// Above is the limit.
	Above spec.Duration `json:"above" jsonschema:"required"`
	// Unit of the metric, s or ms. Default: what its name ends with, or seconds.
	Unit spec.Text `json:"unit,omitempty"`
	// Per are labels whose values are judged apart. All others are aggregated away.
	Per []spec.Ident `json:"per,omitempty"`

	of   expr.Selector
	unit unit
	per  []string
}

// quantileLabel says which quantile a summary's series is.
const quantileLabel = "quantile"

func (q *SummaryQuantile) resolve(s *slo.Service, r *diag.Report) bool {
	if !s.Catalogue.Summary(q.Of, r) || !checkPer(q.Per, q.Of, s.Catalogue, r) || !between(q.Quantile, r) {
		return false
	}
	value := strconv.FormatFloat(toFloat(q.Quantile.Rat), 'g', -1, 64)
	if has := s.Catalogue.Values(q.Of.Selector.Name, quantileLabel); len(has) > 0 && !slices.Contains(has, value) {
		r.Add(slo.UnknownBucket, q.Quantile.Pos(), "use one that it has", "%s has no quantile %s, but %v", q.Of.Selector.Name, value, has)
		return false
	}
	q.of = expr.Narrow(q.Of.Selector, expr.Equal(quantileLabel, value))
	q.per = idents(q.Per)
	var ok bool
	q.unit, ok = unitOf(q.Unit, q.of.Name, r)
	return ok && atLeast(q.Above, time.Millisecond, r)
}

func (q *SummaryQuantile) condition() expr.Expr {
	return expr.Greater(expr.Max(q.of, q.per...), q.unit.number(q.Above.Duration))
}

func (q *SummaryQuantile) words() Words {
	name := quantileName(q.Quantile)
	return Words{
		Condition: fmt.Sprintf("the %s of %s is above %s", name, short(q.Of.Selector), q.Above),
		Per:       q.per, Value: q.unit.value("The " + name),
	}
}

func (q *SummaryQuantile) imitate(t Timing) Imitation {
	at := q.unit.of(q.Above.Duration)
	levels := jumps(t, limit{at: at}, at/2, 2*at)
	levels.Gauges = []Gauge{gauge(q.of, same)}
	levels.Per, levels.Steady, levels.Siblings = q.per, true, []float64{levels.Quiet}
	return Imitation{Levels: levels}
}

func (q *SummaryQuantile) quantity() Quantity { return q.unit.quantity() }
