package alerts

import (
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// GaugeSpec is what Above and Below compare.
type GaugeSpec struct {
	spec.Node
	// Of selects the gauge.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Value is the limit, in the gauge's unit.
	Value spec.Decimal `json:"value" jsonschema:"required"`
	// Per are labels whose values are judged apart. All others are aggregated away: the worst series counts.
	Per []spec.Ident `json:"per,omitempty"`
	GoneSpec

	per []string
}

func (g *GaugeSpec) resolve(s *slo.Service, r *diag.Report) bool {
	g.per = idents(g.Per)
	return s.Catalogue.Gauge(g.Of, r) && checkPer(g.Per, g.Of, s.Catalogue, r) && g.Value.IsSet()
}

func (g *GaugeSpec) describe(is string) Words {
	return Words{
		Condition: short(g.Of.Selector) + " is " + is + " " + g.Value.String(),
		Per:       g.per, Value: "It is {{ $value | humanize }}.",
	}.orGone(g.Of.Selector, g.fires(false))
}

// levels imitate a gauge that is well inside the limit, or further outside.
func (g *GaugeSpec) levels(t Timing, l limit) Imitation {
	quiet, loud := l.far()
	levels := jumps(t, l, quiet, loud)
	levels.Gauges = []Gauge{gauge(g.Of.Selector, same)}
	levels.Per, levels.Steady, levels.Siblings = g.per, true, []float64{levels.Quiet}
	levels.vanishing(g.Of.Selector, g.fires(false))
	return Imitation{Levels: levels}
}

// Above fires while a gauge is above a value.
type Above struct{ GaugeSpec }

func (a *Above) condition() expr.Expr {
	return orGone(expr.Greater(expr.Max(a.Of.Selector, a.per...), expr.Number(a.Value.Rat)), a.Of.Selector, a.fires(false))
}

func (a *Above) words() Words { return a.describe("above") }

func (a *Above) imitate(t Timing) Imitation {
	return a.levels(t, limit{at: toFloat(a.Value.Rat)})
}

// Below fires while a gauge is below a value.
type Below struct{ GaugeSpec }

func (b *Below) condition() expr.Expr {
	return orGone(expr.Less(expr.Min(b.Of.Selector, b.per...), expr.Number(b.Value.Rat)), b.Of.Selector, b.fires(false))
}

func (b *Below) words() Words { return b.describe("below") }

func (b *Below) imitate(t Timing) Imitation {
	return b.levels(t, limit{at: toFloat(b.Value.Rat), below: true})
}
