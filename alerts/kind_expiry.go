package alerts

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Expiry fires before something expires, and after: a certificate, a licence.
type Expiry struct {
	spec.Node
	// At selects the instants of expiry, in seconds since 1970: probe_ssl_earliest_cert_expiry.
	At slo.Selector `json:"at" jsonschema:"required"`
	// Within is how long before the expiry it fires.
	Within spec.Duration `json:"within" jsonschema:"required"`
	// Per are labels whose values are judged apart. All others are aggregated away: the earliest expiry counts, and a
	// restart that changes them does not begin for anew.
	Per []spec.Ident `json:"per,omitempty"`
	GoneSpec

	per []string
}

func (e *Expiry) resolve(s *slo.Service, r *diag.Report) bool {
	e.per = idents(e.Per)
	return s.Catalogue.Instant(e.At, r) && checkPer(e.Per, e.At, s.Catalogue, r) && atLeast(e.Within, time.Minute, r)
}

func (e *Expiry) condition() expr.Expr {
	left := expr.Sub(expr.Min(e.At.Selector, e.per...), expr.Now())
	return orGone(expr.Less(left, expr.Seconds(e.Within.Duration)), e.At.Selector, e.fires(false))
}

func (e *Expiry) words() Words {
	return Words{
		Condition: short(e.At.Selector) + " is less than " + e.Within.String() + " ahead",
		Per:       e.per,
		Value:     "It expires in {{ $value | humanizeDuration }}.",
	}.orGone(e.At.Selector, e.fires(false))
}

// imitate implements Kind: the level is the time that is left. What happens
// begins an hour before too little of it is left.
func (e *Expiry) imitate(t Timing) Imitation {
	within := e.Within.Seconds()
	levels := drifts(t, limit{at: within, below: true}, 2*within+time.Hour.Seconds(), within+time.Hour.Seconds(), -1)
	levels.Gauges = []Gauge{gauge(e.At.Selector, func(level, at float64) float64 { return at + level })}
	levels.Per, levels.Steady, levels.Siblings = e.per, true, []float64{levels.Quiet}
	levels.vanishing(e.At.Selector, e.fires(false))
	return Imitation{Levels: levels}
}

func (*Expiry) quantity() Quantity { return QuantitySeconds }

// bearing implements bearer: it works until then.
func (*Expiry) bearing() bearing { return bearsNothing }
