package alerts

import (
	"fmt"
	"math/big"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// HitRate fires while a cache answers too few lookups. Without lookups it stays silent: 0/0 is no miss.
type HitRate struct {
	spec.Node
	// Hits selects the counter of lookups that the cache answered.
	Hits slo.Selector `json:"hits" jsonschema:"required"`
	// Misses selects the counter of those that it did not answer.
	Misses slo.Selector `json:"misses" jsonschema:"required"`
	// Below is the share of hits that is too low.
	Below spec.Ratio `json:"below" jsonschema:"required"`
	// Traffic is the number of lookups in the window that there must be more of.
	Traffic spec.Count `json:"traffic,omitempty"`
	// Over is the window.
	Over spec.Duration `json:"over" jsonschema:"required"`
	// Per are labels whose values are judged apart.
	Per []spec.Ident `json:"per,omitempty"`

	per []string
}

func (h *HitRate) resolve(s *slo.Service, r *diag.Report) bool {
	h.per = idents(h.Per)
	ok := true
	for _, of := range []slo.Selector{h.Hits, h.Misses} {
		ok = s.Catalogue.Counter(of, r) && checkPer(h.Per, of, s.Catalogue, r) && ok
	}
	ok = ok && checkApart(h.Hits, h.Misses, "hits and misses", r)
	return between(h.Below, r) && checkWindow(h.Over, s, r) && ok
}

// condition implements Kind. A cache that never answered has no counter of hits:
// then zero stands in. One that always answers has none of misses, and no share.
func (h *HitRate) condition() expr.Expr {
	rate := func(s expr.Selector) expr.Expr { return expr.Sum(expr.Rate(s, h.Over.Duration), h.per...) }
	hits, misses := h.counted(rate)
	low := expr.Less(expr.Div(hits, expr.Add(hits, misses)), expr.Number(h.Below.Rat))
	if h.Traffic.N == 0 {
		return low
	}
	hits, misses = h.counted(func(s expr.Selector) expr.Expr { return expr.Sum(expr.Increase(s, h.Over.Duration), h.per...) })
	return expr.And(low, expr.Greater(expr.Add(hits, misses), expr.Number(big.NewRat(int64(h.Traffic.N), 1))))
}

// counted are the hits and misses.
func (h *HitRate) counted(count slo.Counting) (hits, misses expr.Expr) {
	misses = count(h.Misses.Selector)
	return orZero(count(h.Hits.Selector), misses), misses
}

// orZero is a, or zero where its series do not exist but b's do.
func orZero(a, b expr.Expr) expr.Expr { return expr.Paren(expr.Or(a, expr.Mul(zero, b))) }

func (h *HitRate) words() Words {
	condition := fmt.Sprintf("less than %s of lookups were hits in %s (%s)", h.Below, h.Over, short(h.Hits.Selector))
	if h.Traffic.N > 0 {
		condition += fmt.Sprintf(", of more than %d", h.Traffic.N)
	}
	return Words{Condition: condition, Per: h.per, Value: "{{ $value | humanizePercentage }} were hits."}
}

// imitate implements Kind: a miss is what is bad.
func (h *HitRate) imitate(Timing) Imitation {
	stream := func(s expr.Selector) slo.Stream { return slo.Stream{Metric: s.Name, Match: expr.LabelMatchers(s)} }
	hits, misses := stream(h.Hits.Selector), stream(h.Misses.Selector)
	hits.PerGood, misses.PerBad = 1, 1
	missed := new(big.Rat).Sub(big.NewRat(1, 1), h.Below.Rat)
	return Imitation{Events: &Events{Streams: []slo.Stream{misses, hits}, Per: h.per, Window: h.Over.Duration, Share: missed, Total: h.Traffic.N}}
}

func (*HitRate) quantity() Quantity { return QuantityShare }
