package simulate

import (
	"fmt"
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
			r.Add(Unproven, a.Pos, "write what it aggregates as a kind, such as above: {of: METRIC, value: 5, per: [LABEL]}, or compare gauges with a number without functions and aggregation; for what has to stay as it is, write a unit test",
				"the alert %s cannot be proven: no series can be made up for its expression", a.Name)
			continue
		}
		if err := p.possible(); err != nil {
			r.Add(NoSeries, a.Pos, "add such series to the metric catalogue, or use shorter times or a longer scrapeInterval", "the alert %s cannot be proven: %v", a.Name, err)
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

// Unproven is an alert that no scenario can be made for.
var Unproven = &diag.Kind{Name: "unproven-alert", Severity: diag.Note, Doc: `An alert has an expression that no series can be made up for, so that no scenario proves it.

Of an expression as it stands, a comparison of gauges, or of what is computed from them, with a number can be proven. What
has functions or aggregations cannot, and another kind of alert may say the same: max by (node) (errors) > 5 is
above: {of: errors, value: 5, per: [node]}. Where the expression has to stay, write a unit test for it: slowburn test runs those in promtool's format.`}

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
	case im.Events != nil:
		return eventProof{a, im.Events}
	}
	return nil
}

// runnable tells why a scenario is not run: it would take too many scrapes.
func runnable(s Scenario) error {
	if scrapes := s.Watch.Until / min(s.Service.ScrapeInterval, s.Service.EvaluationInterval); scrapes > maxScrapes {
		return fmt.Errorf("it takes %d scrapes, more than the %d that are run", scrapes, maxScrapes)
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
