package simulate

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"slowburn/internal/spec"
	"slowburn/slo"
)

// sliced are events that are slices of time: one follows the other from the
// beginning, whatever the traffic is, and each is good, bad, or none.
type sliced struct {
	length   time.Duration
	interval time.Duration // of scrapes
	slices   []slice       // each ends one length after the one before
	until    []events      // up to the end of each
	// partly means that in some phases a share of the slices is bad: which ones
	// arithmetic cannot know, and the simulation chooses.
	partly bool
}

// slice is a time without its beginning and with its end, as PromQL's windows are.
type slice struct {
	weight  float64 // events that it counts as; 0 where it has no value
	bad     bool
	ragged  bool // scrapes are missing in it
	silence bool // no event takes place
}

// cut makes slices of a load's time, until an instant at least. A slice is bad
// if it touches a time in which everything is, and of a time in which a share
// is bad as many slices are, evenly spread.
func (l *Load) cut(o *slo.SLO, until time.Duration) {
	length := o.SLI.Slice()
	if length == 0 || l.slices != nil {
		return
	}
	weight := float64(eachWeight(o))
	s := &sliced{length: length, interval: o.Service.ScrapeInterval}
	sum, due := events{}, 0.0
	for end := length; end <= until+length; end += length {
		within := Span{end - length, end}
		one := slice{}
		one.bad, due = l.badness(within, due, s)
		one.silence = l.silent(within)
		there, scrapes := l.scraped(within, o.Service.ScrapeInterval)
		one.ragged = there < scrapes
		switch {
		case one.silence || there == 0:
		case weight > 0:
			one.weight = weight * float64(there) / float64(scrapes)
		default:
			one.weight = 1
		}
		if one.bad {
			sum.bad += one.weight
		} else {
			sum.good += one.weight
		}
		s.slices, s.until = append(s.slices, one), append(s.until, sum)
	}
	l.slices = s
}

// eachWeight is the number of series of which each counts every slice, or 0
// where all of them count once.
func eachWeight(o *slo.SLO) int {
	members := membersOf(o, &Load{Phases: []Phase{newPhase(0, 1, none)}})
	if len(members) == 0 {
		return 0
	}
	for _, stream := range o.SLI.Streams() {
		if stream.Gauge == nil || !stream.Gauge.Each {
			continue
		}
		sets, err := members[0].target(o).labelSets(stream)
		switch {
		case err != nil:
			return 0 // nothing can be made up, which is reported elsewhere
		case members[0].has("instance"):
			return len(sets)
		}
		return len(instances) * len(sets)
	}
	return 0
}

// badness tells whether a slice is bad. Due is by how much those before were
// less bad than they should be.
func (l *Load) badness(within Span, due float64, s *sliced) (bool, float64) {
	for _, f := range l.Failures {
		if f > within.From && f <= within.Until {
			return true, due
		}
	}
	for i, p := range l.Phases {
		until := within.Until
		if i+1 < len(l.Phases) {
			until = min(until, l.Phases[i+1].From)
		}
		part := until - max(within.From, p.From)
		share, _ := p.Errors.Float64()
		switch {
		case part <= 0 || share == 0:
			continue
		case share >= 1:
			return true, due
		}
		s.partly = true
		due += share * part.Seconds() / s.length.Seconds()
	}
	if due >= 1-rounding {
		return true, due - 1
	}
	return false, due
}

// rounding is how far a sum of shares may be off.
const rounding = 1e-9

// silent tells whether there is no traffic in all of a slice.
func (l *Load) silent(within Span) bool {
	for i, p := range l.Phases {
		last := i+1 == len(l.Phases)
		if p.Rate == 0 && p.From <= within.From && (last || l.Phases[i+1].From >= within.Until) {
			return true
		}
	}
	return false
}

// scraped is how many scrapes all instances have in a slice, of those that they
// should have.
func (l *Load) scraped(within Span, interval time.Duration) (there, all int) {
	for _, on := range instances {
		first := within.From - (within.From-on.phase)%interval + interval
		if within.From < on.phase {
			first = on.phase
		}
		for at := first; at <= within.Until; at += interval {
			all++
			in := func(s Span) bool { return s.has(at) }
			if !slices.ContainsFunc(l.Gaps, in) && !slices.ContainsFunc(l.Gone, in) {
				there++
			}
		}
	}
	return there, all
}

// events are how many there were until an instant.
func (s *sliced) events(at time.Duration) events {
	ended := int(at / s.length)
	if at < s.length || ended == 0 {
		return events{}
	}
	return s.until[min(ended, len(s.until))-1]
}

// at is the slice that an instant is in.
func (s *sliced) at(at time.Duration) (slice, int) {
	i := int((at+s.length-1)/s.length) - 1
	if i < 0 || i >= len(s.slices) {
		return slice{weight: 1}, 0
	}
	return s.slices[i], i
}

// shows tells whether a bad slice shows in a scrape: in its last one or, of every
// other slice, in its first. All others are good, since the worst one counts.
func (s *sliced) shows(i int, at time.Duration) bool {
	if i%2 == 0 {
		return at+s.interval > time.Duration(i+1)*s.length
	}
	return at-s.interval <= time.Duration(i)*s.length
}

// slicesAt is the number of bad slices that a condition's long window holds at its
// threshold, rounded down: with one more it holds.
func slicesAt(c condition, length time.Duration) int64 {
	n := new(big.Rat).Mul(c.threshold, big.NewRat(int64(c.long), int64(length)))
	return new(big.Int).Quo(n.Num(), n.Denom()).Int64()
}

// countSlices says how long some slices are.
func countSlices(n int64, length time.Duration) string {
	return fmt.Sprintf("%s: %d bad slices of %s", spec.FormatDuration(time.Duration(n)*length), n, spec.FormatDuration(length))
}

// gauge is what one of several series shows.
type gauge struct {
	*slo.Gauge
	load      *Load
	series, n int
}

// at implements meter.
func (g gauge) at(m moment) float64 {
	if g.load.slices == nil {
		return g.Bad // a decoy
	}
	in, i := g.load.slices.at(m.at)
	switch {
	case in.silence:
		return math.NaN()
	case in.bad && (g.Each || in.ragged || i%g.n == g.series && g.load.slices.shows(i, m.at)):
		return g.Bad
	case g.series > 0:
		return g.Ease
	}
	return g.Good
}
