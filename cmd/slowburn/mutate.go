package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"text/tabwriter"

	"github.com/schollz/progressbar/v3"

	"slowburn/internal/diag"
	"slowburn/internal/mutate"
	"slowburn/internal/rulefile"
	"slowburn/internal/simulate"
	"slowburn/internal/unittest"
)

// mutation says which rules are broken, and how much must be noticed.
type mutation struct {
	rules string // a regular expression for their names; empty for none at all
	least leastScore
}

// broken lists the mutants of rules whose name is selected.
func (m mutation) broken(rules []*rulefile.Rule) []mutate.Mutant {
	selected := regexp.MustCompile(m.rules) // it was compiled when flags were read
	var mutants []mutate.Mutant
	for _, r := range rules {
		if selected.MatchString(r.Name()) {
			mutants = append(mutants, mutate.Of(r)...)
		}
	}
	return mutants
}

// wrong is what is wrong with the flags, or nil.
func (m mutation) wrong() error {
	if _, err := regexp.Compile(m.rules); err != nil {
		return fmt.Errorf("--mutate: %w", err)
	}
	if m.least > 0 && m.rules == "" {
		return fmt.Errorf("--min-score %g: add --mutate, which makes the score", m.least)
	}
	return nil
}

// runMutants breaks rules, and lets the scenarios and unit tests judge that have
// passed. Where nothing comes of it, it says why.
func (out *outcome) runMutants(ctx context.Context, builds []*build, selected *regexp.Regexp, opts testOptions) error {
	if out.failed() {
		fmt.Fprintln(opts.std.err, "what fails anyway notices nothing: scenarios and tests judge that pass; mend the others first")
	}
	if err := out.runScenarioMutants(ctx, builds, selected, opts); err != nil {
		return err
	}
	if err := out.runUnitMutants(ctx, builds, selected, opts); err != nil {
		return err
	}
	if len(out.mutants) == 0 {
		of := ""
		if opts.mutation.rules != everyRule {
			of = " whose name matches " + opts.mutation.rules
		}
		fmt.Fprintf(opts.std.err, "no rule was broken: no scenario and no unit test that passes reads one%s\n", of)
	}
	return nil
}

// everyRule selects all rules.
const everyRule = "."

// many is how many mutants take so long that it is worth a word beforehand.
const many = 1000

// mutantsBar shows how many mutants were judged. Where no terminal shows it, a
// line says what is to be waited for.
func mutantsBar(w io.Writer, n int) *progressbar.ProgressBar {
	if n >= many && !isTerminal(w) {
		fmt.Fprintf(w, "%d mutants are judged, which may take a minute; --mutate=NAME breaks some rules alone\n", n)
	}
	return progress(w, "mutants", n)
}

// runScenarioMutants breaks the rules of all services, and lets their scenarios judge.
func (out *outcome) runScenarioMutants(ctx context.Context, builds []*build, selected *regexp.Regexp, opts testOptions) error {
	failed := out.failedScenarios()
	for _, b := range builds {
		var groups []*rulefile.Group
		var mutants []mutate.Mutant
		for _, f := range readBack(b.rawRules(), new(diag.Report)).files {
			groups = append(groups, f.Groups...)
			mutants = append(mutants, opts.mutation.broken(f.Rules())...)
		}
		scenarios := slices.DeleteFunc(selectScenarios(slices.Concat(b.scenarios...), selected), func(s simulate.Scenario) bool { return failed[idOf(s)] })
		if len(mutants) == 0 || len(scenarios) == 0 {
			continue
		}
		bar := mutantsBar(opts.std.err, len(mutants))
		verdicts, err := mutate.ByScenarios(ctx, mutants, scenarios, groups, mutate.Options{
			MaxSamples: opts.unit.MaxSamples, Done: func(n int) { _ = bar.Add(n) },
		})
		_ = bar.Finish()
		if err != nil {
			return err
		}
		if selected != nil || len(failed) > 0 { // the others might read it
			verdicts = slices.DeleteFunc(verdicts, func(v mutate.Verdict) bool { return v.Unread })
		}
		out.mutants = append(out.mutants, verdicts...)
	}
	return nil
}

// scenarioID tells scenarios apart that are made anew for each run.
type scenarioID struct {
	of   simulate.Subject
	name string
}

func idOf(s simulate.Scenario) scenarioID { return scenarioID{s.Subject, s.Name} }

func (out *outcome) failedScenarios() map[scenarioID]bool {
	failed := map[scenarioID]bool{}
	for _, r := range out.scenarios {
		if !r.OK() {
			failed[idOf(*r.Scenario)] = true
		}
	}
	return failed
}

// runUnitMutants breaks the rules that unit tests load, and lets those judge.
func (out *outcome) runUnitMutants(ctx context.Context, builds []*build, selected *regexp.Regexp, opts testOptions) error {
	var files []*unittest.File
	for _, b := range builds {
		files = append(files, b.unitTests()...)
	}
	unit := opts.unit
	unit.Run, unit.Load = selected, loadRules
	tests, err := mutate.NewUnitTests(ctx, files, unit)
	if err != nil {
		return err
	}
	mutants := opts.mutation.broken(tests.Rules())
	if len(mutants) == 0 {
		return nil
	}
	bar := mutantsBar(opts.std.err, len(mutants))
	verdicts, err := tests.Judge(ctx, mutants, func(n int) { _ = bar.Add(n) })
	_ = bar.Finish()
	out.mutants = append(out.mutants, verdicts...)
	return err
}

// tooFewNoticed tells that less was noticed than --min-score asks for.
func (out *outcome) tooFewNoticed(opts testOptions) bool {
	if opts.mutation.least == 0 {
		return false
	}
	if len(out.mutants) == 0 { // which was told: no score is none that is high enough
		return true
	}
	_, all := mutate.Scores(out.mutants)
	if 100*all.Share() >= float64(opts.mutation.least) {
		return false
	}
	fmt.Fprintf(opts.std.err, "the tests notice %.1f%% of what breaks rules, and --min-score asks for %g%%\n", 100*all.Share(), opts.mutation.least)
	return true
}

// writeScores prints how many mutants of each operator were noticed.
func writeScores(w io.Writer, verdicts []mutate.Verdict) error {
	if len(verdicts) == 0 {
		return nil
	}
	each, all := mutate.Scores(verdicts)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "\nMUTANTS\tMADE\tNOTICED\tSURVIVED\tUNREAD\tEQUIVALENT\tSCORE\n")
	row := func(name string, s mutate.Score) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%.1f%%\n", name, s.Mutants, s.Noticed, s.Survived, s.Unread, s.Equivalent, 100*s.Share())
	}
	for _, s := range each {
		row(s.Operator.Name, s.Score)
	}
	row("all", all)
	if all.Unread > 0 && all.Unread < all.Mutants-all.Equivalent {
		fmt.Fprintf(table, "of rules that a test reads\t\t\t\t\t\t%.1f%%\n", 100*all.ShareOfRead())
	}
	return table.Flush()
}

// jsonMutation are the scores of mutants, for machines; the survivors are among
// the findings.
type jsonMutation struct {
	mutate.Score
	Share     float64         `json:"score"`
	Operators []jsonOperation `json:"operators"`
}

type jsonOperation struct {
	Operator string `json:"operator"`
	mutate.Score
	Share float64 `json:"score"`
}

func jsonOfMutants(verdicts []mutate.Verdict) *jsonMutation {
	if len(verdicts) == 0 {
		return nil
	}
	each, all := mutate.Scores(verdicts)
	m := &jsonMutation{Score: all, Share: all.Share()}
	for _, s := range each {
		m.Operators = append(m.Operators, jsonOperation{s.Operator.Name, s.Score, s.Share()})
	}
	return m
}
