package simulate

import (
	"math/big"
	"slices"
	"time"

	"slowburn/slo"
)

// eventScenarios are those that every such alert is put through. Each makes
// those that make sense for the alert.
var eventScenarios = []struct {
	name string
	make func(eventProof) []Scenario
}{
	{"healthy", eventProof.healthy},
	{"just below", eventProof.justBelow},
	{"just above", eventProof.justAbove},
	{FullOutage, eventProof.fullOutage},
	{"few failures", eventProof.fewFailures},
	{"enough failures", eventProof.enoughFailures},
	{"little traffic", eventProof.littleTraffic},
	{"no traffic", eventProof.noTraffic},
	{"nothing but failures", eventProof.nothingButFailures},
	{"counter reset", eventProof.counterReset},
	{"late error series", eventProof.lateErrorSeries},
	{"target disappears", eventProof.targetDisappears},
}

// healthy: three quarters of the share of events that may be bad are, and for a
// while there is four times as much traffic: what compares one window with
// another is off by that.
func (p eventProof) healthy() []Scenario {
	some := new(big.Rat).Mul(p.events.Share, big.NewRat(3, 4))
	s := p.failing(p.noticed(), p.rate(), some, some)
	s.Load.Phases[1] = newPhase(s.Load.Phases[1].From, 4*p.rate(), some)
	return []Scenario{s}
}

// justBelow: the share of bad events stays a little below the limit.
func (p eventProof) justBelow() []Scenario {
	return p.near(new(big.Rat).Sub(everything, margin))
}

// justAbove: the share of bad events is a little above the limit until the alert has fired.
func (p eventProof) justAbove() []Scenario {
	return p.near(new(big.Rat).Add(everything, margin))
}

func (p eventProof) near(factor *big.Rat) []Scenario {
	errors := new(big.Rat).Mul(p.events.Share, factor)
	if errors.Cmp(everything) > 0 {
		return nil
	}
	return []Scenario{p.failing(p.noticed(), p.rate(), errors, none)}
}

// fullOutage: every event fails.
func (p eventProof) fullOutage() []Scenario {
	s := p.failing(p.noticed(), p.rate(), everything, none)
	s.Essential = p.events.Window <= time.Hour // promtool cannot hold the samples of much longer ones
	return []Scenario{s}
}

// fewFailures: so few events fail in every window that the guard keeps the alert
// silent, among so few that their share is above the limit.
func (p eventProof) fewFailures() []Scenario {
	if p.events.Bad < manyFailures {
		return p.burstOfFailures()
	}
	bad := float64(p.events.Bad) * 3 / 5
	share, _ := p.events.Share.Float64()
	all := min(bad/share*3/4, 2*float64(p.events.Bad)) // with those that succeed it would be enough
	return []Scenario{p.failing(p.noticed()+p.events.Window, all/p.events.Window.Seconds(), new(big.Rat).SetFloat64(bad/all), none)}
}

// manyFailures are so many that a window which has one more or less does not matter.
const manyFailures = 8

// burstOfFailures is fewFailures where they can be counted on one's fingers: all at once.
func (p eventProof) burstOfFailures() []Scenario {
	n := p.events.Bad * 4 / 5
	if n == 0 {
		return nil
	}
	s := p.failing(0, float64(n)/10/p.events.Window.Seconds(), none, none)
	for i := range n {
		s.Load.Failures = append(s.Load.Failures, s.Event.From+time.Duration(i)*time.Second)
	}
	return []Scenario{s}
}

// enoughFailures: every event fails, and there are just enough of them.
func (p eventProof) enoughFailures() []Scenario {
	if p.events.Bad < 2 {
		return nil
	}
	return []Scenario{p.failing(p.noticed()+p.events.Window, 4*float64(p.events.Bad)/p.events.Window.Seconds(), everything, none)}
}

// littleTraffic: every event is bad, and there are not enough of them.
func (p eventProof) littleTraffic() []Scenario {
	if p.events.Total == 0 {
		return nil
	}
	return []Scenario{p.failing(p.noticed(), float64(p.events.Total)*4/5/p.events.Window.Seconds(), everything, none)}
}

// noTraffic: there are no events for longer than the window, and then some again.
func (p eventProof) noTraffic() []Scenario {
	event := Span{p.begin(), p.begin() + p.noticed()}
	return []Scenario{p.scenario(&Load{Phases: []Phase{
		newPhase(0, p.rate(), none), newPhase(event.From, 0, none), newPhase(event.Until, p.rate(), none),
	}}, event)}
}

// nothingButFailures: from the first event on all fail, so that series of
// successes never appear.
func (p eventProof) nothingButFailures() []Scenario {
	if !slices.ContainsFunc(p.events.Streams, onlySuccesses) {
		return nil
	}
	s := p.failing(p.noticed(), p.rate(), everything, none)
	s.Load.Phases[0].Rate, s.Load.Phases[2].Rate = 0, 0
	s.Load.LateErrors, s.Load.LateSuccesses = true, true
	s.Slack = p.of.Service.ScrapeInterval // the first sample of a series is no increase
	return []Scenario{s}
}

// counterReset: during an outage all processes are replaced, and count from zero.
func (p eventProof) counterReset() []Scenario {
	s := p.failing(p.noticed(), p.rate(), everything, none)
	s.Load.Resets = []time.Duration{s.Event.From + s.Event.Length()/2}
	s.Slack = p.of.Service.ScrapeInterval // what was counted since the last scrape is lost
	return []Scenario{s}
}

// lateErrorSeries: series of errors appear with the first error.
func (p eventProof) lateErrorSeries() []Scenario {
	if !slices.ContainsFunc(p.events.Streams, slo.Stream.OnlyErrors) {
		return nil
	}
	s := p.failing(p.noticed(), p.rate(), everything, none)
	s.Load.LateErrors = true
	s.Slack = p.of.Service.ScrapeInterval
	return []Scenario{s}
}

// targetDisappears: nothing is left to scrape, until it comes back and counts from zero.
func (p eventProof) targetDisappears() []Scenario { return []Scenario{p.vanishing(p.noticed())} }

func (p eventProof) vanishing(length time.Duration) Scenario {
	event := Span{p.begin(), p.begin() + length}
	half := new(big.Rat).Mul(p.events.Share, big.NewRat(1, 2))
	return p.scenario(&Load{Phases: []Phase{newPhase(0, p.rate(), half)}, Gone: []Span{event}}, event)
}
