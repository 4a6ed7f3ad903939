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
)

// eventProof proves an alert that counts events in a window.
type eventProof struct {
	of     *alerts.Alert
	events *alerts.Events
}

func (p eventProof) alert() *alerts.Alert { return p.of }

func (p eventProof) possible() error {
	if err := runnable(p.failing(p.noticed()+p.events.Window, p.rate(), everything, none)); err != nil {
		return err
	}
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
		Watch:   Span{max(0, event.From-settle/2), event.Until + p.events.Window + p.of.KeepFiringFor + settle},
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
