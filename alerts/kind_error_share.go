package alerts

import (
	"fmt"
	"math/big"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// ErrorShare fires while more than a share of events fail: of requests, of runs, of logins.
type ErrorShare struct {
	slo.Availability
	// Above is the share that may fail.
	Above spec.Ratio `json:"above" jsonschema:"required"`
	// AtLeast is the number of failed events in the window below which nothing fires.
	AtLeast spec.Count `json:"atLeast,omitempty"`
	// Over is the window.
	Over spec.Duration `json:"over" jsonschema:"required"`
	// Per are labels whose values are judged apart.
	Per []spec.Ident `json:"per,omitempty"`

	per []string
}

func (e *ErrorShare) resolve(s *slo.Service, r *diag.Report) bool {
	e.per = idents(e.Per)
	ok := e.Availability.Resolve(s.Catalogue, r) && checkPer(e.Per, e.Total, s.Catalogue, r)
	return between(e.Above, r) && checkWindow(e.Over, s, r) && ok
}

// checkWindow reports a window that one failed scrape leaves without a rate.
func checkWindow(over spec.Duration, s *slo.Service, r *diag.Report) bool {
	checkDuration(over, r)
	return atLeast(over, slo.LeastScrapes*s.ScrapeInterval, r)
}

// condition implements Kind. Where nothing ever failed, or nothing happens, there
// is no share, and none is above the limit.
func (e *ErrorShare) condition() expr.Expr {
	share := expr.Div(e.Failed(e.rate), e.AllEvents(e.rate))
	return e.enough(expr.Greater(share, expr.Number(e.Above.Rat)))
}

// rate is the number of events a second.
func (e *ErrorShare) rate(s expr.Selector) expr.Expr {
	return expr.Sum(expr.Rate(s, e.Over.Duration), e.per...)
}

// enough adds the guard: fewer failed events in the window fire nothing.
func (e *ErrorShare) enough(exceeded expr.Expr) expr.Expr {
	if e.AtLeast.N == 0 {
		return exceeded
	}
	increase := func(s expr.Selector) expr.Expr { return expr.Sum(expr.Increase(s, e.Over.Duration), e.per...) }
	return expr.And(exceeded, expr.AtLeast(e.Failed(increase), expr.Number(big.NewRat(int64(e.AtLeast.N), 1))))
}

func (e *ErrorShare) words() Words {
	condition := fmt.Sprintf("more than %s of %s were bad in %s", e.Above, short(e.Total.Selector), e.Over)
	if e.AtLeast.N > 0 {
		condition += fmt.Sprintf(", and at least %d", e.AtLeast.N)
	}
	return Words{Condition: condition, Per: e.per, Value: "{{ $value | humanizePercentage }} were bad."}
}

func (e *ErrorShare) imitate(Timing) Imitation {
	return Imitation{Events: &Events{Streams: e.Streams(), Per: e.per, Window: e.Over.Duration, Share: e.Above.Rat, Bad: e.AtLeast.N}}
}

func (*ErrorShare) quantity() Quantity { return QuantityShare }
