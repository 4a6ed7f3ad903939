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
	opts    Options
	courses []*course
	trials  []*trial
}

// course are the rules that trials evaluate together.
type course struct {
	opts   Options
	groups []*rulefile.Group
	plan   *engine.Plan
	alerts []string                      // that are predicted; nil of snapshots, which want the rules themselves
	warm   map[warmupKey]*engine.Storage // all series at the end of a warm-up
}

// trial is a scenario, or a snapshot of one, with all series that it has.
type trial struct {
	*course
	scenario *Scenario
	snapshot *snapshot       // or nil
	storage  *engine.Storage // scraped, given and recorded; nil until it is needed
	given    *engine.Storage // of a snapshot
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

// NewTrials prepares the scenarios of one subject. They must all pass. Snapshots,
// which take no time, come first.
func NewTrials(scenarios []Scenario, groups []*rulefile.Group, opts Options) *Trials {
	t := &Trials{opts: opts}
	var alerts *course
	var rest []*trial
	for i := range scenarios {
		s := &scenarios[i]
		if s.snapshots != nil {
			t.addSnapshots(s, groups)
			continue
		}
		if alerts == nil {
			names := needsOf(*s).Alerts
			plan := engine.NewPlan(groups, nil).Behind(engine.Needs{Alerts: names})
			alerts = &course{opts, plan.Within(groups, nil, nil), plan, names, map[warmupKey]*engine.Storage{}}
			t.courses = append(t.courses, alerts)
		}
		rest = append(rest, &trial{course: alerts, scenario: s})
	}
	t.trials = append(t.trials, rest...)
	return t
}

func (t *Trials) addSnapshots(s *Scenario, groups []*rulefile.Group) {
	for _, snap := range s.snapshots() {
		rules := snap.rules(groups)
		at := slices.IndexFunc(t.courses, func(c *course) bool { return slices.EqualFunc(c.groups, rules, sameRules) })
		if at < 0 {
			at = len(t.courses)
			t.courses = append(t.courses, &course{opts: t.opts, groups: rules, plan: engine.NewPlan(rules, nil)})
		}
		t.trials = append(t.trials, &trial{course: t.courses[at], scenario: s, snapshot: snap})
	}
}

func sameRules(a, b *rulefile.Group) bool { return slices.Equal(a.Rules, b.Rules) }

// Read tells whether anything that is predicted of the subject depends on a rule.
func (t *Trials) Read(r *rulefile.Rule) bool {
	return slices.ContainsFunc(t.courses, func(c *course) bool { return slices.Contains(c.plan.Rules(), r) })
}

// Notice puts another rule in the place of one, and runs scenarios until
// something is not as predicted. It is false if none notices.
func (t *Trials) Notice(ctx context.Context, was, is *rulefile.Rule) (noticed Result, ok bool, err error) {
	changes := map[*course]*change{}
	for i, trial := range t.trials {
		if !slices.Contains(trial.plan.Rules(), was) {
			continue
		}
		if changes[trial.course] == nil {
			changes[trial.course] = trial.change(was, is)
		}
		r, failed, err := changes[trial.course].run(ctx, trial)
		if err != nil {
			return Result{}, false, err
		}
		if failed {
			t.prefer(i)
			return r, true, nil
		}
	}
	return Result{}, false, nil
}

// prefer lets a trial that has noticed come first the next time, among those
// that take about as long.
func (t *Trials) prefer(i int) {
	one := t.trials[i]
	first := slices.IndexFunc(t.trials, func(o *trial) bool { return (o.snapshot == nil) == (one.snapshot == nil) })
	t.trials = slices.Insert(slices.Delete(t.trials, i, i+1), first, one)
}

// all are the series of the trial with the rules as they are.
func (t *trial) all(ctx context.Context) (*engine.Storage, error) {
	if t.storage != nil {
		return t.storage, nil
	}
	storage, s := engine.NewStorage(), t.scenario
	if t.snapshot != nil {
		t.given = t.snapshot.given()
		storage = t.given.Without(nil)
	} else {
		s.scraped.eachSeries(s.Watch.Until, nil, into(storage))
		if s.SLO != nil {
			before, err := t.before(ctx, s)
			if err != nil {
				return nil, err
			}
			storage.Adopt(before.Without(s.scraped.metrics()))
		}
	}
	_, err := t.evaluate(ctx, t.plan, storage)
	t.storage = storage
	return storage, err
}

// evaluate runs rules over the time that is watched.
func (t *trial) evaluate(ctx context.Context, plan *engine.Plan, storage *engine.Storage) (*engine.Result, error) {
	if t.snapshot != nil {
		return t.snapshot.evaluate(ctx, plan, storage, t.opts)
	}
	return engine.Run(ctx, plan, storage, t.scenario.watching(t.opts))
}

// before are all series at the end of a warm-up.
func (c *course) before(ctx context.Context, s *Scenario) (*engine.Storage, error) {
	key := s.warmupKey()
	if known := c.warm[key]; known != nil {
		return known, nil
	}
	storage := s.scrapedBefore()
	if _, err := engine.Run(ctx, c.plan, storage, s.warmingUp(c.opts)); err != nil {
		return nil, err
	}
	c.warm[key] = storage
	return storage, nil
}

// failure is that the changed rules cannot be evaluated, which is noticed.
func failure(s *Scenario, err error) (Result, bool, error) {
	var failed *engine.RuleError
	if !errors.As(err, &failed) {
		return Result{}, false, err
	}
	return Result{Scenario: s, Prediction: s.Predictions[0], Failure: failed.Why()}, true, nil
}
