package alerts

import (
	"fmt"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Memory fires while less than a share of a machine's memory is available.
type Memory struct {
	spec.Node
	// Available selects the bytes that programs can have: node_memory_MemAvailable_bytes.
	Available slo.Selector `json:"available" jsonschema:"required"`
	// Total selects the bytes that there are: node_memory_MemTotal_bytes.
	Total slo.Selector `json:"total" jsonschema:"required"`
	// Below is the share that must be available.
	Below spec.Ratio `json:"below" jsonschema:"required"`
	// Per are the labels that tell machines apart. Default: instance.
	Per []spec.Ident `json:"per,omitempty"`

	per []string
}

func (m *Memory) resolve(s *slo.Service, r *diag.Report) bool {
	m.per = idents(m.Per)
	if len(m.Per) == 0 {
		m.per = []string{"instance"}
	}
	ok := true
	for _, of := range []slo.Selector{m.Available, m.Total} {
		ok = s.Catalogue.Gauge(of, r) && checkPer(m.Per, of, s.Catalogue, r) && ok
	}
	return between(m.Below, r) && ok && checkApart(m.Available, m.Total, "available and total", r)
}

func (m *Memory) condition() expr.Expr {
	free := expr.Min(expr.Div(m.Available.Selector, m.Total.Selector), m.per...)
	return expr.Less(free, expr.Number(m.Below.Rat))
}

func (m *Memory) words() Words {
	return Words{
		Condition: fmt.Sprintf("less than %s of the memory is available", m.Below),
		Per:       m.per, Value: "{{ $value | humanizePercentage }} is available.",
	}
}

func (m *Memory) imitate(t Timing) Imitation {
	at := toFloat(m.Below.Rat)
	levels := jumps(t, limit{at: at, below: true}, (1+at)/2, at/2)
	levels.Gauges = []Gauge{
		gauge(m.Available.Selector, func(level, _ float64) float64 { return level * capacity }), gauge(m.Total.Selector, always(capacity)),
	}
	levels.Per, levels.Steady, levels.Siblings = m.per, true, []float64{levels.Quiet}
	return Imitation{Levels: levels}
}

func (*Memory) quantity() Quantity { return QuantityShare }
