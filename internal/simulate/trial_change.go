package simulate

import (
	"context"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// change is another rule in the place of one, in a course.
type change struct {
	*course
	alone   *again          // the rule itself; nil where it cannot be evaluated by itself
	reached *again          // all rules that it reaches
	alerts  map[string]bool // of those
}

// again are rules that are evaluated again. What others have recorded stays.
type again struct {
	plan    *engine.Plan
	metrics []string                      // that they write, or wrote
	warmed  map[warmupKey]*engine.Storage // what they have recorded at the end of a warm-up
}

func (c *course) change(was, is *rulefile.Rule) *change {
	groups := within(c.groups, func(*rulefile.Rule) bool { return true })
	for _, g := range groups {
		for i, r := range g.Rules {
			if r == was {
				g.Rules[i] = is
			}
		}
	}
	before := c.plan.Reached(was)
	plan := engine.NewPlan(groups, nil)
	if c.alerts != nil {
		plan = plan.Behind(c.alerts)
	}
	reached := plan.Reached(is)
	for r := range before {
		reached[r] = true
	}
	changed := &change{course: c, alerts: map[string]bool{}}
	changed.reached = newAgain(plan.Part(reached), c.plan.Part(before))
	for r := range reached {
		changed.alerts[r.Alert] = true
	}
	if alone, ok := plan.Alone(is); ok && was.Record == is.Record {
		changed.alone = newAgain(alone, alone)
	}
	return changed
}

func newAgain(plan, before *engine.Plan) *again {
	return &again{plan, append(before.Metrics(), plan.Metrics()...), map[warmupKey]*engine.Storage{}}
}

// run evaluates what the change reaches, over a trial's series. Nothing that
// reads the rule is evaluated where it records just what it did.
func (c *change) run(ctx context.Context, t *trial) (noticed Result, failed bool, err error) {
	all, err := t.all(ctx)
	if err != nil {
		return Result{}, false, err
	}
	if c.alone != nil {
		storage, _, err := c.evaluateAgain(ctx, t, c.alone, all)
		if err != nil {
			return failure(t.scenario, err)
		}
		if engine.Same(storage, all, c.alone.metrics) {
			return Result{}, false, nil
		}
	}
	storage, evaluated, err := c.evaluateAgain(ctx, t, c.reached, all)
	if err != nil {
		return failure(t.scenario, err)
	}
	s := t.scenario
	if t.snapshot != nil {
		r := Result{Scenario: s, Prediction: s.Predictions[0]}
		r.Failure = t.snapshot.differs(storage, t.given, evaluated.Alerts, c.alerts)
		return r, r.Failure != "", nil
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

// evaluateAgain evaluates some rules over the series of a trial, less what they recorded.
func (c *change) evaluateAgain(ctx context.Context, t *trial, p *again, all *engine.Storage) (*engine.Storage, *engine.Result, error) {
	storage := all.Without(p.metrics)
	switch {
	case t.snapshot != nil:
		storage.Adopt(t.given.Only(p.metrics))
	case t.scenario.SLO != nil && len(p.metrics) > 0:
		before, err := c.warmUp(ctx, t.scenario, p)
		if err != nil {
			return nil, nil, err
		}
		storage.Adopt(before)
	}
	evaluated, err := t.evaluate(ctx, p.plan, storage)
	return storage, evaluated, err
}

// warmUp is what rules have recorded at the end of a warm-up.
func (c *change) warmUp(ctx context.Context, s *Scenario, p *again) (*engine.Storage, error) {
	key := s.warmupKey()
	if known := p.warmed[key]; known != nil {
		return known, nil
	}
	all, err := c.before(ctx, s)
	if err != nil {
		return nil, err
	}
	storage := all.Without(p.metrics)
	if _, err := engine.Run(ctx, p.plan, storage, s.warmingUp(c.opts)); err != nil {
		return nil, err
	}
	p.warmed[key] = storage.Only(p.metrics)
	return p.warmed[key], nil
}
