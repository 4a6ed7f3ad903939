package simulate

import (
	"slices"
	"time"

	"slowburn/alerts"
)

// curve is a level over time: linear between knots, and before the first and
// after the last one what it is there. Times count from the beginning of the
// simulation.
type curve []alerts.Knot

// later is the same curve, so much later.
func (c curve) later(by time.Duration) curve {
	moved := slices.Clone(c)
	for i := range moved {
		moved[i].At += by
	}
	return moved
}

// at is the level at an instant; at a jump, that after it.
func (c curve) at(when time.Duration) float64 {
	i := c.before(when)
	switch {
	case i < 0:
		return c[0].Level
	case i == len(c)-1:
		return c[i].Level
	}
	a, b := c[i], c[i+1]
	return a.Level + (b.Level-a.Level)*(when-a.At).Seconds()/(b.At-a.At).Seconds()
}

// before is the last knot at or before an instant, or -1.
func (c curve) before(when time.Duration) int {
	for i := len(c) - 1; i >= 0; i-- {
		if c[i].At <= when {
			return i
		}
	}
	return -1
}

// sum is what a counter that grows by the level every second counts until an instant.
func (c curve) sum(until time.Duration) float64 {
	sum, from := 0.0, time.Duration(0)
	for i := range c {
		to := min(max(c[i].At, 0), until)
		if to > from {
			sum += (c.at(from) + c.left(to)) / 2 * (to - from).Seconds()
			from = to
		}
	}
	if until > from {
		sum += c.at(from) * (until - from).Seconds()
	}
	return sum
}

// left is the level at an instant; at a jump, that before it.
func (c curve) left(when time.Duration) float64 {
	for i, k := range c {
		if k.At < when {
			continue
		}
		if i == 0 {
			return k.Level
		}
		p := c[i-1]
		if k.At == p.At {
			return p.Level
		}
		return p.Level + (k.Level-p.Level)*(when-p.At).Seconds()/(k.At-p.At).Seconds()
	}
	return c[len(c)-1].Level
}

// averaged is the average of a curve of steps over a window: each jump becomes
// a slope.
func (c curve) averaged(window time.Duration) curve {
	if window == 0 {
		return c
	}
	var at []time.Duration
	for _, k := range c {
		at = append(at, k.At, k.At+window)
	}
	slices.Sort(at)
	var averaged curve
	for _, when := range slices.Compact(at) {
		averaged = append(averaged, alerts.Knot{At: when, Level: (c.sum(when) - c.sum(max(0, when-window))) / window.Seconds()})
	}
	return averaged
}

// holds are the spans within a time in which a condition holds: all terms of
// one of its lists are positive.
func (c curve) holds(condition [][]alerts.Term, within Span) []Span {
	edges := []time.Duration{within.From, within.Until}
	for _, k := range c {
		if within.has(k.At) {
			edges = append(edges, k.At)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var all []Span
	for i := range len(edges) - 1 {
		piece := Span{edges[i], edges[i+1]}
		for _, terms := range condition {
			held := piece
			for _, t := range terms {
				held = positive(c.along(t, piece), piece, held)
			}
			if held.Length() > 0 {
				all = append(all, held)
			}
		}
	}
	return united(all)
}

// along is a term of a condition over a piece without knots.
func (c curve) along(t alerts.Term, piece Span) term {
	a, b := c.at(piece.From), c.left(piece.Until)
	slope := (b - a) / piece.Length().Seconds()
	return func(at time.Duration, _ bool) float64 {
		return t(alerts.Point{Level: a + slope*(at-piece.From).Seconds(), Slope: slope})
	}
}

// united are spans in order, those that meet as one.
func united(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return int(a.From - b.From) })
	var all []Span
	for _, s := range spans {
		// What is apart by rounding alone is not apart.
		if n := len(all); n > 0 && s.From <= all[n-1].Until+time.Millisecond {
			all[n-1].Until = max(all[n-1].Until, s.Until)
			continue
		}
		all = append(all, s)
	}
	return all
}

// common are the times that two lists of spans have in common.
func common(a, b []Span) []Span {
	var both []Span
	for _, s := range a {
		for _, o := range b {
			if part := (Span{max(s.From, o.From), min(s.Until, o.Until)}); part.Length() > 0 {
				both = append(both, part)
			}
		}
	}
	return united(both)
}

// without are spans less a time.
func without(spans []Span, gone Span) []Span {
	var left []Span
	for _, s := range spans {
		for _, part := range []Span{{s.From, min(s.Until, gone.From)}, {max(s.From, gone.Until), s.Until}} {
			if part.Length() > 0 {
				left = append(left, part)
			}
		}
	}
	return left
}
