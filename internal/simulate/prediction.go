package simulate

import (
	"slowburn/internal/spec"
	"slowburn/slo"
	"sync"
)

// Prediction is what arithmetic says that an alert does in a scenario: in which
// spans of time it fires. It comes from the numbers of the spec and of the load,
// and knows nothing of the rules, nor of scraping.
type Prediction struct {
	Alert string
	Burn  *slo.BurnAlert // nil for the alert on absence
	Of    member         // the group that the alert is of
	Fires []Span
	// Member are labels that what fires must carry, besides those of its rule:
	// they name the member that the scenario happens to.
	Member map[string]string
	Why    string // it does not fire, or ""
	// Close means that it is too close to call: with what scraping may add or
	// lose it fires in one case and not in the other.
	Close bool
	// Lumpy means that bad events are so few that a window may have one more or
	// less at any time. The alert may then fire at any time within Possible, and
	// must within Certain, with interruptions.
	Lumpy             bool
	Possible, Certain []Span
	// Recorded means that the prediction is of what rules record, and of no alert.
	Recorded bool
}

// Beside tells whether the alert is of a group that is there to show that
// another one is judged alone.
func (p Prediction) Beside(s *Scenario) bool { return len(p.Of.labels) > 0 && p.Of.load != s.Load }

// Name is the alert's name, with the labels of its group if it has any.
func (p Prediction) Name() string {
	if p.Recorded {
		return "what is recorded"
	}
	return p.Alert + p.Of.String()
}

// predictions are those that were made for SLOs of a service. They may be used by several goroutines.
type predictions struct {
	mu     *sync.Mutex
	made   map[string]Prediction // by the numbers that they follow from
	alerts map[*slo.SLO][]slo.BurnAlert
}

func newPredictions() predictions {
	return predictions{new(sync.Mutex), map[string]Prediction{}, map[*slo.SLO][]slo.BurnAlert{}}
}

// alertsOf are the burn-rate alerts of an SLO, the same for all of its scenarios.
func (known predictions) alertsOf(o *slo.SLO) []slo.BurnAlert {
	known.mu.Lock()
	defer known.mu.Unlock()
	all, ok := known.alerts[o]
	if !ok {
		all = o.BurnAlerts()
		known.alerts[o] = all
	}
	return all
}

// of predicts what a burn-rate alert does under a load, or finds it.
func (known predictions) of(o *slo.SLO, a *slo.BurnAlert, of member, watch Span) Prediction {
	key, ok := recipe{}.alert(o, a).spans([]Span{watch}).load(of.load)
	if !ok {
		return predict(o, a, of, watch)
	}
	known.mu.Lock()
	p, made := known.made[string(key)]
	known.mu.Unlock()
	if !made {
		p = predict(o, a, of, watch)
		known.mu.Lock()
		known.made[string(key)] = p
		known.mu.Unlock()
	}
	p.Alert, p.Burn, p.Of = o.AlertName(a.Tiers[0]), a, of
	return p
}

// predict computes what a burn-rate alert does under a load: it fires while the
// condition of any of its tiers holds, once for is over, and as long after that
// as it keeps firing.
func predict(o *slo.SLO, a *slo.BurnAlert, of member, watch Span) Prediction {
	load := of.load
	p := Prediction{Alert: o.AlertName(a.Tiers[0]), Burn: a, Of: of}
	var exact, possible, certain [][]Span
	ask := func(t slo.Tier) question { return question{condition: burning(o, &t), load: load, watch: watch} }
	for _, t := range a.Tiers {
		q := ask(t)
		p.Lumpy = p.Lumpy || q.lumpy()
		exact, possible, certain = append(exact, q.answer()), append(possible, q.eager().answer()), append(certain, q.reluctant().answer())
	}
	unsure := o.Service.ScrapeInterval + o.Service.EvaluationInterval
	h := hold{a.For(), a.KeepFiringFor(), o.Service.EvaluationInterval}
	p.Fires = h.firing(exact, 0, watch)
	p.Possible, p.Certain = h.firing(possible, unsure, watch), h.firing(certain, -unsure, watch)
	switch {
	case len(p.Fires) > 0:
	case len(union(exact)) > 0:
		p.Why = "its condition does not hold for " + spec.FormatDuration(a.For())
	default:
		p.Why = ask(lowest(a.Tiers)).reason()
	}
	p.Close = len(p.Possible) != len(p.Fires) || len(p.Certain) != len(p.Fires)
	if load.slices != nil {
		p.Close = len(p.Possible) > 0 && len(p.Certain) == 0
	}
	return p
}

// predictAbsence computes what the alert on absent metrics does.
func predictAbsence(o *slo.SLO, of member) Prediction {
	p := Prediction{Alert: o.AbsenceAlertName(), Of: of, Why: "there are metrics"}
	wait := o.Service.Absence.For
	for _, gone := range of.load.Gone {
		if gone.Length() > wait {
			p.Fires = append(p.Fires, Span{gone.From + wait, gone.Until})
			p.Why = ""
		}
	}
	return p
}
