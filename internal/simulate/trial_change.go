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

// again are rules that are evaluated again.
type again struct {
	*engine.Again
	warmed map[warmupKey]*engine.Storage // what they have recorded at the end of a warm-up
}

func (c *course) change(was, is *rulefile.Rule) *change {
	plan := engine.NewPlan(c.plan.Within(c.groups, was, is), nil)
	if c.alerts != nil {
		plan = plan.Behind(engine.Needs{Alerts: c.alerts})
	}
	x := c.plan.Exchange(was, is, plan)
	changed := &change{course: c, alerts: map[string]bool{}}
	changed.reached = &again{x.Reached, map[warmupKey]*engine.Storage{}}
	for r := range x.Rules {
		changed.alerts[r.Alert] = true
	}
	if x.Alone != nil {
		changed.alone = &again{x.Alone, map[warmupKey]*engine.Storage{}}
	}
	return changed
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
		if engine.Same(storage, all, c.alone.Metrics) {
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
	storage := all.Without(p.Metrics)
	switch {
	case t.snapshot != nil:
		storage.Adopt(t.given.Only(p.Metrics))
	case t.scenario.SLO != nil && len(p.Metrics) > 0:
		before, err := c.warmUp(ctx, t.scenario, p)
		if err != nil {
			return nil, nil, err
		}
		storage.Adopt(before)
	}
	evaluated, err := t.evaluate(ctx, p.Plan, storage)
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
	storage := all.Without(p.Metrics)
	if _, err := engine.Run(ctx, p.Plan, storage, s.warmingUp(c.opts)); err != nil {
		return nil, err
	}
	p.warmed[key] = storage.Only(p.Metrics)
	return p.warmed[key], nil
}
