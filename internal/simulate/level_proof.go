package simulate

import (
	"time"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// levelProof proves an alert that measures a level.
type levelProof struct {
	of     *alerts.Alert
	levels *alerts.Levels
}

func (p levelProof) alert() *alerts.Alert { return p.of }

func (p levelProof) possible() error {
	for _, scene := range p.levels.Scenes {
		if err := runnable(p.scenario(scene)); err != nil {
			return err
		}
	}
	return p.scraped(alerts.Scene{}, nil, Span{}).provable()
}

func (p levelProof) generated() []Scenario {
	var all []Scenario
	for _, scene := range p.levels.Scenes {
		if scene.Replaced && !p.levels.Steady {
			continue // then the alert is another one
		}
		if scene.Alone && p.scraped(scene, nil, Span{}).member(1) == nil {
			continue // there are no two
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
	begin := (p.levels.Before + p.levels.Reach() + settle).Round(time.Minute)
	s := Scenario{
		Subject: Subject{Service: service, Alert: p.of},
		Event:   Span{begin, begin + scene.Length},
		Pos:     p.of.Pos,
	}
	s.Watch = Span{max(0, begin-settle/2), s.Event.Until + p.levels.Reach() + p.of.KeepFiringFor + settle}
	level := curve(scene.Curve).later(begin)
	s.scraped = p.scraped(scene, level, s.Event)
	s.says = p.says(scene)
	s.Predictions = []Prediction{p.predict(scene, level, s)}
	return s
}

func (p levelProof) scraped(scene alerts.Scene, level curve, event Span) measured {
	m := measured{service: p.of.Service, levels: p.levels, gauges: p.levels.Gauges, level: level}
	m.alone = scene.Alone
	if m.beside = max(1, p.levels.Beside); scene.Beside > 0 {
		m.beside = scene.Beside
	}
	if scene.Gauges != nil {
		m.gauges = scene.Gauges
	}
	m.gone = p.gone(scene, event)
	for _, quiet := range p.levels.Siblings {
		m.siblings = append(m.siblings, curve{{Level: quiet}})
	}
	if scene.Sibling != nil {
		m.siblings = []curve{curve(scene.Sibling).later(event.From)}
	}
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

// holds are the times in which the condition holds: in a window, and in as many
// before it as it must.
func (p levelProof) holds(level curve, within Span) []Span {
	averaged := level.averaged(p.levels.Window)
	holds := averaged.holds(p.levels.Holds, within)
	for n := 1; n < p.levels.Windows; n++ {
		earlier := p.levels.Window * time.Duration(n)
		before := averaged.holds(p.levels.Holds, Span{within.From - earlier, within.Until - earlier})
		holds = common(holds, moved(before, earlier, earlier))
	}
	return holds
}

// predict solves the condition for the level, and waits as the alert does.
func (p levelProof) predict(scene alerts.Scene, level curve, s Scenario) Prediction {
	holds := p.holds(level, s.Watch)
	for _, gone := range p.gone(scene, s.Event) {
		holds = without(holds, gone)
		if p.levels.Gone {
			holds = united(append(holds, Span{max(gone.From, s.Watch.From), gone.Until}))
		}
	}
	if scene.Silent != "" {
		return Prediction{Alert: p.of.Name, Why: scene.Silent}
	}
	h, unsure := holdOf(p.of), levelTolerance(&s)
	prediction := Prediction{Alert: p.of.Name, Fires: h.fires(holds), Member: s.scraped.(measured).judged()}
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
