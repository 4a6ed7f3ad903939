package alerts

import (
	"fmt"
	"math/big"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Increasing fires while a counter increases that should not: timeouts, lost messages, failed assertions.
type Increasing struct {
	spec.Node
	// Of selects the counter. Its series are added up.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Over is the window.
	Over spec.Duration `json:"over" jsonschema:"required"`
	// By is how much it may increase in the window. Default: not at all.
	By spec.Count `json:"by,omitempty"`
	// Per are labels whose values are judged apart.
	Per []spec.Ident `json:"per,omitempty"`

	per []string
}

func (i *Increasing) resolve(s *slo.Service, r *diag.Report) bool {
	i.per = idents(i.Per)
	return s.Catalogue.Counter(i.Of, r) && checkPer(i.Per, i.Of, s.Catalogue, r) && checkWindow(i.Over, s, r)
}

func (i *Increasing) condition() expr.Expr {
	increase := expr.Sum(expr.Increase(i.Of.Selector, i.Over.Duration), i.per...)
	return expr.Greater(increase, expr.Number(big.NewRat(int64(i.By.N), 1)))
}

func (i *Increasing) words() Words {
	condition := fmt.Sprintf("%s increased in %s", short(i.Of.Selector), i.Over)
	if i.By.N > 0 {
		condition = fmt.Sprintf("%s increased by more than %d in %s", short(i.Of.Selector), i.By.N, i.Over)
	}
	return Words{Condition: condition, Per: i.per, Value: "It increased by {{ $value | humanize }}."}
}

// imitate implements Kind: the level is by how much the counter increases in a second.
func (i *Increasing) imitate(t Timing) Imitation {
	at := float64(i.By.N) / i.Over.Seconds()
	t.Window = i.Over.Duration
	levels := jumps(t, limit{at: at}, 0, max(1, 4*at))
	levels.Gauges = []Gauge{gauge(i.Of.Selector, same)}
	levels.Gauges[0].Counter = true
	levels.Window, levels.Per, levels.Steady = i.Over.Duration, i.per, true
	return Imitation{Levels: levels}
}
