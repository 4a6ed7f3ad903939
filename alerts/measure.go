package alerts

import (
	"math/big"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

var (
	zero = expr.Number(new(big.Rat))
	one  = expr.Number(big.NewRat(1, 1))
)

// unit is what a metric of times counts in.
type unit struct{ slo.Unit }

// unitOf is the unit of a metric, as the spec says or as its name ends.
func unitOf(given spec.Text, metric string, r *diag.Report) (unit, bool) {
	of, ok := slo.UnitOf(given, metric, r)
	return unit{of}, ok
}

// number is a time in the unit.
func (u unit) number(d time.Duration) expr.Expr {
	q := big.NewRat(int64(d), int64(time.Second))
	return expr.Number(q.Mul(q, big.NewRat(int64(u.PerSecond), 1)))
}

// of is a time in the unit, for arithmetic.
func (u unit) of(d time.Duration) float64 { return d.Seconds() * u.PerSecond }

// value is a sentence about the value of an alert that is a time in the unit.
func (u unit) value(what string) string {
	if u.Name == "ms" {
		return what + " is {{ $value | printf \"%.0f\" }} ms."
	}
	return what + " is {{ $value | humanizeDuration }}."
}

// longest is the longest time that an alert may be about: ten years.
const longest = 3660 * 24 * time.Hour

// atLeast reports a time that is too short, or too long, to mean anything.
func atLeast(d spec.Duration, least time.Duration, r *diag.Report) bool {
	switch {
	case !d.IsSet():
		return false // reported where it was read
	case d.Duration < least:
		r.Add(spec.BadValue, d.Pos(), "use "+spec.FormatDuration(least)+" or more", "%s is too short", d)
		return false
	}
	return notTooLong(d, r)
}

func notTooLong(d spec.Duration, r *diag.Report) bool {
	if d.Duration > longest {
		r.Add(spec.BadValue, d.Pos(), "use "+spec.FormatDuration(longest)+" or less", "%s is too long", d)
	}
	return d.Duration <= longest
}

// checkApart reports a second selector that is the first one once more: a part of itself is all of it.
func checkApart(first, second slo.Selector, names string, r *diag.Report) bool {
	if !first.IsSet() || !second.IsSet() || first.Selector.String() != second.Selector.String() {
		return true
	}
	r.Add(slo.OneSided, second.Pos(), "select each with its own metric", "%s are the same series: %s", names, second.Selector)
	return false
}

// between reports a share that leaves nothing on one of its sides.
func between(q spec.Ratio, r *diag.Report) bool {
	switch {
	case !q.IsSet():
		return false // reported where it was read
	case q.Sign() <= 0:
		r.Add(spec.BadValue, q.Pos(), "use a share above 0%", "%s is always exceeded", q)
	case q.Cmp(big.NewRat(1, 1)) >= 0:
		r.Add(spec.BadValue, q.Pos(), "use a share below 100%", "%s is never exceeded", q)
	default:
		return true
	}
	return false
}

// short is a selector as a sentence names it: on one line.
func short(s expr.Selector) string { return s.String() }

func toFloat(q *big.Rat) float64 {
	f, _ := q.Float64()
	return f
}
