package simulate

import (
	"time"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// ResolveAlerts prepares the scenarios of threshold alerts: those of the spec,
// and those that every alert of a kind is put through. It is Resolve for what is
// no SLO.
func ResolveAlerts(doc ScenariosSpec, s *alerts.Service, r *diag.Report) []Scenario {
	var scenarios []Scenario
	proven := map[string][]proven{}
	for i := range s.Thresholds {
		a := &s.Thresholds[i]
		p := proofOf(a)
		if p == nil {
			continue
		}
		if err := p.possible(); err != nil {
			r.Add(NoSeries, a.Pos, "add such series to the metric catalogue", "the alert %s cannot be proven: %v", a.Name, err)
			continue
		}
		proven[a.Name] = append(proven[a.Name], p)
	}
	for _, d := range doc.Scenarios {
		if d.Alert.Value() == nil || !d.checkKeys(r) || !checkReference(d.Alert.Text, "threshold alert", d.Alert.Pos(), slo.Names(s.DeclaredAlerts), r) {
			continue
		}
		for _, p := range proven[d.Alert.Text] {
			if scenario, ok := d.of(p, r); ok {
				scenarios = append(scenarios, scenario)
			}
		}
	}
	for i := range s.Thresholds {
		for _, p := range proven[s.Thresholds[i].Name] {
			if p.alert() != &s.Thresholds[i] {
				continue
			}
			for _, scenario := range p.generated() {
				scenario.Generated = true
				scenarios = append(scenarios, scenario)
			}
		}
	}
	return scenarios
}

// proven is how an alert is put through scenarios.
type proven interface {
	alert() *alerts.Alert
	// possible tells why series cannot be made up.
	possible() error
	// generated are the scenarios that every alert of the kind is put through.
	generated() []Scenario
	// outage is a user's scenario, with everything but its name and place; it is
	// false where it was reported why there is none.
	outage(d ScenarioSpec, r *diag.Report) (Scenario, bool)
}

// proofOf is the way to prove an alert, or nil where there is none.
func proofOf(a *alerts.Alert) proven {
	im := a.Imitate()
	switch {
	case im.Levels != nil:
		return levelProof{a, im.Levels}
	}
	return nil
}

// of is a scenario of the spec.
func (d ScenarioSpec) of(p proven, r *diag.Report) (Scenario, bool) {
	readable := (d.Outage.IsSet() || d.Outage.Value() == nil) && (d.Vanishes.IsSet() || d.Vanishes.Value() == nil)
	length := max(d.Outage.Duration, d.Vanishes.Duration)
	if !readable || !d.checkLength(length, p.alert().Service, r) {
		return Scenario{}, false
	}
	s, ok := p.outage(d, r)
	if !ok {
		return Scenario{}, false
	}
	s.Name, s.Pos = d.Name.Text, d.Pos()
	d.Expect.checkAlert(s, r)
	return s, true
}

// checkLength reports what would take too long to be run.
func (d ScenarioSpec) checkLength(length time.Duration, s *slo.Service, r *diag.Report) bool {
	if scrapes := length / min(s.ScrapeInterval, s.EvaluationInterval); scrapes > maxScrapes {
		r.Add(spec.BadValue, d.Pos(), "use a shorter time, or a longer scrapeInterval", "the scenario would take %d scrapes, more than the %d that are run", scrapes, maxScrapes)
		return false
	}
	return true
}

// checkAlert holds what the spec expects of an alert against what arithmetic predicts.
func (e Expectation) checkAlert(s Scenario, r *diag.Report) {
	if e.Value() == nil || e.unusable {
		return // reported where it was read
	}
	p := s.Predictions[0]
	switch {
	case len(e.Tiers) > 0:
		r.Add(spec.BadValue, e.Pos(), "write {fires: 2m}, or silent", "an alert has no tiers")
	case e.Alert == nil && len(p.Fires) > 0:
		after := spec.FormatDuration(p.Fires[0].From - s.Event.From)
		r.Add(WrongPrediction, e.Pos(), "expect {fires: "+after+"}, or a shorter outage", "%s fires in this scenario, after %s", p.Alert, after)
	case e.Alert != nil && len(p.Fires) == 0:
		r.Add(WrongPrediction, e.Pos(), "expect it to be silent: "+p.Why, "%s cannot fire in this scenario", p.Alert)
	case e.Alert != nil:
		checkTime(e.Alert.Fires, p.Fires[0].From-s.Event.From, p.Alert+" fires", r)
		checkTime(e.Alert.Clears, p.Fires[0].Until-s.Event.Until, p.Alert+" clears", r)
	}
}

// levelProof proves an alert that measures a level.
type levelProof struct {
	of     *alerts.Alert
	levels *alerts.Levels
}

func (p levelProof) alert() *alerts.Alert { return p.of }

func (p levelProof) possible() error { return p.scraped(alerts.Scene{}, nil, Span{}).provable() }

func (p levelProof) generated() []Scenario {
	var all []Scenario
	for _, scene := range p.levels.Scenes {
		if scene.Replaced && !p.levels.Steady {
			continue // then the alert is another one
		}
		s := p.scenario(scene)
		s.Name = scene.Name
		all = append(all, s)
	}
	return all
}

func (p levelProof) outage(d ScenarioSpec, r *diag.Report) (Scenario, bool) {
	for _, key := range []string{"errors", "baseline", "traffic"} {
		if v := d.Value().Get(key); v != nil {
			r.Add(spec.UnknownKey, v.Pos, "leave it out", "%s measures a level and counts no events: %s means nothing", p.of.Name, key)
			return Scenario{}, false
		}
	}
	if d.Vanishes.IsSet() {
		length := d.Vanishes.Duration
		return p.scenario(alerts.Scene{Length: length, Curve: []alerts.Knot{{Level: p.levels.Quiet}}, Vanish: true}), true
	}
	return p.scenario(p.levels.Outage(d.Outage.Duration)), true
}

// scenario is a scene as it is run and predicted.
func (p levelProof) scenario(scene alerts.Scene) Scenario {
	service := p.of.Service
	begin := (p.levels.Before + p.levels.Window + settle).Round(time.Minute)
	s := Scenario{
		Subject: Subject{Service: service, Alert: p.of},
		Event:   Span{begin, begin + scene.Length},
		Pos:     p.of.Pos,
	}
	s.Watch = Span{max(0, begin-settle/2), s.Event.Until + p.levels.Window + p.of.Threshold.KeepFiringFor + settle}
	level := curve{}
	for _, k := range scene.Curve {
		level = append(level, alerts.Knot{At: k.At + begin, Level: k.Level})
	}
	s.scraped = p.scraped(scene, level, s.Event)
	s.Predictions = []Prediction{p.predict(scene, level, s)}
	return s
}

func (p levelProof) scraped(scene alerts.Scene, level curve, event Span) measured {
	m := measured{service: p.of.Service, levels: p.levels, gauges: p.levels.Gauges, level: level}
	if scene.Gauges != nil {
		m.gauges = scene.Gauges
	}
	m.gone = p.gone(scene, event)
	if scene.Replaced {
		m.replaced = event.From + event.Length()/2
	}
	return m
}

// gone are the times without series.
func (p levelProof) gone(scene alerts.Scene, event Span) []Span {
	var gone []Span
	if scene.Vanish {
		gone = append(gone, event)
	}
	if scene.Appear {
		gone = append(gone, Span{0, event.From})
	}
	return gone
}

// predict solves the condition for the level, and waits as the alert does.
func (p levelProof) predict(scene alerts.Scene, level curve, s Scenario) Prediction {
	holds := level.averaged(p.levels.Window).holds(p.levels.Holds, s.Watch)
	for _, gone := range p.gone(scene, s.Event) {
		holds = without(holds, gone)
		if p.levels.Gone {
			holds = united(append(holds, Span{max(gone.From, s.Watch.From), gone.Until}))
		}
	}
	h, unsure := holdOf(p.of), levelTolerance(&s)
	prediction := Prediction{Alert: p.of.Name, Fires: h.fires(holds)}
	early, late := h.fires(moved(holds, -unsure.Early, unsure.Late)), h.fires(moved(holds, unsure.Late, -unsure.Early))
	prediction.Close = len(early) != len(prediction.Fires) || len(late) != len(prediction.Fires)
	switch {
	case len(prediction.Fires) > 0:
	case len(holds) > 0:
		prediction.Why = "it needs " + spec.FormatDuration(p.of.For)
	default:
		prediction.Why = "its condition does not come true"
	}
	return prediction
}

// levelTolerance is how far from the prediction the alert on a level may be
// seen: a level is scraped after it has changed, and evaluated after that. A
// window of n scrapes spans n-1 intervals, so that one of counters may hold less
// than it should.
func levelTolerance(s *Scenario) Tolerance {
	t := Tolerance{Early: s.Slack, Late: s.Service.ScrapeInterval + s.Service.EvaluationInterval + s.Slack}
	if m, ok := s.scraped.(measured); ok && m.levels.Window > 0 {
		t.Early += s.Service.ScrapeInterval
	}
	return t
}
