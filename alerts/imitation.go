package alerts

import (
	"math"
	"math/big"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/expr"
	"slowburn/slo"
)

// Imitation is what a scenario of a threshold alert is made of: series, made up
// from the spec and never from the rule, and the arithmetic by which the alert
// fires. Either events are counted or a level is measured.
type Imitation struct {
	Events *Events
	Levels *Levels
}

// Events is a condition on events in a window: more than a share of them are
// bad, and there are enough of both.
type Events struct {
	Streams []slo.Stream
	// Per are the labels whose values are judged apart.
	Per    []string
	Window time.Duration
	Share  *big.Rat // of the events, which bad ones must exceed
	Bad    int      // at least so many bad ones; 0 for any number
	Total  int      // more events than that; 0 for any number
}

// Levels is a condition on a level, and what happens to it in scenarios.
type Levels struct {
	// Gauges are the series of one member, Excepted those that take a member out.
	Gauges, Excepted []Gauge
	// Per are the labels whose values are judged apart.
	Per []string
	// Quiet is the level of a healthy member, Loud that of one that is not.
	Quiet, Loud float64
	// Scenes are what every alert of the kind is put through.
	Scenes []Scene
	// Outage is the scene that a user's scenario asks for.
	Outage func(length time.Duration) Scene
	// Holds tells when the condition holds: when all terms of one of the lists are positive.
	Holds [][]Term
	// Gone means that it holds too while there are no series at all.
	Gone bool
	// Together means that all members are judged as one: none can be healthy beside a loud one.
	Together bool
	// Window is that of counters, over which the level is averaged; 0 for gauges.
	Window time.Duration
	// Beside is how many healthy members there are beside; 0 stands for one.
	Beside int
	// Steady means that the alert stays the same when labels change that are no member's.
	Steady bool
	// Before is how long the series must have existed.
	Before time.Duration
}

// Gauge is a series of a member: a value that follows from the level.
type Gauge struct {
	Metric string
	Match  []*labels.Matcher
	// Value at an instant, in seconds since the beginning, of a member at a level.
	Value func(level, at float64) float64
	// Counter means that the value is what the series grows by in a second.
	Counter bool
}

// gauge is a series of a selector.
func gauge(s expr.Selector, value func(level, at float64) float64) Gauge {
	return Gauge{Metric: s.Name, Match: expr.LabelMatchers(s), Value: value}
}

// always is a series of the same value at every level.
func always(value float64) func(level, at float64) float64 {
	return func(float64, float64) float64 { return value }
}

// same is a series whose value is the level.
func same(level, _ float64) float64 { return level }

// Term is a part of a condition. It holds while it is positive, and is linear
// where the level is.
type Term func(Point) float64

// Point is what a level is at an instant, and by how much it grows in a second.
type Point struct{ Level, Slope float64 }

// Knot is the level at an instant after the beginning of what happens. Between
// knots it is linear; two at one instant are a jump.
type Knot struct {
	At    time.Duration
	Level float64
}

// Scene is something that can happen to a member.
type Scene struct {
	Name   string
	Length time.Duration
	Curve  []Knot
	// Vanish means that there are no series for all of Length, Appear that there are none before.
	Vanish, Appear bool
	// Gauges are the member's series in this scene, where they are not those of all scenes.
	Gauges []Gauge
	// Beside is how many healthy members there are beside, where not as many as in all scenes.
	Beside int
	// Silent says why nothing fires although the level is as it is, or is "".
	Silent string
	// Replaced means that the series get other labels, of no member's, half way.
	Replaced bool
}

// limit is a level that may not be exceeded, or not be fallen short of.
type limit struct {
	at    float64
	below bool // it must stay above
	whole bool // the level is 0 or 1, and the limit between
}

// margin is how far below and above a limit a level is that is close to it.
const margin = 0.02

// term is positive while the level is on the wrong side.
func (l limit) term(p Point) float64 {
	if l.below {
		return l.at - p.Level
	}
	return p.Level - l.at
}

// wrong and right are levels close to the limit on either side.
func (l limit) wrong() float64 { return l.beside(margin) }
func (l limit) right() float64 { return l.beside(-margin) }

func (l limit) beside(by float64) float64 {
	if l.whole {
		return math.Ceil(by)
	}
	if l.below && l.at == 0 {
		return min(-by, 0)
	}
	if l.below {
		by = -by
	}
	if l.at == 0 {
		return max(by, 0) // there may be nothing below zero
	}
	if l.at < 0 {
		by = -by
	}
	return l.at * (1 + by)
}

// far are levels that are well inside and well outside of the limit, of which
// none is negative that need not be.
func (l limit) far() (quiet, loud float64) {
	size := max(1, l.at, -l.at)
	low, high := l.at-size, l.at+size
	if l.at >= 0 {
		low = l.at / 2
	}
	switch {
	case l.below && l.at == 0:
		return high, -size
	case l.below:
		return high, low
	}
	return low, high
}

// jumps is the imitation of a level that jumps: from quiet to either side of a
// limit, and back.
func jumps(t Timing, l limit, quiet, loud float64) *Levels {
	jump := func(name string, to float64, length time.Duration) Scene {
		return Scene{Name: name, Length: length, Curve: []Knot{{0, quiet}, {0, to}, {length, to}, {length, quiet}}}
	}
	levels := &Levels{
		Quiet: quiet, Loud: loud, Holds: [][]Term{{l.term}},
		Outage: func(length time.Duration) Scene { return jump("", loud, length) },
	}
	noticed := t.Noticed()
	levels.Scenes = []Scene{
		{Name: "healthy", Length: noticed, Curve: []Knot{{0, quiet}}},
		jump("just outside", l.wrong(), noticed),
	}
	if l.right() != quiet {
		levels.Scenes = append(levels.Scenes, jump("just inside", l.right(), noticed))
	}
	if brief := t.tooShort(); brief > 0 {
		levels.Scenes = append(levels.Scenes, jump("too short", loud, brief))
	}
	levels.Scenes = append(levels.Scenes, Scene{Name: "vanishes", Length: noticed, Curve: []Knot{{0, quiet}}, Vanish: true})
	replaced := jump("replaced meanwhile", loud, 2*noticed)
	replaced.Replaced = true
	levels.Scenes = append(levels.Scenes, replaced)
	return levels
}

// drifts is the imitation of a level that moves by itself, so much a second,
// from some start before the limit, until something puts it back to quiet.
func drifts(t Timing, l limit, quiet, start, slope float64) *Levels {
	drift := func(name string, length time.Duration) Scene {
		end := start + slope*length.Seconds()
		return Scene{Name: name, Length: length, Curve: []Knot{{0, quiet}, {0, start}, {length, end}, {length, quiet}}}
	}
	reaches := time.Duration((l.at - start) / slope * float64(time.Second))
	noticed := t.Noticed()
	levels := &Levels{
		Quiet: quiet, Loud: l.at + slope*2*noticed.Seconds(), Holds: [][]Term{{l.term}},
		Outage: func(length time.Duration) Scene { return drift("", length) },
	}
	levels.Scenes = []Scene{
		{Name: "healthy", Length: noticed, Curve: []Knot{{0, quiet}}},
		drift("just inside", reaches-t.Scrape-t.Evaluation),
		drift("just outside", reaches+noticed),
	}
	if brief := t.tooShort(); brief > 0 {
		levels.Scenes = append(levels.Scenes, drift("too short", reaches+brief))
	}
	levels.Scenes = append(levels.Scenes, Scene{Name: "vanishes", Length: noticed, Curve: []Knot{{0, quiet}}, Vanish: true})
	replaced := drift("replaced meanwhile", reaches+2*noticed)
	replaced.Replaced = true
	levels.Scenes = append(levels.Scenes, replaced)
	return levels
}
