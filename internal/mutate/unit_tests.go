package mutate

import (
	"context"
	"errors"

	"slowburn/internal/parallel"
	"slowburn/internal/rulefile"
	"slowburn/internal/unittest"
)

// UnitTests are unit tests, with the rules that they load.
type UnitTests struct {
	trials   *unittest.Trials
	selected bool
}

// NewUnitTests finds the rules that tests load. Tests that do not pass judge none.
func NewUnitTests(ctx context.Context, files []*unittest.File, opts unittest.Options) (*UnitTests, error) {
	trials, err := unittest.NewTrials(ctx, files, opts)
	return &UnitTests{trials, opts.Run != nil}, err
}

// Rules are those that the tests load, in the order in which they are loaded,
// without those of which these tests cannot tell whether a test would notice:
// only tests read them that do not pass, or that were not selected.
func (u *UnitTests) Rules() []*rulefile.Rule {
	var rules []*rulefile.Rule
	for _, r := range u.trials.Rules() {
		if (!u.trials.Failed(r) && !u.selected) || !u.trials.Judges(r).None() {
			rules = append(rules, r)
		}
	}
	return rules
}

// Judge runs the tests for each mutant. One that fails has noticed. Verdicts are
// in the order of the mutants, of which those of a rule stand together.
func (u *UnitTests) Judge(ctx context.Context, mutants []Mutant, done func(n int)) ([]Verdict, error) {
	verdicts := make([]Verdict, len(mutants))
	var starts []int // of each rule's mutants
	for i, m := range mutants {
		verdicts[i].Mutant = m
		if i == 0 || mutants[i-1].Was != m.Was {
			starts = append(starts, i)
		}
	}
	errs := make([]error, len(starts))
	parallel.Each(len(starts), func(n int) {
		end := len(mutants)
		if n+1 < len(starts) {
			end = starts[n+1]
		}
		errs[n] = u.judge(ctx, verdicts[starts[n]:end], done)
	})
	return verdicts, errors.Join(errs...)
}

// judge fills in the verdicts on the mutants of one rule.
func (u *UnitTests) judge(ctx context.Context, verdicts []Verdict, done func(n int)) error {
	judges := u.trials.Judges(verdicts[0].Was)
	for i := range verdicts {
		v := &verdicts[i]
		v.Unread = judges.None()
		if !v.Unread && v.Equivalent == "" {
			by, _, err := judges.Notice(ctx, v.Is)
			if err != nil {
				return err
			}
			v.By = by
		}
		done(1)
	}
	return nil
}
