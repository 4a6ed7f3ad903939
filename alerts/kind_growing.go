package alerts

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Growing fires while a gauge grows steadily and does not recover: messages that nobody acknowledges, a queue, a backlog.
// It must grow by half as much in each half of the window, so that a batch that arrives at once fires nothing, and neither
// does one that is being worked off.
type Growing struct {
	spec.Node
	// Of selects the gauge: rabbitmq_queue_messages_unacked. Its series are added up.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Over is the window, an even number of scrapes.
	Over spec.Duration `json:"over" jsonschema:"required"`
	// By is how much it must grow in the window, in the gauge's unit.
	By spec.Decimal `json:"by" jsonschema:"required"`
	// Per are labels whose values are judged apart: queue, topic.
	Per []spec.Ident `json:"per,omitempty"`

	per  []string
	half time.Duration
	each *big.Rat // by how much it must grow in each half
}

func (g *Growing) resolve(s *slo.Service, r *diag.Report) bool {
	g.per = idents(g.Per)
	ok := s.Catalogue.Gauge(g.Of, r) && checkPer(g.Per, g.Of, s.Catalogue, r) && checkWindow(g.Over, s, r) && g.By.IsSet()
	if ok && g.By.Sign() <= 0 {
		r.Add(spec.BadValue, g.By.Pos(), "use the least growth that matters", "by %s it grows all the time", g.By)
		return false
	}
	if !ok {
		return false
	}
	// Otherwise a half would hold now more scrapes and now fewer.
	if pair := 2 * s.ScrapeInterval; g.Over.Duration%pair != 0 {
		near := max((g.Over.Duration+pair/2)/pair, 2) * pair
		r.Add(spec.BadValue, g.Over.Pos(), "use "+spec.FormatDuration(near), "each half of %s should be a whole number of scrapes, of %s", g.Over, spec.FormatDuration(s.ScrapeInterval))
		return false
	}
	g.half, g.each = g.Over.Duration/2, new(big.Rat).Quo(g.By.Rat, big.NewRat(2, 1))
	return true
}

// condition implements Kind. Sums are compared, so that it is no growth when
// series come in place of others.
func (g *Growing) condition() expr.Expr {
	at := func(before time.Duration) expr.Expr {
		return expr.Sum(expr.Before(g.Of.Selector, before), g.per...)
	}
	grows := func(before time.Duration) expr.Expr {
		return expr.Greater(expr.Sub(at(before), at(before+g.half)), expr.Number(g.each))
	}
	return expr.And(grows(0), grows(g.half))
}

func (g *Growing) words() Words {
	half := spec.FormatDuration(g.half)
	return Words{
		Condition: fmt.Sprintf("%s grew by more than %s in the last %s, and as much in the %s before", short(g.Of.Selector), expr.Number(g.each), half, half),
		Per:       g.per, Value: "In the last " + half + " it grew by {{ $value | humanize }}.",
	}
}

// imitate implements Kind: the level is by how much the gauge grows in a second.
func (g *Growing) imitate(t Timing) Imitation {
	at := toFloat(g.each) / g.half.Seconds()
	t.Window = g.Over.Duration
	levels := jumps(t, limit{at: at}, 0, max(1, 4*at))
	levels.Gauges = []Gauge{gauge(g.Of.Selector, same)}
	levels.Gauges[0].Counter = true
	levels.Window, levels.Windows, levels.Per, levels.Steady = g.half, 2, g.per, true
	// What comes all at once may be most of what growth would be.
	step := 0.96 * toFloat(g.By.Rat) / t.Scrape.Seconds()
	levels.Scenes = slices.Insert(levels.Scenes, 2, Scene{
		Name: "a batch", Length: t.Noticed(), Curve: []Knot{{0, 0}, {0, step}, {t.Scrape, step}, {t.Scrape, 0}},
	})
	return Imitation{Levels: levels}
}
