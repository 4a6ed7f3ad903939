package simulate

import (
	"context"
	"errors"
	"slices"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// Trials are the scenarios of one subject, run on rules as they are. Rules that
// differ in one are then put to the same scenarios, and what does not depend on
// that one is not evaluated again. Trials belong to one goroutine.
type Trials struct {
	opts   Options
	groups []*rulefile.Group // with the rules alone that the subject's alerts depend on
	plan   *engine.Plan
	alerts []string // that are predicted
	trials []*trial // those that noticed most recently come first
	warm   map[warmupKey]*engine.Storage
}

// trial is a scenario with all series that it has, scraped and recorded.
type trial struct {
	scenario *Scenario
	storage  *engine.Storage
}

// BySubject parts scenarios, in order.
func BySubject(scenarios []Scenario) [][]Scenario {
	var parts [][]Scenario
	at := map[Subject]int{}
	for _, s := range scenarios {
		i, ok := at[s.Subject]
		if !ok {
			i = len(parts)
			at[s.Subject] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], s)
	}
	return parts
}

// NewTrials runs the scenarios of one subject. They must all pass.
func NewTrials(ctx context.Context, scenarios []Scenario, groups []*rulefile.Group, opts Options) (*Trials, error) {
	alerts := needsOf(scenarios[0]).Alerts
	plan := engine.NewPlan(groups, nil).Behind(alerts)
	t := &Trials{opts: opts, groups: within(groups, plan.Rules()), plan: plan, alerts: alerts, warm: map[warmupKey]*engine.Storage{}}
	for i := range scenarios {
		s := &scenarios[i]
		storage := engine.NewStorage()
		s.scraped.eachSeries(s.Watch.Until, nil, into(storage))
		if s.SLO != nil {
			before, err := t.before(ctx, s)
			if err != nil {
				return nil, err
			}
			storage.Adopt(before.Without(s.scraped.metrics()))
		}
		if _, err := engine.Run(ctx, plan, storage, s.watching(opts)); err != nil {
			return nil, err
		}
		t.trials = append(t.trials, &trial{s, storage})
	}
	return t, nil
}

// before are all series at the end of a warm-up.
func (t *Trials) before(ctx context.Context, s *Scenario) (*engine.Storage, error) {
	key := s.warmupKey()
	if known := t.warm[key]; known != nil {
		return known, nil
	}
	storage := s.scrapedBefore()
	if _, err := engine.Run(ctx, t.plan, storage, s.warmingUp(t.opts)); err != nil {
		return nil, err
	}
	t.warm[key] = storage
	return storage, nil
}

// within are groups with some of their rules alone.
func within(groups []*rulefile.Group, rules []*rulefile.Rule) []*rulefile.Group {
	var parts []*rulefile.Group
	for _, g := range groups {
		part := *g
		part.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(r *rulefile.Rule) bool { return !slices.Contains(rules, r) })
		if len(part.Rules) > 0 {
			parts = append(parts, &part)
		}
	}
	return parts
}

// Read tells whether any alert of the subject depends on a rule.
func (t *Trials) Read(r *rulefile.Rule) bool { return slices.Contains(t.plan.Rules(), r) }

// Notice puts another rule in the place of one, and runs scenarios until an
// alert does not do what is predicted. It is false if none notices.
func (t *Trials) Notice(ctx context.Context, was, is *rulefile.Rule) (noticed Result, ok bool, err error) {
	changed := t.change(was, is)
	for i, trial := range t.trials {
		r, failed, err := changed.run(ctx, trial.scenario, trial.storage)
		if err != nil {
			return Result{}, false, err
		}
		if failed {
			t.trials = slices.Insert(slices.Delete(t.trials, i, i+1), 0, trial)
			return r, true, nil
		}
	}
	return Result{}, false, nil
}

// change is what another rule in the place of one reaches.
type change struct {
	*Trials
	part    *engine.Plan    // the rules that it reaches
	metrics []string        // that those write, or wrote
	alerts  map[string]bool // of those
	warmed  map[warmupKey]*engine.Storage
}

func (t *Trials) change(was, is *rulefile.Rule) *change {
	groups := within(t.groups, t.plan.Rules())
	for _, g := range groups {
		for i, r := range g.Rules {
			if r == was {
				g.Rules[i] = is
			}
		}
	}
	before := t.plan.Reached(was)
	plan := engine.NewPlan(groups, nil).Behind(t.alerts)
	reached := plan.Reached(is)
	for r := range before {
		reached[r] = true
	}
	c := &change{Trials: t, part: plan.Part(reached), alerts: map[string]bool{}, warmed: map[warmupKey]*engine.Storage{}}
	c.metrics = append(t.plan.Part(before).Metrics(), c.part.Metrics()...)
	for r := range reached {
		c.alerts[r.Alert] = true
	}
	return c
}

// run evaluates what the change reaches, over a scenario's series.
func (c *change) run(ctx context.Context, s *Scenario, all *engine.Storage) (noticed Result, failed bool, err error) {
	storage := all.Without(c.metrics)
	if s.SLO != nil && len(c.metrics) > 0 {
		before, err := c.before(ctx, s)
		if err != nil {
			return c.failure(s, err)
		}
		storage.Adopt(before)
	}
	evaluated, err := engine.Run(ctx, c.part, storage, s.watching(c.opts))
	if err != nil {
		return c.failure(s, err)
	}
	for _, p := range s.Predictions {
		if !c.alerts[p.Alert] {
			continue
		}
		if r := s.compare(p, evaluated.Alerts); !r.OK() {
			return r, true, nil
		}
	}
	return Result{}, false, nil
}

// failure is that the changed rules cannot be evaluated, which is noticed.
func (c *change) failure(s *Scenario, err error) (Result, bool, error) {
	var failed *engine.RuleError
	if !errors.As(err, &failed) {
		return Result{}, false, err
	}
	return Result{Scenario: s, Prediction: s.Predictions[0], Failure: failed.Why()}, true, nil
}

// before is what the changed rules have recorded at the end of a warm-up.
func (c *change) before(ctx context.Context, s *Scenario) (*engine.Storage, error) {
	key := s.warmupKey()
	if known := c.warmed[key]; known != nil {
		return known, nil
	}
	storage := c.warm[key].Without(c.metrics)
	if _, err := engine.Run(ctx, c.part, storage, s.warmingUp(c.opts)); err != nil {
		return nil, err
	}
	c.warmed[key] = storage.Only(c.metrics)
	return c.warmed[key], nil
}
