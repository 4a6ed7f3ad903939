package slo

import (
	"math"
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
	// Long and Short are the two windows that must both burn too fast. An alert
	// on a single window has no Short.
	Long, Short time.Duration
}

// Factor is how many times faster than allowed the budget burns when the alert
// fires: share · period / long. 14.4 = 2 % of 30d in 1h.
func (b Burn) Factor() *big.Rat {
	return new(big.Rat).Mul(b.Share, ratioOf(b.Period, b.Long))
}

// ShareOf is the share of a period's budget that burns in a window at a factor:
// factor · long / period. 2 % = 14.4 in 1h of 30d.
func ShareOf(factor *big.Rat, long, period time.Duration) *big.Rat {
	return new(big.Rat).Mul(factor, ratioOf(long, period))
}

// Threshold is the error ratio above which the alert fires: factor · budget.
func (b Burn) Threshold() *big.Rat { return new(big.Rat).Mul(b.Factor(), b.Budget) }

// LeastObjective is the objective that a factor needs to be exceeded by a full
// outage, and not met: 1 - 1/factor. 14.4 needs more than 93.06 %.
func LeastObjective(factor *big.Rat) *big.Rat {
	return new(big.Rat).Sub(big.NewRat(1, 1), new(big.Rat).Inv(factor))
}

// Rate is how many times faster than allowed the budget burns at an error ratio
// of e: e / budget.
func (b Burn) Rate(e *big.Rat) *big.Rat { return new(big.Rat).Quo(e, b.Budget) }

// Detection is the time from the first error to the alert when errors begin at
// once with ratio e, after none: threshold · long / e. It is false if the ratio
// never exceeds the threshold.
func (b Burn) Detection(e *big.Rat) (time.Duration, bool) {
	return b.DetectionFrom(new(big.Rat), e)
}

// DetectionFrom is Detection after a long time with a ratio of e0, which has
// filled a part of the window: long · (threshold - e0) / (e - e0). What was
// above the threshold before has fired already.
func (b Burn) DetectionFrom(e0, e *big.Rat) (time.Duration, bool) {
	return b.Crossing(max(b.Long, b.Short), e0, e)
}

// Crossing is when the error ratio over a single window exceeds the threshold,
// with e0 and e as in DetectionFrom: a window of w, x after the change, holds
// the ratio e0 + (e - e0) · x/w.
func (b Burn) Crossing(window time.Duration, e0, e *big.Rat) (time.Duration, bool) {
	missing := new(big.Rat).Sub(b.Threshold(), e0)
	switch {
	case e.Cmp(b.Threshold()) <= 0:
		return 0, false
	case missing.Sign() < 0:
		return 0, true
	}
	return times(window, missing.Quo(missing, new(big.Rat).Sub(e, e0))), true
}

// Reset is the time from the last error to the end of the alert, after errors
// of ratio e that made it fire: short · (1 - threshold/e). The shorter window
// clears first; where there is no short one, the long one decides.
func (b Burn) Reset(e *big.Rat) time.Duration {
	if b.Short == 0 {
		return b.Clearing(b.Long, e)
	}
	return b.Clearing(min(b.Long, b.Short), e)
}

// Clearing is when the error ratio over a single window is down at the
// threshold again, after it was full of errors of ratio e and they ended:
// window · (1 - threshold/e).
func (b Burn) Clearing(window time.Duration, e *big.Rat) time.Duration {
	return times(window, new(big.Rat).Sub(big.NewRat(1, 1), new(big.Rat).Quo(b.Threshold(), e)))
}

// FullOutage is when the alert fires after the beginning of a full outage, and
// ceases after its end. Where events are slices of time, both are whole slices:
// one more than the threshold allows in the long window, and as many as leave no
// more than that in the short one. It is false if the alert never fires.
func (b Burn) FullOutage(slice time.Duration) (detection, reset time.Duration, ok bool) {
	detection, ok = b.Detection(big.NewRat(1, 1))
	if !ok {
		return 0, 0, false
	}
	if slice == 0 {
		return detection, b.Reset(big.NewRat(1, 1)), true
	}
	allowed := func(window time.Duration) time.Duration {
		n := new(big.Rat).Mul(b.Threshold(), ratioOf(window, slice))
		return time.Duration(new(big.Int).Quo(n.Num(), n.Denom()).Int64())
	}
	clearing := b.Long
	if b.Short > 0 {
		clearing = min(b.Long, b.Short)
	}
	return (allowed(b.Long) + 1) * slice, (clearing/slice - allowed(clearing)) * slice, true
}

// Spent is the share of the period's budget that errors of ratio e spend in a
// time d, in even traffic: e · d / (budget · period).
func (b Burn) Spent(e *big.Rat, d time.Duration) *big.Rat {
	return new(big.Rat).Mul(b.Rate(e), ratioOf(d, b.Period))
}

// SpentAtDetection is the share of the budget that is spent when the alert
// fires: factor · long / period, which is Share. It is the same for every error
// ratio: what burns faster is detected sooner.
func (b Burn) SpentAtDetection() *big.Rat {
	return new(big.Rat).Mul(b.Factor(), ratioOf(b.Long, b.Period))
}

// Lasts is how long errors of ratio e take to spend the whole budget:
// period · budget / e.
func (b Burn) Lasts(e *big.Rat) time.Duration {
	return times(b.Period, new(big.Rat).Inv(b.Rate(e)))
}

// BudgetTime is how long a full outage takes to spend the whole budget.
func (b Burn) BudgetTime() time.Duration { return b.Lasts(big.NewRat(1, 1)) }

// LeastTraffic is how many events an hour it takes until k bad ones in the long
// window are a ratio at the threshold: k / (threshold · long). With fewer
// events a single failure fires the alert (k = 1; SRE workbook, "Low-traffic
// services"), and a guard of k bad events outvotes the threshold.
func (b Burn) LeastTraffic(k int) *big.Rat {
	inWindow := new(big.Rat).Quo(big.NewRat(int64(k), 1), b.Threshold())
	return inWindow.Mul(inWindow, ratioOf(time.Hour, b.Long))
}

// GuardTime is how long a full outage takes to cause k failures at a traffic of
// events an hour: k / traffic. A guard of k hides outages that are shorter, and
// all of them (false) where the long window holds fewer than k events.
func (b Burn) GuardTime(k int, traffic *big.Rat) (time.Duration, bool) {
	d := times(time.Hour, new(big.Rat).Quo(big.NewRat(int64(k), 1), traffic))
	// One event in the window is one failure, however rare events are.
	return d, k <= 1 || d <= b.Long
}

func ratioOf(a, b time.Duration) *big.Rat { return big.NewRat(int64(a), int64(b)) }

// times is d multiplied by q, rounded to the nanosecond, and at most what a
// duration can hold: 292 years.
func times(d time.Duration, q *big.Rat) time.Duration {
	f, _ := new(big.Rat).Mul(big.NewRat(int64(d), 1), q).Float64()
	if f >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(f + 0.5)
}
