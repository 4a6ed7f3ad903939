package simulate

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// eventProof proves an alert that counts events in a window.
type eventProof struct {
	of     *alerts.Alert
	events *alerts.Events
}

// eventScenarios are those that every such alert is put through. Each makes
// those that make sense for the alert.
var eventScenarios = []struct {
	name string
	make func(eventProof) []Scenario
}{
	{"healthy", eventProof.healthy},
	{"just below", eventProof.justBelow},
	{"just above", eventProof.justAbove},
	{"full outage", eventProof.fullOutage},
	{"few failures", eventProof.fewFailures},
	{"enough failures", eventProof.enoughFailures},
	{"little traffic", eventProof.littleTraffic},
	{"no traffic", eventProof.noTraffic},
	{"nothing but failures", eventProof.nothingButFailures},
	{"counter reset", eventProof.counterReset},
	{"late error series", eventProof.lateErrorSeries},
	{"target disappears", eventProof.targetDisappears},
}

func (p eventProof) alert() *alerts.Alert { return p.of }

func (p eventProof) possible() error {
	t := p.target(&Load{})
	for _, stream := range p.events.Streams {
		if _, err := t.labelSets(stream); err != nil {
			return err
		}
	}
	return nil
}

func (p eventProof) generated() []Scenario {
	var all []Scenario
	for _, g := range eventScenarios {
		for _, s := range g.make(p) {
			s.Name = strings.TrimSpace(g.name + " " + s.Name)
			all = append(all, p.predicted(s))
		}
	}
	return all
}

func (p eventProof) outage(d ScenarioSpec, r *diag.Report) (Scenario, bool) {
	if d.Vanishes.IsSet() {
		return p.predicted(p.vanishing(d.Vanishes.Duration)), true
	}
	if d.Traffic.IsSet() && d.Traffic.N == 0 {
		r.Add(spec.BadValue, d.Traffic.Pos(), "use 1 or more, or leave it out", "without events nothing can fail")
		return Scenario{}, false
	}
	readable := (d.Errors.IsSet() || d.Errors.Value() == nil) && (d.Baseline.IsSet() || d.Baseline.Value() == nil) && (d.Traffic.IsSet() || d.Traffic.Value() == nil)
	if !readable {
		return Scenario{}, false
	}
	errors, baseline, rate := everything, none, p.rate()
	if d.Errors.IsSet() {
		errors = d.Errors.Rat
	}
	if d.Baseline.IsSet() {
		baseline = d.Baseline.Rat
	}
	if d.Traffic.IsSet() {
		rate = float64(d.Traffic.N) / 3600
	}
	return p.predicted(p.failing(d.Outage.Duration, rate, errors, baseline)), true
}

// rate is so many events a second that rounding to whole ones does not matter.
func (p eventProof) rate() float64 {
	share, _ := p.events.Share.Float64()
	return roundUp(max(steady/(share*p.events.Window.Seconds()), 10))
}

// begin is when something happens: before it lies the window.
func (p eventProof) begin() time.Duration { return (p.events.Window + settle).Round(time.Minute) }

// noticed is a time of full outage after which the alert has fired for certain.
func (p eventProof) noticed() time.Duration {
	return (p.events.Window + p.of.For + settle).Round(time.Minute)
}

// failing is a time of errors that begins and ends at once.
func (p eventProof) failing(length time.Duration, rate float64, errors, baseline *big.Rat) Scenario {
	event := Span{p.begin(), p.begin() + length}
	return p.scenario(&Load{Phases: []Phase{
		newPhase(0, rate, baseline), newPhase(event.From, rate, errors), newPhase(event.Until, rate, baseline),
	}}, event)
}

func (p eventProof) scenario(load *Load, event Span) Scenario {
	return Scenario{
		Subject: Subject{Service: p.of.Service, Alert: p.of},
		Load:    load,
		scraped: p.target(load),
		Event:   event,
		Watch:   Span{max(0, event.From-settle/2), event.Until + p.events.Window + p.of.Threshold.KeepFiringFor + settle},
		Pos:     p.of.Pos,
	}
}

// target is what is scraped: one member under the load, and a healthy one
// beside it where members are judged apart.
func (p eventProof) target(load *Load) target {
	t := target{service: p.of.Service, streams: p.events.Streams, load: load}
	for _, label := range p.events.Per {
		values := p.values(label)
		if len(values) == 0 {
			continue // labelSets says so
		}
		t.pins = append(t.pins, expr.Equal(label, values[0]))
		t.beside = append(t.beside, expr.Equal(label, values[min(1, len(values)-1)]))
	}
	if slices.EqualFunc(t.pins, t.beside, func(a, b *labels.Matcher) bool { return a.String() == b.String() }) {
		t.beside = nil
	}
	return t
}

// values of a label that all streams accept.
func (p eventProof) values(label string) []string {
	var seen []string
	var matchers []*labels.Matcher
	for _, s := range p.events.Streams {
		seen = append(seen, p.of.Service.Catalogue.Values(s.Metric, label)...)
		for _, m := range s.Match {
			if m.Name == label {
				matchers = append(matchers, m)
			}
		}
	}
	return witnesses(seen, matchers)
}

// predicted is the scenario with what the alert does in it.
func (p eventProof) predicted(s Scenario) Scenario {
	q := question{load: s.Load, watch: s.Watch, condition: condition{
		long: p.events.Window, threshold: p.events.Share, minErrors: p.events.Bad, minEvents: p.events.Total, scrape: p.of.Service.ScrapeInterval,
	}}
	h, delay := holdOf(p.of), p.of.Service.ScrapeInterval+p.of.Service.EvaluationInterval
	holds := q.answer()
	prediction := Prediction{Alert: p.of.Name, Fires: h.fires(holds), Lumpy: q.lumpy(), Member: map[string]string{}}
	for _, pin := range p.target(s.Load).pins {
		prediction.Member[pin.Name] = pin.Value
	}
	prediction.Possible = h.fires(moved(q.eager().answer(), 0, delay))
	prediction.Certain = h.fires(moved(q.reluctant().answer(), 0, -delay))
	prediction.Close = len(prediction.Possible) != len(prediction.Fires) || len(prediction.Certain) != len(prediction.Fires)
	switch {
	case len(prediction.Fires) > 0:
	case len(holds) > 0:
		prediction.Why = fmt.Sprintf("its condition holds for %s, and it needs %s", spec.FormatDuration(holds[0].Length()), spec.FormatDuration(p.of.For))
	default:
		prediction.Why = q.reason()
	}
	s.Predictions = []Prediction{prediction}
	return s
}

// healthy: half the share of events that may be bad are.
func (p eventProof) healthy() []Scenario {
	half := new(big.Rat).Mul(p.events.Share, big.NewRat(1, 2))
	return []Scenario{p.failing(p.noticed(), p.rate(), half, half)}
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
	s.Essential = true
	return []Scenario{s}
}

// fewFailures: so few events fail at once that the guard keeps the alert silent,
// among so few that their share is above the limit.
func (p eventProof) fewFailures() []Scenario {
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
