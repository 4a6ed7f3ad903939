package alerts

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Heartbeat fires while the last sign of life is too old: of an agent, a backup, a job.
type Heartbeat struct {
	spec.Node
	// At selects the instants of the last sign of life, in seconds since 1970.
	At slo.Selector `json:"at" jsonschema:"required"`
	// OlderThan is how old the last one may be.
	OlderThan spec.Duration `json:"olderThan" jsonschema:"required"`
	// Per are labels whose values are judged apart. All others are aggregated away: the newest sign counts.
	Per []spec.Ident `json:"per,omitempty"`
	GoneSpec

	per []string
}

func (h *Heartbeat) resolve(s *slo.Service, r *diag.Report) bool {
	h.per = idents(h.Per)
	// What is scraped is up to an interval old.
	return s.Catalogue.Instant(h.At, r) && checkPer(h.Per, h.At, s.Catalogue, r) && atLeast(h.OlderThan, 2*s.ScrapeInterval, r)
}

// condition implements Kind. Who watches for silence must not fall silent with what it watches.
func (h *Heartbeat) condition() expr.Expr {
	old := expr.Greater(expr.Sub(expr.Now(), expr.Max(h.At.Selector, h.per...)), expr.Seconds(h.OlderThan.Duration))
	return orGone(old, h.At.Selector, h.fires(true))
}

func (h *Heartbeat) words() Words {
	return Words{
		Condition: short(h.At.Selector) + " is more than " + h.OlderThan.String() + " ago",
		Per:       h.per, Value: "The last sign of life is {{ $value | humanizeDuration }} old.",
	}.orGone(h.At.Selector, h.fires(true))
}

// imitate implements Kind: the level is the age of the last sign of life. It
// grows by itself from when there are no more.
func (h *Heartbeat) imitate(t Timing) Imitation {
	at := h.OlderThan.Seconds()
	levels := drifts(t, limit{at: at}, 0, 0, 1)
	levels.Gauges = []Gauge{gauge(h.At.Selector, func(level, at float64) float64 { return at - level })}
	if len(h.per) == 0 { // the newest sign of all counts
		levels.Together = true
		levels.oneOfTwo()
	} else {
		levels.Siblings = []float64{levels.Loud}
	}
	levels.Per, levels.Steady, levels.Before = h.per, true, min(time.Hour, h.OlderThan.Duration)
	levels.vanishing(h.At.Selector, h.fires(true))
	return Imitation{Levels: levels}
}

func (*Heartbeat) quantity() Quantity { return QuantitySeconds }
