package unittest

import (
	"context"
	"slices"
	"sync"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// Trials are tests that pass on the rules as they are. Rules that differ in one
// are then put to the same tests: to those which assert something that depends
// on it, and what does not depend on it is not evaluated again.
type Trials struct {
	trials []*trial
	rules  []*rulefile.Rule
	failed map[*rulefile.Rule]bool // that tests read which do not pass
}

// trial is a test, with all series that it has.
type trial struct {
	*execution
	needs  engine.Needs
	reads  map[*rulefile.Rule]bool // on which an assertion depends
	plan   *engine.Plan            // with these, and what they would read with other matchers
	groups []*rulefile.Group       // of the plan

	once   sync.Once
	err    error
	given  *engine.Storage
	all    *engine.Storage // given and recorded
	result *engine.Result
}

// NewTrials runs tests, and keeps those that pass.
func NewTrials(ctx context.Context, files []*File, opts Options) (*Trials, error) {
	opts.Coverage, opts.Debug = false, false
	suites, err := run(ctx, files, opts)
	if err != nil {
		return nil, err
	}
	t := &Trials{failed: map[*rulefile.Rule]bool{}}
	loaded := map[*rulefile.Rule]bool{}
	for _, s := range suites {
		for _, g := range s.groups {
			for _, r := range g.Rules {
				if !loaded[r] { // two test files may load it
					loaded[r] = true
					t.rules = append(t.rules, r)
				}
			}
		}
		if s.plan == nil {
			continue
		}
		for _, x := range s.executions {
			t.add(x)
		}
	}
	return t, nil
}

// add prepares a test that was run.
func (t *Trials) add(x *execution) {
	needs, passed := x.needs(), x.notRun == "" && !x.report.HasErrors()
	reads := map[*rulefile.Rule]bool{}
	for _, r := range x.suite.plan.Behind(needs).Rules() {
		reads[r] = true
		t.failed[r] = t.failed[r] || !passed
	}
	if passed && len(reads) > 0 {
		needs.AnyLabels = true
		plan := x.suite.plan.Behind(needs)
		t.trials = append(t.trials, &trial{execution: x, needs: needs, reads: reads, plan: plan, groups: plan.Within(x.suite.groups, nil, nil)})
	}
}

// Rules are those that the tests load, in the order in which they are loaded.
func (t *Trials) Rules() []*rulefile.Rule { return t.rules }

// Failed tells whether a test depends on a rule that does not pass on the rules
// as they are. Such a test judges none.
func (t *Trials) Failed(r *rulefile.Rule) bool { return t.failed[r] }

// Judges are the trials that depend on a rule. They belong to one goroutine; those
// of other rules may be asked at the same time.
func (t *Trials) Judges(of *rulefile.Rule) *Judges {
	j := &Judges{rule: of}
	for _, trial := range t.trials {
		if trial.reads[of] {
			j.trials = append(j.trials, trial)
		}
	}
	return j
}

// Judges are trials that depend on one rule.
type Judges struct {
	rule   *rulefile.Rule
	trials []*trial
}

// None tells that no trial depends on the rule.
func (j *Judges) None() bool { return len(j.trials) == 0 }

// Notice puts another rule in the place of the one, and runs tests until one
// fails, whose name it returns. It is false if none does. The test that has
// noticed comes first the next time.
func (j *Judges) Notice(ctx context.Context, is *rulefile.Rule) (test string, ok bool, err error) {
	for i, t := range j.trials {
		failed, err := t.failsWith(ctx, j.rule, is)
		if err != nil {
			return "", false, err
		}
		if failed {
			j.trials = slices.Insert(slices.Delete(j.trials, i, i+1), 0, t)
			return t.test.shown(), true, nil
		}
	}
	return "", false, nil
}

// load evaluates the rules as they are.
func (t *trial) load(ctx context.Context) error {
	t.once.Do(func() {
		x := *t.execution
		x.report = diag.Report{}
		x.loadSeries()
		t.given = x.storage.Without(nil)
		t.result, t.err = engine.Run(ctx, t.plan, x.storage, x.options())
		t.all = x.storage
	})
	return t.err
}

// failsWith tells whether the test fails when a rule is another.
func (t *trial) failsWith(ctx context.Context, was, is *rulefile.Rule) (bool, error) {
	if err := t.load(ctx); err != nil {
		return false, err
	}
	x := t.plan.Exchange(was, is, engine.NewPlan(t.plan.Within(t.groups, was, is), t.suite.file.order).Behind(t.needs))
	if x.Alone != nil {
		storage, _, err := t.again(ctx, x.Alone)
		if err != nil {
			return broken(ctx, err)
		}
		if engine.Same(storage, t.all, x.Alone.Metrics) {
			return false, nil
		}
	}
	storage, result, err := t.again(ctx, x.Reached)
	if err != nil {
		return broken(ctx, err)
	}
	run := *t.execution
	run.report, run.warnings, run.storage = diag.Report{}, nil, storage
	merged := t.merge(result, x.Rules, was, is)
	run.checkAlerts(merged)
	run.checkSilences(merged)
	if err := run.checkExprs(ctx); err != nil {
		return false, err
	}
	return run.report.HasErrors(), nil
}

// again evaluates some rules over the series of the test, less what they recorded.
func (t *trial) again(ctx context.Context, a *engine.Again) (*engine.Storage, *engine.Result, error) {
	storage := t.all.Without(a.Metrics)
	storage.Adopt(t.given.Only(a.Metrics))
	result, err := engine.Run(ctx, a.Plan, storage, t.options())
	return storage, result, err
}

// broken tells that a rule cannot be evaluated any more, which is noticed.
func broken(ctx context.Context, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	return true, nil
}

// merge is what rules did that were evaluated again, and what the others did
// before. What the other rule does goes by the name of the one in whose place it is.
func (t *trial) merge(again *engine.Result, rules map[*rulefile.Rule]bool, was, is *rulefile.Rule) *engine.Result {
	for _, a := range again.Alerts {
		if a.Rule == is {
			a.Rule = was
		}
	}
	all := &engine.Result{Alerts: again.Alerts, Observed: slices.Clone(again.Observed)}
	for _, a := range t.result.Alerts {
		if !rules[a.Rule] {
			all.Alerts = append(all.Alerts, a)
		}
	}
	for i, observed := range t.result.Observed {
		for _, o := range observed {
			if !rules[o.Rule] {
				all.Observed[i] = append(all.Observed[i], o)
			}
		}
	}
	return all
}
