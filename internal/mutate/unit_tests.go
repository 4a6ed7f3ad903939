package mutate

import (
	"context"
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/unittest"
)

// UnitTests are files of unit tests, with the rules that they load.
type UnitTests struct {
	files  []*unittest.File
	opts   unittest.Options
	rules  []*rulefile.Rule
	groups map[string][]*rulefile.Group // by the name of their file
	users  map[string][]*unittest.File  // by the name of a rule file
}

// NewUnitTests finds the rules that tests load. Each test must pass.
func NewUnitTests(ctx context.Context, files []*unittest.File, opts unittest.Options) (*UnitTests, error) {
	u := &UnitTests{files: files, opts: opts, groups: map[string][]*rulefile.Group{}, users: map[string][]*unittest.File{}}
	loaded := map[string][]*diag.Source{}
	load := opts.Load
	u.opts.Load = func(f *unittest.File, pattern string) ([]*diag.Source, error) {
		key := f.Source.Name + "\x00" + pattern // a name has no such byte
		if known, ok := loaded[key]; ok {
			return known, nil
		}
		sources, err := load(f, pattern)
		if err == nil {
			loaded[key] = sources
		}
		for _, src := range sources {
			if !slices.Contains(u.users[src.Name], f) {
				u.users[src.Name] = append(u.users[src.Name], f)
			}
		}
		return sources, err
	}
	u.opts.Coverage, u.opts.Debug = false, false
	finding := u.opts
	finding.Replace = func(file string, groups []*rulefile.Group) []*rulefile.Group {
		u.groups[file] = groups
		for _, g := range groups {
			u.rules = append(u.rules, g.Rules...)
		}
		return groups
	}
	_, err := unittest.Run(ctx, files, finding)
	return u, err
}

// Rules are those that the tests load, in the order in which they are loaded.
func (u *UnitTests) Rules() []*rulefile.Rule { return u.rules }

// Judge runs the tests for each mutant. One that fails has noticed.
func (u *UnitTests) Judge(ctx context.Context, mutants []Mutant, done func(n int)) ([]Verdict, error) {
	verdicts := make([]Verdict, len(mutants))
	for i, m := range mutants {
		by, err := u.notice(ctx, m)
		if err != nil {
			return nil, err
		}
		verdicts[i] = Verdict{Mutant: m, By: by}
		done(1)
	}
	return verdicts, nil
}

// notice is the name of a test that fails when a rule is broken, or "".
func (u *UnitTests) notice(ctx context.Context, m Mutant) (string, error) {
	opts := u.opts
	opts.Replace = func(file string, groups []*rulefile.Group) []*rulefile.Group {
		if known, ok := u.groups[file]; ok {
			return replace(known, m)
		}
		return groups
	}
	result, err := unittest.Run(ctx, u.users[m.Was.Value.Pos.Source.Name], opts)
	if err != nil {
		return "", err
	}
	for _, f := range result.Files {
		for _, t := range f.Tests {
			if t.Failed() {
				return t.Name, nil
			}
		}
	}
	return "", nil
}

// replace puts a mutant in the place of its rule.
func replace(groups []*rulefile.Group, m Mutant) []*rulefile.Group {
	changed := make([]*rulefile.Group, len(groups))
	for i, g := range groups {
		changed[i] = g
		if at := slices.Index(g.Rules, m.Was); at >= 0 {
			other := *g
			other.Rules = slices.Clone(g.Rules)
			other.Rules[at] = m.Is
			changed[i] = &other
		}
	}
	return changed
}
