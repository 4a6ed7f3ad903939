package alerts

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Lag fires while something is further behind than it may be: a replica, a consumer.
type Lag struct {
	spec.Node
	// Of selects the lag, a time: pg_replication_lag_seconds.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Above is the limit.
	Above spec.Duration `json:"above" jsonschema:"required"`
	// Unit of the metric, s or ms. Default: what its name ends with, or seconds.
	Unit spec.Text `json:"unit,omitempty"`
	// Per are labels whose values are judged apart. All others are aggregated away: the largest lag counts, and a restart
	// that changes them does not begin for anew.
	Per []spec.Ident `json:"per,omitempty"`
	GoneSpec

	unit unit
	per  []string
}

func (l *Lag) resolve(s *slo.Service, r *diag.Report) bool {
	if !s.Catalogue.Gauge(l.Of, r) || !checkPer(l.Per, l.Of, s.Catalogue, r) {
		return false
	}
	var ok bool
	l.unit, ok = unitOf(l.Unit, l.Of.Selector.Name, r)
	l.per = idents(l.Per)
	return ok && atLeast(l.Above, time.Millisecond, r)
}

func (l *Lag) condition() expr.Expr {
	behind := expr.Greater(expr.Max(l.Of.Selector, l.per...), l.unit.number(l.Above.Duration))
	return orGone(behind, l.Of.Selector, l.fires(false))
}

func (l *Lag) words() Words {
	return Words{
		Condition: short(l.Of.Selector) + " is above " + l.Above.String(),
		Per:       l.per,
		Value:     l.unit.value("The lag"),
	}.orGone(l.Of.Selector, l.fires(false))
}

func (l *Lag) imitate(t Timing) Imitation {
	at := l.unit.of(l.Above.Duration)
	levels := jumps(t, limit{at: at}, 0, 2*at)
	levels.Gauges = []Gauge{gauge(l.Of.Selector, same)}
	levels.Per, levels.Steady, levels.Siblings = l.per, true, []float64{levels.Quiet}
	levels.vanishing(l.Of.Selector, l.fires(false))
	return Imitation{Levels: levels}
}

func (l *Lag) quantity() Quantity { return l.unit.quantity() }
