package simulate

import (
	"math"
	"math/big"
	"slices"
	"time"

	"slowburn/slo"
)

// frame is what all scenarios of an SLO share: how long traffic was healthy
// before anything happens, and how much of it there is.
type frame struct {
	slo      *slo.SLO
	begin    time.Duration // of what happens; before it lies the longest window
	rate     float64       // events a second
	shortest time.Duration // the shortest short window
	longest  time.Duration // the longest one, of any tier
	detects  time.Duration // how long a full outage lasts until the last tier fires
}

// settle is a time before and after what happens that no window needs.
const settle = 10 * time.Minute

// steady is how many bad events a tier's short window has at its threshold, so
// that rounding to whole events does not matter.
const steady = 100_000

func frameOf(o *slo.SLO) frame {
	f := frame{slo: o, rate: 10}
	for i, t := range o.Tiers {
		short := t.Short
		if short == 0 {
			short = t.Long
		}
		if i == 0 || short < f.shortest {
			f.shortest = short
		}
		f.longest = max(f.longest, t.Long, t.Short)
		threshold, _ := t.Threshold().Float64()
		f.rate = max(f.rate, steady/(threshold*short.Seconds()))
		if d, ok := t.Detection(big.NewRat(1, 1)); ok {
			f.detects = max(f.detects, d+t.For)
		}
	}
	f.begin = f.longest + settle
	f.rate = roundUp(f.rate)
	if slice := o.SLI.Slice(); slice > 0 {
		f.rate = 1 / slice.Seconds() // time has its own pace
	}
	return f
}

// lowest is the tier with the lowest threshold.
func lowest(tiers []slo.Tier) slo.Tier {
	return slices.MinFunc(tiers, func(a, b slo.Tier) int { return a.Threshold().Cmp(b.Threshold()) })
}

// roundUp is the next number with one digit that is not zero.
func roundUp(v float64) float64 {
	unit := math.Pow10(int(math.Floor(math.Log10(v))))
	return math.Ceil(v/unit) * unit
}

// maxScrapes bounds how long a scenario is run, windows before the event among
// it: far above what an outage needs, and a matter of a minute.
const maxScrapes = 500_000

// scrapes is how many there are, or evaluations, until an event of some length has ended.
func (f frame) scrapes(length time.Duration) time.Duration {
	return (f.begin + length) / min(f.slo.Service.ScrapeInterval, f.slo.Service.EvaluationInterval)
}

// scenario makes one of a load, in which something happens during a span.
func (f frame) scenario(load *Load, event Span) Scenario {
	var short time.Duration // the last tier to clear has this window
	for _, t := range f.slo.Tiers {
		clears := t.Short
		if clears == 0 {
			clears = t.Long
		}
		short = max(short, clears+t.KeepFiringFor)
	}
	return Scenario{
		Subject: Subject{Service: f.slo.Service, SLO: f.slo},
		Load:    load,
		scraped: crowd{f.slo, load},
		Event:   event,
		// Only from the event on: what was before it is in the windows. And on
		// until everything has cleared and nothing more may come.
		Watch: Span{max(0, event.From-settle/2), event.Until + short + settle},
		Pos:   f.slo.Pos,
	}
}

// outage is a scenario of errors that begin and end at once.
func (f frame) outage(length time.Duration, errors, baseline *big.Rat) Scenario {
	event := Span{f.begin, f.begin + length}
	return f.scenario(&Load{Phases: []Phase{
		newPhase(0, f.rate, baseline), newPhase(event.From, f.rate, errors), newPhase(event.Until, f.rate, baseline),
	}}, event)
}

// predicted is the scenario with a prediction for every alert of its SLO; known
// are those of the same service before it.
func (s Scenario) predicted(known predictions) Scenario {
	members := membersOf(s.SLO, s.Load)
	for _, m := range members {
		m.load.cut(s.SLO, s.Watch.Until)
		alerts := known.alertsOf(s.SLO)
		for i := range alerts {
			s.Predictions = append(s.Predictions, known.of(s.SLO, &alerts[i], m, s.Watch))
		}
		if s.SLO.Service.Absence.Enabled {
			s.Predictions = append(s.Predictions, predictAbsence(s.SLO, m))
		}
	}
	if len(s.SLO.Per) > 0 && s.SLO.Service.Absence.Enabled {
		all := *s.Load
		if all.Alone && len(members) > 1 {
			all.Gone = nil // others are left
		}
		s.Predictions = append(s.Predictions, predictAbsence(s.SLO, nobody(s.SLO, &all)))
	}
	return s
}

// burns are the predictions for burn-rate alerts of the group that suffers.
func (s Scenario) burns() []Prediction {
	var burns []Prediction
	for _, p := range s.Predictions {
		if p.Burn != nil && p.Of.load == s.Load {
			burns = append(burns, p)
		}
	}
	return burns
}
