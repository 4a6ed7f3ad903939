package alerts

import (
	"fmt"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Saturation fires while more than a share of a limit is used: connections of a pool, memory of a container.
type Saturation struct {
	spec.Node
	// Used selects what is used. Its series are added up.
	Used slo.Selector `json:"used" jsonschema:"required"`
	// Limit selects what there is. Its series are added up.
	Limit slo.Selector `json:"limit" jsonschema:"required"`
	// Above is the share that may be used.
	Above spec.Ratio `json:"above" jsonschema:"required"`
	// Per are labels whose values are judged apart; both metrics have them.
	Per []spec.Ident `json:"per,omitempty"`

	per []string
}

func (u *Saturation) resolve(s *slo.Service, r *diag.Report) bool {
	u.per = idents(u.Per)
	ok := true
	for _, of := range []slo.Selector{u.Used, u.Limit} {
		ok = s.Catalogue.Gauge(of, r) && checkPer(u.Per, of, s.Catalogue, r) && ok
	}
	return between(u.Above, r) && ok && checkApart(u.Used, u.Limit, "used and limit", r)
}

// condition implements Kind. A limit of 0 stands for none.
func (u *Saturation) condition() expr.Expr {
	limit := expr.Greater(expr.Sum(u.Limit.Selector, u.per...), zero)
	return expr.Greater(expr.Div(expr.Sum(u.Used.Selector, u.per...), limit), expr.Number(u.Above.Rat))
}

func (u *Saturation) words() Words {
	return Words{
		Condition: fmt.Sprintf("more than %s of %s is used (%s)", u.Above, short(u.Limit.Selector), short(u.Used.Selector)),
		Per:       u.per, Value: "{{ $value | humanizePercentage }} is used.",
	}
}

// capacity is that of a synthetic member, in whatever it is measured.
const capacity = 1 << 30

func (u *Saturation) imitate(t Timing) Imitation {
	at := toFloat(u.Above.Rat)
	levels := jumps(t, limit{at: at}, at/2, min(2*at, (1+at)/2))
	levels.Gauges = []Gauge{
		gauge(u.Used.Selector, func(level, _ float64) float64 { return level * capacity }), gauge(u.Limit.Selector, always(capacity)),
	}
	levels.Per, levels.Together, levels.Steady, levels.Split = u.per, len(u.per) == 0, true, true
	return Imitation{Levels: levels}
}

func (*Saturation) quantity() Quantity { return QuantityShare }
