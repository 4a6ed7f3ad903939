package slo

import (
	"math"
	"math/big"
	"slices"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// TimeSlice is the share of slices of time in which a value was good: a lag, a quantile of a summary, how full a volume
// is. A slice is bad if the value of any series was, at any scrape; one without a value is no event.
type TimeSlice struct {
	spec.Node
	// Of selects the value: a gauge, or one quantile of a summary. Of several series the worst counts.
	Of Selector `json:"of" jsonschema:"required"`
	// OutOf selects what the value is a part of, series by series: the capacity of a volume. The limit is a share then.
	OutOf Selector `json:"outOf,omitempty"`
	// AtMost is the largest good value: a number, a share (85%), or a time (200ms).
	AtMost Limit `json:"atMost,omitempty"`
	// AtLeast is the smallest good value.
	AtLeast Limit `json:"atLeast,omitempty"`
	// Unit of the metric, s or ms, where the limit is a time. Default: what its name ends with, or seconds.
	Unit spec.Text `json:"unit,omitempty"`
	// Length is how long a slice is. Default: 1m.
	Length spec.Duration `json:"slice,omitempty"`

	limit *big.Rat // in the metric's unit
	slice time.Duration
	per   []string
}

// resolve implements SLI.
func (t *TimeSlice) resolve(s *Service, per []string, r *diag.Report) bool {
	if t.AtMost.isGiven() == t.AtLeast.isGiven() {
		r.Add(spec.MissingKey, t.Pos(), "give one of them, such as atMost: 200ms", "a time slice needs either atMost or atLeast, not both")
		return false
	}
	if t.Of.Selector == nil || t.OutOf.IsSet() && t.OutOf.Selector == nil || t.Length.Value() != nil && !t.Length.IsSet() {
		return false // reported where it was read
	}
	given := t.AtMost
	if t.AtLeast.isGiven() {
		given = t.AtLeast
	}
	if !given.IsSet() {
		return false
	}
	unit, ok := UnitOf(t.Unit, t.Of.Selector.Name, r)
	if !ok {
		return false
	}
	if t.Unit.Text != "" && given.time == nil {
		r.Add(spec.UnknownKey, t.Unit.Pos(), "leave it out, or write a time such as 200ms", "%s is no time, and has no unit", given)
		return false
	}
	t.per = per
	t.limit, t.slice = given.in(unit), time.Minute
	if t.Length.IsSet() {
		t.slice = t.Length.Duration
	}
	ok = s.Catalogue.checkGauge(t.Of.text, t.Of.Selector, r)
	if t.OutOf.IsSet() {
		ok = s.Catalogue.checkGauge(t.OutOf.text, t.OutOf.Selector, r) && ok
		if given.time != nil {
			r.Add(spec.BadValue, given.Pos(), "write a share such as 85%", "a part of something is a share, and no time such as %s", given)
			ok = false
		}
	}
	if t.slice < s.ScrapeInterval {
		at := t.Length.Pos()
		if !t.Length.IsSet() {
			at = t.Pos()
		}
		r.Add(WindowRange, at, "use "+spec.FormatDuration(s.ScrapeInterval)+" or more", "most slices of %s have no value: the service is scraped every %s", spec.FormatDuration(t.slice), spec.FormatDuration(s.ScrapeInterval))
		ok = false
	}
	checkMilliseconds(t.Length, r)
	if ok && !t.OutOf.IsSet() {
		t.checkSeen(s.Catalogue, given, r)
	}
	return ok
}

// checkSeen reports a limit on the wrong side of all values that the catalogue has.
func (t *TimeSlice) checkSeen(c *Catalogue, limit Limit, r *diag.Report) {
	at, beyond, other := float(t.limit), "above", "atLeast"
	if t.AtLeast.isGiven() {
		beyond, other = "below", "atMost"
	}
	values := slices.DeleteFunc(c.seen(t.Of.Selector), math.IsNaN)
	bad := func(v float64) bool { return v > at && beyond == "above" || v < at && beyond == "below" }
	if len(values) < 2 || slices.ContainsFunc(values, func(v float64) bool { return !bad(v) }) {
		return // one value may be of a bad minute
	}
	r.Add(NothingGood, limit.Pos(), "use another limit, write "+other+", or capture /metrics again", "in the catalogue all %d values of %s are %s %s", len(values), t.Of.Selector.Name, beyond, limit)
}

// isBad is 1 at the end of a bad slice and 0 at that of a good one. There is
// none where no series had a value in the slice, or all of them were NaN, as the
// quantiles of a service without requests are: a comparison drops those.
func (t *TimeSlice) isBad() expr.Expr {
	of, worst, other := expr.Max, "max", "min"
	if t.AtLeast.isGiven() {
		of, worst, other = expr.Min, other, worst
	}
	value := expr.OverTime(worst, t.Of.Selector, t.slice)
	if t.OutOf.IsSet() {
		value = expr.Div(value, expr.OverTime(other, t.OutOf.Selector, t.slice))
	}
	some := expr.Paren(expr.AtLeast(of(value, t.per...), expr.Float(math.Inf(-1))))
	if t.AtLeast.isGiven() {
		return expr.LessBool(some, expr.Number(t.limit))
	}
	return expr.GreaterBool(some, expr.Number(t.limit))
}

func (t *TimeSlice) over(function string, window time.Duration) expr.Expr {
	return expr.Every(function, t.isBad(), window, t.slice, 0)
}

// ErrorRatio implements SLI. All slices weigh the same, so that the average is the share.
func (t *TimeSlice) ErrorRatio(window time.Duration) expr.Expr {
	return t.over("avg_over_time", window)
}

// Errors implements SLI.
func (t *TimeSlice) Errors(window time.Duration) expr.Expr { return t.over("sum_over_time", window) }

// eventsIn implements happening: the slices that ended in a window.
func (t *TimeSlice) eventsIn(window time.Duration) expr.Expr {
	return t.over("count_over_time", window)
}

func (t *TimeSlice) badIn(window time.Duration) expr.Expr { return t.Errors(window) }

// Inputs implements SLI.
func (t *TimeSlice) Inputs() []Input {
	inputs := []Input{{t.Of.Selector}}
	if t.OutOf.IsSet() {
		inputs = append(inputs, Input{t.OutOf.Selector})
	}
	return inputs
}

// capacity is what synthetic values are parts of.
var capacity = big.NewRat(100, 1)

// Streams implements SLI. A good value is just at the limit, and a bad one a
// hundredth beyond it; with ease it is half of that away from it.
func (t *TimeSlice) Streams() []Stream {
	good := new(big.Rat).Set(t.limit)
	if t.OutOf.IsSet() {
		good.Mul(good, capacity)
	}
	beyond := new(big.Rat).Quo(good, big.NewRat(100, 1))
	beyond.Abs(beyond)
	if beyond.Sign() == 0 {
		beyond.SetInt64(1)
	}
	if t.AtLeast.isGiven() {
		beyond.Neg(beyond)
	}
	ease := new(big.Rat).Mul(beyond, big.NewRat(-50, 1))
	value := &Gauge{Good: float(good), Bad: float(beyond.Add(good, beyond)), Ease: float(ease.Add(good, ease))}
	streams := []Stream{{Metric: t.Of.Selector.Name, Match: expr.LabelMatchers(t.Of.Selector), Gauge: value}}
	if t.OutOf.IsSet() {
		full := &Gauge{Good: float(capacity), Bad: float(capacity), Ease: float(capacity)}
		streams = append(streams, Stream{Metric: t.OutOf.Selector.Name, Match: expr.LabelMatchers(t.OutOf.Selector), Gauge: full})
	}
	return streams
}

// Slice implements SLI.
func (t *TimeSlice) Slice() time.Duration { return t.slice }

// Events implements SLI.
func (t *TimeSlice) Events() string {
	events := "slices of " + spec.FormatDuration(t.slice) + " of " + expr.String(t.Of.Selector)
	if t.OutOf.IsSet() {
		events += " / " + expr.String(t.OutOf.Selector)
	}
	return events
}

func float(q *big.Rat) float64 {
	f, _ := q.Float64()
	return f
}

// checkSlices reports windows that hold too few of an SLO's slices of time.
func checkSlices(o *SLO, r *diag.Report) bool {
	windows := o.Windows()
	least := LeastScrapes * o.SLI.Slice()
	if len(windows) == 0 || windows[0] >= least {
		return true
	}
	r.Add(WindowRange, o.Pos, "use slices of "+spec.FormatDuration(windows[0]/LeastScrapes)+" or less, or longer windows", "a window of %s holds fewer than %d slices of %s",
		spec.FormatDuration(windows[0]), LeastScrapes, spec.FormatDuration(o.SLI.Slice()))
	return false
}
