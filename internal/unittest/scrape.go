package unittest

import (
	"math"
	"slices"
	"time"

	"slowburn/internal/engine"
)

// span is a time from one moment up to, but without, another.
type span struct{ from, to time.Duration }

// profile is what a series counts or shows, and how it is scraped.
type profile struct {
	traffic
	gauge   bool
	length  time.Duration
	resets  []time.Duration // sorted
	gaps    []span
	churn   time.Duration // zero for none
	poisson *poisson      // nil for the exact rate
}

// point is a sample of a profile, at milliseconds since the start of the test.
type point struct {
	at    int64
	value float64
}

// life is what one series of a profile has: all of it, unless it churns.
type life []point

// scrape is what scrapes at an interval see: the lives of the series, one after
// the other. An event that no scrape saw before its counter ended is lost, as it
// is in the real world.
func (p *profile) scrape(interval time.Duration) []life {
	lives := []life{nil}
	var since time.Duration // until when events are counted
	var count total
	ended := false
	for t := time.Duration(0); t <= p.length; t += interval {
		for end := p.nextEnd(since); end <= t; end = p.nextEnd(since) {
			if p.churn > 0 && end%p.churn == 0 {
				ended = true
			}
			count, since = total{}, end
		}
		if !p.gauge {
			count.add(p.count(since, t))
		}
		since = t
		if slices.ContainsFunc(p.gaps, func(g span) bool { return g.from <= t && t < g.to }) {
			continue
		}
		if last := len(lives) - 1; ended {
			ended = false
			if lives[last] != nil {
				lives[last] = append(lives[last], point{t.Milliseconds(), engine.Stale})
			}
			lives = append(lives, nil)
		}
		value := count.value()
		if p.gauge {
			value = p.at(t)
		}
		last := len(lives) - 1
		lives[last] = append(lives[last], point{t.Milliseconds(), value})
	}
	return lives
}

// total is a sum that keeps what rounding loses (Neumaier's variant of Kahan's
// summation): 0.3 added 720 times is 216, and can be asserted.
type total struct{ sum, lost float64 }

func (t *total) add(x float64) {
	sum := t.sum + x
	if math.Abs(t.sum) >= math.Abs(x) {
		t.lost += t.sum - sum + x
	} else {
		t.lost += x - sum + t.sum
	}
	t.sum = sum
}

func (t *total) value() float64 { return t.sum + t.lost }

// nextEnd is when the counter next begins at 0 again: a reset, or a new series.
func (p *profile) nextEnd(t time.Duration) time.Duration {
	next := never
	if p.churn > 0 {
		next = (t/p.churn + 1) * p.churn
	}
	if i, found := slices.BinarySearch(p.resets, t+1); found || i < len(p.resets) {
		next = min(next, p.resets[i])
	}
	return next
}

// count is how many events are counted from one moment to another.
func (p *profile) count(from, to time.Duration) float64 {
	mean := p.events(from, to)
	if p.poisson == nil {
		return mean
	}
	return p.poisson.draw(mean)
}
