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
	"slowburn/internal/unittest"
)

// runMutants breaks rules, and lets the scenarios and unit tests judge that have
// passed. Where nothing comes of it, it says why.
func (out *outcome) runMutants(ctx context.Context, builds []*build, selected *regexp.Regexp, opts testOptions) error {
	if out.failed() {
		fmt.Fprintln(opts.std.err, "no rule was broken: a test that fails anyway notices nothing; mend the tests first")
		return nil
	}
	if err := out.runScenarioMutants(ctx, builds, selected, opts); err != nil {
		return err
	}
	if err := out.runUnitMutants(ctx, builds, selected, opts); err != nil {
		return err
	}
	if len(out.mutants) == 0 {
		fmt.Fprintln(opts.std.err, "no rule was broken: no scenario and no unit test reads one")
	}
	return nil
}

// many is how many mutants take so long that it is worth a word beforehand.
const many = 1000

// mutantsBar shows how many mutants were judged. Where no terminal shows it, a
// line says what is to be waited for.
func mutantsBar(w io.Writer, n int) *progressbar.ProgressBar {
	if n >= many && !isTerminal(w) {
		fmt.Fprintf(w, "%d mutants are judged, which takes minutes; fewer files of rules have fewer\n", n)
	}
	return progress(w, "mutants", n)
}

// runScenarioMutants breaks the rules of all services, and lets their scenarios judge.
func (out *outcome) runScenarioMutants(ctx context.Context, builds []*build, selected *regexp.Regexp, opts testOptions) error {
	for _, b := range builds {
		var groups []*rulefile.Group
		var mutants []mutate.Mutant
		for _, f := range readBack(b.rawRules(), new(diag.Report)).files {
			groups = append(groups, f.Groups...)
			for _, r := range f.Rules() {
				mutants = append(mutants, mutate.Of(r)...)
			}
		}
		scenarios := selectScenarios(slices.Concat(b.scenarios...), selected)
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
		out.mutants = append(out.mutants, verdicts...)
	}
	return nil
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
	var mutants []mutate.Mutant
	for _, r := range tests.Rules() {
		mutants = append(mutants, mutate.Of(r)...)
	}
	if len(mutants) == 0 {
		return nil
	}
	bar := mutantsBar(opts.std.err, len(mutants))
	verdicts, err := tests.Judge(ctx, mutants, func(n int) { _ = bar.Add(n) })
	_ = bar.Finish()
	out.mutants = append(out.mutants, verdicts...)
	return err
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
	if all.Unread > 0 {
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
