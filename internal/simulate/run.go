package simulate

import (
	"context"
	"fmt"
	"time"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Result is a scenario as it was predicted and observed, for one tier.
type Result struct {
	Scenario   Scenario
	Prediction Prediction
	Alert      string
	Observed   []Firing
	Tolerance  Tolerance
}

// Firing is a time during which an alert fired.
type Firing struct {
	FiresAfter  time.Duration // since the beginning of the outage
	ClearsAfter time.Duration // since its end
	Cleared     bool          // within what was simulated
}

// OK tells whether the observation is the predicted one.
func (r Result) OK() bool {
	if !r.Prediction.Fires {
		return len(r.Observed) == 0
	}
	return len(r.Observed) == 1 && r.Observed[0].Cleared &&
		r.Tolerance.allows(r.Prediction.FiresAfter, r.Observed[0].FiresAfter) &&
		r.Tolerance.allows(r.Prediction.ClearsAfter, r.Observed[0].ClearsAfter)
}

// Predicted says in words what must happen.
func (r Result) Predicted() string {
	if !r.Prediction.Fires {
		return "silent: " + r.Prediction.Why
	}
	return words(r.Prediction.FiresAfter, r.Prediction.ClearsAfter)
}

// Saw says in words what happened.
func (r Result) Saw() string {
	if len(r.Observed) == 0 {
		return "silent"
	}
	f := r.Observed[0]
	text := words(f.FiresAfter, f.ClearsAfter)
	if !f.Cleared {
		text = fmt.Sprintf("fires after %s and does not clear", spec.FormatDuration(f.FiresAfter))
	}
	if more := len(r.Observed) - 1; more > 0 {
		text += fmt.Sprintf(", and %d times more", more)
	}
	return text
}

func words(fires, clears time.Duration) string {
	return fmt.Sprintf("fires after %s, clears after %s", spec.FormatDuration(fires), spec.FormatDuration(clears))
}

// Run evaluates the groups that hold the scenario's SLO and compares each
// tier's alert with its prediction.
func Run(ctx context.Context, s Scenario, groups []*rulefile.Group) ([]Result, error) {
	service := s.SLO.Service
	// Long enough to see every alert clear, and nothing come after.
	end := s.Load.Until + settle
	for _, p := range s.Predictions {
		end = max(end, s.Load.Until+p.ClearsAfter+settle)
	}
	storage := engine.NewStorage()
	under := target{slo: s.SLO, interval: service.ScrapeInterval, end: end}
	if err := under.fill(storage, s.Load); err != nil {
		return nil, fmt.Errorf("%s: series for %s: %w", s.Name, s.SLO.Name, err)
	}
	plan := engine.NewPlan(groups, nil).Only(engine.Needs{Alerts: s.alertNames()})
	evaluated, err := engine.Run(ctx, plan, storage, engine.Options{
		// Only from the outage on: what was before it is in the windows.
		Start:    start.Add(s.Load.From - settle/2),
		End:      start.Add(end),
		Interval: service.EvaluationInterval,
	})
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, p := range s.Predictions {
		r := Result{Scenario: s, Prediction: p, Alert: s.SLO.AlertName(*p.Tier), Tolerance: toleranceOf(service)}
		for _, a := range evaluated.Alerts {
			if a.Rule.Alert == r.Alert && !a.Fired.IsZero() && isOf(a, s.SLO) {
				r.Observed = append(r.Observed, Firing{
					FiresAfter:  a.Fired.Sub(start.Add(s.Load.From)),
					ClearsAfter: a.Ended.Sub(start.Add(s.Load.Until)),
					Cleared:     !a.Ended.IsZero(),
				})
			}
		}
		results = append(results, r)
	}
	return results, nil
}

// isOf tells whether an alert carries the SLO's identity.
func isOf(a *engine.Alert, o *slo.SLO) bool {
	for _, l := range o.Identity() {
		if a.Labels.Get(l.Name.Text) != l.Value.Text {
			return false
		}
	}
	return true
}

// alertNames are the alerts that the scenario has predictions for.
func (s Scenario) alertNames() []string {
	var names []string
	for _, p := range s.Predictions {
		names = append(names, s.SLO.AlertName(*p.Tier))
	}
	return names
}
