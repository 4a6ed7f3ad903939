package main

import (
	"math"
	"slices"
	"time"
)

const (
	outage = time.Hour
	// slot is a time with one outage, which begins at random within it, and two
	// hours or more before the next.
	slot = 6 * time.Hour
	// late is how much later than its cause an alert may fire: a scrape and an evaluation.
	late = time.Minute
)

// detection is how long after the beginning of each outage an alert fired, in
// seconds, ascending; never is infinite.
type detection struct {
	perHour float64
	born    bool
	after   [][]float64 // of each guard
}

var never = math.Inf(1)

// detection measures outages in which every request fails. Between them the
// service is at its budget.
func (s *study) detection(perHour float64, born bool, count int) (*detection, error) {
	months := make([][][]float64, count)
	err := parallel(count, func(m int) error {
		rng := s.random(forOutages, perHour, m)
		t := traffic{perHour: perHour, failing: s.budget(), born: born}
		for begin := s.before(); begin+slot <= s.before()+month; begin += slot {
			from := begin + time.Duration(rng.Float64()*float64(slot-outage-2*time.Hour))
			t.outages = append(t.outages, span{from, from + outage})
		}
		fired, err := s.run(t, rng)
		for _, spans := range fired {
			months[m] = append(months[m], detected(t.outages, spans))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	d := &detection{perHour: perHour, born: born, after: make([][]float64, len(guards))}
	for g := range guards {
		for _, of := range months {
			d.after[g] = append(d.after[g], of[g]...)
		}
		slices.Sort(d.after[g])
	}
	return d, nil
}

// detected is when an alert first fired in each outage. Those that begin while
// it fires already, because of an error just before, are left out.
func detected(outages, fired []span) []float64 {
	var after []float64
	for _, o := range outages {
		for len(fired) > 0 && fired[0].until <= o.from {
			fired = fired[1:]
		}
		switch {
		case len(fired) > 0 && fired[0].from <= o.from:
		case len(fired) > 0 && fired[0].from <= o.until+late:
			after = append(after, (fired[0].from - o.from).Seconds())
		default:
			after = append(after, never)
		}
	}
	return after
}

// missed is the share of outages that a guard's alert never fired for.
func (d *detection) missed(guard int) float64 {
	after := d.after[guard]
	first, _ := slices.BinarySearch(after, never)
	return float64(len(after)-first) / float64(len(after))
}
