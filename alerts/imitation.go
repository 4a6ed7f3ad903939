package alerts

import (
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
	// Within are those of them that members have in common: only members of one group are compared.
	Within []string
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
	// GoneSays is what the alert's description says then, or "".
	GoneSays string
	// Together means that all members are judged as one: none can be healthy beside a loud one.
	Together bool
	// Window is that of counters, over which the level is averaged; 0 for gauges.
	Window time.Duration
	// Windows is in how many windows on end the condition must hold; 0 stands for one.
	Windows int
	// Beside is how many healthy members there are beside; 0 stands for one.
	Beside int
	// Steady means that the alert stays the same when labels change that are no member's.
	Steady bool
	// Siblings are levels of further series of each member, which must not matter: where the worst one counts
	// they are quiet, where the best one does they are loud.
	Siblings []float64
	// Split means that series of a member are added up: it has two.
	Split bool
	// Before is how long the series must have existed.
	Before time.Duration
}

// Reach is how far back the condition looks.
func (l *Levels) Reach() time.Duration { return l.Window * time.Duration(max(1, l.Windows)) }

// Gauge is a series of a member: a value that follows from the level.
type Gauge struct {
	Metric string
	Match  []*labels.Matcher
	// Value at an instant, in seconds since the beginning, of a member at a level.
	Value func(level, at float64) float64
	// Counter means that the value is what the series grows by in a second; a gauge may do so too.
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
	// Alone means that of members that are judged as one the others stay healthy.
	Alone bool
	// Silent says why nothing fires although the level is as it is, or is "".
	Silent string
	// Replaced means that the series get other labels, of no member's, half way.
	Replaced bool
	// Sibling is what happens meanwhile to another series of the same member, which must not matter.
	Sibling []Knot
}
