package simulate

import (
	"math/big"
	"time"
)

// Load is what happens to a service in a scenario. Times count from the
// beginning of the simulation.
type Load struct {
	// Phases follow each other; the last one lasts.
	Phases []Phase
	// Failures are instants of single bad events, beside those of the phases.
	Failures []time.Duration
	// Resets are instants at which all processes are replaced and count from zero.
	Resets []time.Duration
	// Gaps are times without scrapes.
	Gaps []Span
	// Gone are times at which there is no target: its series end.
	Gone []Span
	// Alone means that what is gone is one group of several, and not the target.
	Alone bool
	// LateErrors means that series which count nothing but errors appear with the first error.
	LateErrors bool
	// LateSuccesses means the same of series that count nothing but successes.
	LateSuccesses bool

	slices *sliced // what events are, where they are times
}

// Phase is a time of steady traffic.
type Phase struct {
	From   time.Duration
	Rate   float64  // events a second
	Errors *big.Rat // share of them that is bad

	errorRate float64 // bad events a second
}

func newPhase(from time.Duration, rate float64, errors *big.Rat) Phase {
	share, _ := errors.Float64()
	return Phase{from, rate, errors, rate * share}
}

// Span is a time from its beginning up to, without, its end.
type Span struct{ From, Until time.Duration }

// Length of the span.
func (s Span) Length() time.Duration { return s.Until - s.From }

func (s Span) has(at time.Duration) bool { return at >= s.From && at < s.Until }

// total and bad are the number of events, and of bad ones, up to and including an instant.
func (l *Load) total(at time.Duration) float64 {
	if l.slices != nil {
		e := l.slices.events(at)
		return e.good + e.bad
	}
	return l.sum(at, func(p Phase) float64 { return p.Rate }) + l.failures(at)
}

func (l *Load) bad(at time.Duration) float64 {
	if l.slices != nil {
		return l.slices.events(at).bad
	}
	return l.sum(at, func(p Phase) float64 { return p.errorRate }) + l.failures(at)
}

func (l *Load) sum(at time.Duration, rate func(Phase) float64) float64 {
	sum := 0.0
	for i, p := range l.Phases {
		until := at
		if i+1 < len(l.Phases) {
			until = min(at, l.Phases[i+1].From)
		}
		if until > p.From {
			sum += rate(p) * (until - p.From).Seconds()
		}
	}
	return sum
}

func (l *Load) failures(at time.Duration) float64 {
	n := 0.0
	for _, f := range l.Failures {
		if f <= at {
			n++
		}
	}
	return n
}

// worst is the phase with the highest share of errors that begins before an instant.
func (l *Load) worst(before time.Duration) Phase {
	worst := l.Phases[0]
	for _, p := range l.Phases {
		if p.Errors.Cmp(worst.Errors) > 0 && p.From < before {
			worst = p
		}
	}
	return worst
}
