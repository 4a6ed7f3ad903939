package slo

import (
	"math/big"
	"time"
)

// Burn is the arithmetic of one tier of one SLO (SRE workbook, chapter 5,
// "Alerting on SLOs"). Ratios are exact; times are those of an outage that
// begins and ends at once, before scraping and evaluation add their delays.
type Burn struct {
	// Share of the period's error budget that is spent in the long window when
	// the alert fires.
	Share *big.Rat
	// Budget is 1 - objective: the share of events that may be bad.
	Budget *big.Rat
	// Period is what the objective holds over.
	Period time.Duration
	// Long and Short are the two windows that must both burn too fast.
	Long, Short time.Duration
}

// Factor is how many times faster than allowed the budget burns when the alert
// fires: share · period / long. 14.4 = 2 % of 30d in 1h.
func (b Burn) Factor() *big.Rat {
	return new(big.Rat).Mul(b.Share, ratioOf(b.Period, b.Long))
}

// Threshold is the error ratio above which the alert fires: factor · budget.
func (b Burn) Threshold() *big.Rat { return new(big.Rat).Mul(b.Factor(), b.Budget) }

// LeastObjective is the objective that a factor needs to be exceeded by a full
// outage, and not met: 1 - 1/factor. 14.4 needs more than 93.06 %.
func LeastObjective(factor *big.Rat) *big.Rat {
	return new(big.Rat).Sub(big.NewRat(1, 1), new(big.Rat).Inv(factor))
}

// Detection is the time from the first error to the alert when errors begin at
// once with ratio e: threshold · long / e. It is false if the ratio never
// exceeds the threshold.
func (b Burn) Detection(e *big.Rat) (time.Duration, bool) {
	if e.Cmp(b.Threshold()) <= 0 {
		return 0, false
	}
	return times(max(b.Long, b.Short), new(big.Rat).Quo(b.Threshold(), e)), true
}

// Reset is the time from the last error to the end of the alert, after errors
// of ratio e that made it fire: short · (1 - threshold/e).
func (b Burn) Reset(e *big.Rat) time.Duration {
	rest := new(big.Rat).Sub(big.NewRat(1, 1), new(big.Rat).Quo(b.Threshold(), e))
	return times(min(b.Long, b.Short), rest)
}

// BudgetTime is how long a full outage takes to spend the whole budget.
func (b Burn) BudgetTime() time.Duration { return times(b.Period, b.Budget) }

func ratioOf(a, b time.Duration) *big.Rat { return big.NewRat(int64(a), int64(b)) }

// times is d multiplied by q, rounded to the nanosecond.
func times(d time.Duration, q *big.Rat) time.Duration {
	f, _ := new(big.Rat).Mul(big.NewRat(int64(d), 1), q).Float64()
	return time.Duration(f + 0.5)
}
