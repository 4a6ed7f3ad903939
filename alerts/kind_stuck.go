package alerts

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Stuck fires while something has been going on for too long: a run, a lock, a transaction.
type Stuck struct {
	spec.Node
	// Since selects the instants at which the oldest of what goes on began, in seconds since 1970; 0, or no series, where
	// nothing goes on.
	Since slo.Selector `json:"since" jsonschema:"required"`
	// LongerThan is how long it may take.
	LongerThan spec.Duration `json:"longerThan" jsonschema:"required"`
	// Per are labels whose values are judged apart. All others are aggregated away: the oldest counts.
	Per []spec.Ident `json:"per,omitempty"`

	per []string
}

func (k *Stuck) resolve(s *slo.Service, r *diag.Report) bool {
	k.per = idents(k.Per)
	return s.Catalogue.Instant(k.Since, r) && checkPer(k.Per, k.Since, s.Catalogue, r) && atLeast(k.LongerThan, time.Second, r)
}

func (k *Stuck) condition() expr.Expr {
	began := expr.Min(expr.Greater(k.Since.Selector, zero), k.per...)
	return expr.Greater(expr.Sub(expr.Now(), began), expr.Seconds(k.LongerThan.Duration))
}

func (k *Stuck) words() Words {
	return Words{
		Condition: short(k.Since.Selector) + " is more than " + k.LongerThan.String() + " ago",
		Per:       k.per, Value: "It has been going on for {{ $value | humanizeDuration }}.",
	}
}

// imitate implements Kind: the level is how long it has been going on; nothing
// goes on at 0.
func (k *Stuck) imitate(t Timing) Imitation {
	levels := drifts(t, limit{at: k.LongerThan.Seconds()}, 0, 1, 1)
	levels.Gauges = []Gauge{gauge(k.Since.Selector, func(level, at float64) float64 {
		if level == 0 {
			return 0
		}
		return at - level
	})}
	levels.Per, levels.Steady, levels.Before = k.per, true, time.Duration(levels.Loud*float64(time.Second))
	levels.Quiet = k.LongerThan.Seconds() / 2 // beside, there is always something going on
	return Imitation{Levels: levels}
}

func (*Stuck) quantity() Quantity { return QuantitySeconds }
