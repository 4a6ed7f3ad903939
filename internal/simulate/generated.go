package simulate

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"slowburn/slo"
)

// FullOutage is the name of the scenario in which every event is bad for a while.
const FullOutage = "full outage"

// generated are the scenarios that every SLO is put through without being
// asked. Each makes those that make sense for the SLO.
var generated = []struct {
	name string
	make func(frame) []Scenario
}{
	{"healthy", healthy},
	{"just below", justBelow},
	{"just above", justAbove},
	{FullOutage, fullOutage},
	{"short spike", shortSpike},
	{"slow leak", slowLeak},
	{"recovery", recovery},
	{"no traffic", noTraffic},
	{"bad after no traffic", badAfterSilence},
	{"one failure", oneFailure},
	{"counter reset", counterReset},
	{"scrape gap", scrapeGap},
	{"late error series", lateErrorSeries},
	{"target disappears", targetDisappears},
	{"group disappears", groupDisappears},
}

// generate makes the scenarios that prove an SLO's alerts.
func generate(o *slo.SLO, known predictions) []Scenario {
	f := frameOf(o)
	var all []Scenario
	for _, g := range generated {
		for _, s := range g.make(f) {
			s.Name, s.Generated = strings.TrimSpace(g.name+" "+s.Name), true
			all = append(all, s.predicted(known))
		}
	}
	return all
}

var (
	none       = new(big.Rat)
	everything = big.NewRat(1, 1)
)

// half the budget is spent by a service that keeps its objective with ease.
func (f frame) half() *big.Rat { return new(big.Rat).Mul(f.slo.Budget(), big.NewRat(1, 2)) }

// healthy: the service spends half its budget, steadily.
func healthy(f frame) []Scenario {
	return []Scenario{f.outage(time.Hour, f.half(), f.half())}
}

// margin is how far below and above a threshold the error ratio is.
var margin = big.NewRat(2, 100)

// justBelow: the error ratio stays a little below a tier's threshold, for longer than its window.
func justBelow(f frame) []Scenario {
	return f.near(new(big.Rat).Sub(everything, margin))
}

// justAbove: the error ratio is a little above a tier's threshold until that has fired.
func justAbove(f frame) []Scenario {
	return f.near(new(big.Rat).Add(everything, margin))
}

func (f frame) near(factor *big.Rat) []Scenario {
	if f.slo.SLI.Slice() > 0 {
		return f.nearSlices(factor)
	}
	var all []Scenario
	for _, t := range f.slo.Tiers {
		errors := new(big.Rat).Mul(t.Threshold(), factor)
		if errors.Cmp(everything) > 0 {
			continue // the tier can never fire; check says so
		}
		s := f.outage(t.Long+settle+t.For, errors, none)
		s.Name = t.Name
		all = append(all, s)
	}
	return all
}

// nearSlices is near where events are slices of time: as many of them as the
// threshold allows are bad, one after the other, or one more.
func (f frame) nearSlices(factor *big.Rat) []Scenario {
	var all []Scenario
	length := f.slo.SLI.Slice()
	for _, t := range f.slo.Tiers {
		bad := slicesAt(burning(f.slo, &t), length)
		if factor.Cmp(everything) > 0 {
			bad++
		}
		outage := time.Duration(bad) * length
		if bad == 0 || outage > t.Long {
			continue // one slice is above the threshold already, or all of them are not
		}
		s := f.outage(outage, everything, none)
		s.Name = t.Name
		all = append(all, s)
	}
	return all
}

// fullOutage: every event fails until all tiers have fired.
func fullOutage(f frame) []Scenario {
	s := f.outage(f.detected(), everything, none)
	s.Essential = true
	return []Scenario{s}
}

// detected is a time of full outage in which every tier fires that can.
func (f frame) detected() time.Duration {
	return (f.detects * 5 / 4).Round(time.Minute) + 5*time.Minute
}

// shortSpike: every event fails for half the shortest window.
func shortSpike(f frame) []Scenario {
	return []Scenario{f.outage(f.shortest/2, everything, none)}
}

// slowLeak: errors grow in steps from nothing to twice the threshold of the slowest tier.
func slowLeak(f frame) []Scenario {
	if len(f.slo.Tiers) == 0 {
		return nil
	}
	slowest := lowest(f.slo.Tiers)
	const steps = 8
	length := 2 * slowest.Long
	load := &Load{Phases: []Phase{newPhase(0, f.rate, none)}}
	for i := range steps {
		errors := new(big.Rat).Mul(slowest.Threshold(), big.NewRat(2*int64(i+1), steps))
		if errors.Cmp(everything) > 0 {
			errors = everything
		}
		load.Phases = append(load.Phases, newPhase(f.begin+length*time.Duration(i)/steps, f.rate, errors))
	}
	event := Span{f.begin, f.begin + length}
	load.Phases = append(load.Phases, newPhase(event.Until, f.rate, none))
	return []Scenario{f.scenario(load, event)}
}

// recovery: an outage that fills the fast windows ends, and is followed by
// healthy traffic. The long windows remember it for as long as they are: no
// alert may fire after the end, when its faster sister has cleared.
func recovery(f frame) []Scenario {
	s := f.outage(f.detected()+f.fastest().Long, everything, none)
	s.Watch.Until += f.fastest().Long
	return []Scenario{s}
}

// fastest is the tier with the shortest long window.
func (f frame) fastest() slo.Tier {
	if len(f.slo.Tiers) == 0 {
		return slo.Tier{}
	}
	return slices.MinFunc(f.slo.Tiers, func(a, b slo.Tier) int { return int(a.Long - b.Long) })
}

// noTraffic: a service has no traffic for longer than the short windows, and then some again.
func noTraffic(f frame) []Scenario {
	if eachWeight(f.slo) > 0 {
		return nil // Prometheus probes at all times
	}
	event := Span{f.begin, f.begin + max(2*f.shortest, time.Hour)}
	return []Scenario{f.scenario(&Load{Phases: []Phase{
		newPhase(0, f.rate, none), newPhase(event.From, 0, none), newPhase(event.Until, f.rate, none),
	}}, event)}
}

// badAfterSilence: slices of time without a value are no good ones. Those that
// follow are all bad, which is a larger share of fewer.
func badAfterSilence(f frame) []Scenario {
	if f.slo.SLI.Slice() == 0 || eachWeight(f.slo) > 0 {
		return nil
	}
	silence := Span{f.begin, f.begin + max(2*f.shortest, time.Hour)}
	event := Span{silence.Until, silence.Until + f.detects/2}
	return []Scenario{f.scenario(&Load{Phases: []Phase{
		newPhase(0, f.rate, none), newPhase(silence.From, 0, none), newPhase(event.From, f.rate, everything), newPhase(event.Until, f.rate, none),
	}}, event)}
}

// oneFailure: traffic is so low that one failure exceeds the threshold of the
// tier with the smallest share of the budget.
func oneFailure(f frame) []Scenario {
	if len(f.slo.Tiers) == 0 {
		return nil
	}
	t := slices.MinFunc(f.slo.Tiers, func(a, b slo.Tier) int { return a.Share.Cmp(b.Share) })
	if f.slo.SLI.Slice() == 0 {
		threshold, _ := t.Threshold().Float64()
		f.rate = 1 / (2 * threshold * t.Long.Seconds())
	}
	return []Scenario{f.scenario(&Load{
		Phases:   []Phase{newPhase(0, f.rate, none)},
		Failures: []time.Duration{f.begin},
	}, Span{f.begin, f.begin})}
}

// counterReset: during an outage all processes are replaced, and count from zero.
func counterReset(f frame) []Scenario {
	if f.slo.SLI.Slice() > 0 {
		return nil // gauges count nothing
	}
	s := f.outage(f.detected(), everything, none)
	s.Load.Resets = []time.Duration{s.Event.From + s.Event.Length()/2}
	s.Slack = f.slo.Service.ScrapeInterval // what was counted since the last scrape is lost
	return []Scenario{s}
}

// scrapeGap: during an outage Prometheus does not scrape for a while.
func scrapeGap(f frame) []Scenario {
	s := f.outage(f.detected(), everything, none)
	length := min(2*time.Minute, f.shortest/2)
	from := s.Event.From + s.Event.Length()/2
	s.Load.Gaps = []Span{{from, from + length}}
	s.Slack = length
	return []Scenario{s}
}

// lateErrorSeries: series of errors appear with the first error, as those of
// most client libraries do. Their first samples are no increase.
func lateErrorSeries(f frame) []Scenario {
	if !slices.ContainsFunc(f.slo.SLI.Streams(), slo.Stream.OnlyErrors) {
		return nil
	}
	s := f.outage(f.detected(), everything, none)
	s.Load.LateErrors = true
	s.Slack = f.slo.Service.ScrapeInterval
	return []Scenario{s}
}

// targetDisappears: nothing is left to scrape, until it comes back and counts from zero.
func targetDisappears(f frame) []Scenario {
	gone := Span{f.begin, f.begin + f.slo.Service.Absence.For + settle}
	s := f.scenario(&Load{Phases: []Phase{newPhase(0, f.rate, f.half())}, Gone: []Span{gone}}, gone)
	s.Slack = f.slo.Service.EvaluationInterval // for is counted from an evaluation to another
	return []Scenario{s}
}

// groupDisappears: one group is gone, and others are left.
func groupDisappears(f frame) []Scenario {
	if len(f.slo.Per) == 0 {
		return nil
	}
	all := targetDisappears(f)
	for _, s := range all {
		s.Load.Alone = true
	}
	return all
}
