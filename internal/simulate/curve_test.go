package simulate

import (
	"fmt"
	"testing"
	"time"

	"slowburn/alerts"
)

// steps is a curve of levels that jump at the given minutes.
func steps(knots ...float64) curve {
	var c curve
	for i := 0; i+1 < len(knots); i += 2 {
		at := time.Duration(knots[i] * float64(time.Minute))
		if i > 0 {
			c = append(c, alerts.Knot{At: at, Level: knots[i-1]})
		}
		c = append(c, alerts.Knot{At: at, Level: knots[i+1]})
	}
	return c
}

func TestCurve(t *testing.T) {
	ramp := curve{{At: time.Minute, Level: 2}, {At: 3 * time.Minute, Level: 6}, {At: 3 * time.Minute, Level: 1}}
	for _, c := range []struct {
		at              time.Duration
		level, left, in float64 // the level after and before the instant, and the sum until it, in minutes
	}{
		{0, 2, 2, 0},
		{time.Minute, 2, 2, 2},
		{2 * time.Minute, 4, 4, 5},
		{3 * time.Minute, 1, 6, 10},
		{5 * time.Minute, 1, 1, 12},
	} {
		if got := ramp.at(c.at); got != c.level {
			t.Errorf("at %s: %v, want %v", c.at, got, c.level)
		}
		if got := ramp.left(c.at); got != c.left {
			t.Errorf("before %s: %v, want %v", c.at, got, c.left)
		}
		if got := ramp.sum(c.at) / 60; got != c.in {
			t.Errorf("until %s: %v, want %v", c.at, got, c.in)
		}
	}
}

// TestHolds holds when conditions on a level hold, by hand.
func TestHolds(t *testing.T) {
	above := func(limit float64) []alerts.Term {
		return []alerts.Term{func(p alerts.Point) float64 { return p.Level - limit }}
	}
	rising := []alerts.Term{func(p alerts.Point) float64 { return p.Level + p.Slope*600 - 10 }} // 10 within ten minutes
	within := Span{0, time.Hour}
	for _, c := range []struct {
		name  string
		level curve
		holds [][]alerts.Term
		want  string
	}{
		{"never", steps(0, 1), [][]alerts.Term{above(5)}, "[]"},
		{"always", steps(0, 9), [][]alerts.Term{above(5)}, "[{0s 1h0m0s}]"},
		{"a jump", steps(0, 1, 10, 9, 20, 1), [][]alerts.Term{above(5)}, "[{10m0s 20m0s}]"},
		{"at the limit", steps(0, 1, 10, 5, 20, 1), [][]alerts.Term{above(5)}, "[]"},
		{"a ramp", curve{{At: 0, Level: 0}, {At: 20 * time.Minute, Level: 10}, {At: 20 * time.Minute, Level: 0}}, [][]alerts.Term{above(5)}, "[{10m0s 20m0s}]"},
		{"all of one list", steps(0, 1, 10, 6, 20, 9, 30, 1), [][]alerts.Term{append(above(5), above(8)...)}, "[{20m0s 30m0s}]"},
		{"one of the lists", steps(0, 1, 10, 6, 20, 9, 30, 1), [][]alerts.Term{above(8), above(5)}, "[{10m0s 30m0s}]"},
		{"a prediction", curve{{At: 0, Level: 0}, {At: 40 * time.Minute, Level: 10}}, [][]alerts.Term{rising}, "[{30m0s 40m0s}]"},
		{"averaged over ten minutes", steps(0, 0, 20, 10, 40, 0).averaged(10 * time.Minute), [][]alerts.Term{above(5)}, "[{25m0s 45m0s}]"},
	} {
		if got := fmt.Sprint(c.level.holds(c.holds, within)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestHold holds what for and keep_firing_for make of a condition, in whole
// evaluation intervals.
func TestHold(t *testing.T) {
	minutes := func(of ...float64) (spans []Span) {
		for i := 0; i+1 < len(of); i += 2 {
			spans = append(spans, Span{time.Duration(of[i] * float64(time.Minute)), time.Duration(of[i+1] * float64(time.Minute))})
		}
		return spans
	}
	for _, c := range []struct {
		wait, keep time.Duration
		holds      []Span
		want       []Span
	}{
		{0, 0, minutes(10, 20), minutes(10, 20)},
		{5 * time.Minute, 0, minutes(10, 20, 30, 34), minutes(15, 20)},
		{5 * time.Minute, 0, minutes(10, 15), nil},
		{45 * time.Second, 0, minutes(10, 20), minutes(11, 20)},
		{5 * time.Minute, 10 * time.Minute, minutes(10, 20, 25, 26), minutes(15, 36)},
		{5 * time.Minute, 3 * time.Minute, minutes(10, 20, 25, 26), minutes(15, 23)},
	} {
		h := hold{c.wait, c.keep, 30 * time.Second}
		if got := h.fires(c.holds); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("for %s, keep %s, %v: fires %v, want %v", c.wait, c.keep, c.holds, got, c.want)
		}
	}
}
