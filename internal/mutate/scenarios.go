package mutate

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"slowburn/internal/parallel"
	"slowburn/internal/rulefile"
	"slowburn/internal/simulate"
)

// Options say how mutants are judged.
type Options struct {
	MaxSamples int
	Done       func(n int) // is told that so many mutants have been judged; may be called by several goroutines
}

// ByScenarios lets scenarios judge the mutants of every rule of the groups. A
// mutant is noticed if an alert of any scenario does not do what is predicted.
// The scenarios must pass on the rules as they are. Verdicts are in the order of the rules.
func ByScenarios(ctx context.Context, mutants []Mutant, scenarios []simulate.Scenario, groups []*rulefile.Group, opts Options) ([]Verdict, error) {
	j := judged{mutants: mutants, verdicts: make([]Verdict, len(mutants))}
	for i, m := range mutants {
		j.verdicts[i] = Verdict{Mutant: m, Unread: true}
	}
	subjects := simulate.BySubject(scenarios)
	errs := make([]error, len(subjects))
	parallel.Each(len(subjects), func(i int) { errs[i] = j.bySubject(ctx, subjects[i], groups, opts) })
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return j.verdicts, nil
}

// judged are verdicts in the making.
type judged struct {
	mutants  []Mutant
	mu       sync.Mutex
	verdicts []Verdict
}

// bySubject lets the scenarios of one subject judge what is not noticed yet.
func (j *judged) bySubject(ctx context.Context, scenarios []simulate.Scenario, groups []*rulefile.Group, opts Options) error {
	trials := simulate.NewTrials(scenarios, groups, simulate.Options{MaxSamples: opts.MaxSamples})
	for i, m := range j.mutants {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !trials.Read(m.Was) {
			continue
		}
		first, done := j.take(i)
		if first && (done || m.Equivalent != "") && opts.Done != nil {
			opts.Done(1)
		}
		if done || m.Equivalent != "" {
			continue
		}
		r, noticed, err := trials.Notice(ctx, m.Was, m.Is)
		if err != nil {
			return err
		}
		if noticed {
			j.notice(i, fmt.Sprintf("scenario %q of %s", r.Scenario.Name, r.Scenario.Subject.Name()))
		}
		if first && opts.Done != nil {
			opts.Done(1)
		}
	}
	return nil
}

// take tells whether a mutant comes up for the first time, and whether it was noticed already.
func (j *judged) take(i int) (first, done bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	v := &j.verdicts[i]
	first, v.Unread = v.Unread, false
	return first, v.Noticed()
}

// notice keeps which test noticed a mutant.
func (j *judged) notice(i int, by string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.verdicts[i].By = by
}
