package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/mutate"
	"slowburn/internal/routetest"
	"slowburn/internal/rulefile"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
	"slowburn/internal/unittest"
)

type testOptions struct {
	paths    []string
	envs     []string
	run      []string
	format   string
	junit    string
	verbose  bool
	coverage bool
	mutation mutation
	unit     unittest.Options
	std      streams
}

func newTestCmd(std streams) *cobra.Command {
	opts := testOptions{std: std}
	cmd := &cobra.Command{
		Use:   "test [PATH...]",
		Short: "prove the alerts of specs, and run unit tests of rules",
		Long: `test compiles specs in memory and runs the rules, as they would be written, over synthetic series with Prometheus' own
engine. Every SLO, and every threshold alert of a kind, is put through the same scenarios, from a healthy service to one that
disappears, and through those that the spec adds. What arithmetic predicts for each alert stands beside what was observed; the test fails where they differ by more
than scraping and evaluation explain.

Every alert that fires is followed through the compiled Alertmanager configuration to its receivers, and tests of routes, in a
routing or in a file beside anybody's configuration, say whom an alert must reach.

It also runs unit tests in promtool's format, unchanged; docs/testing.md says what slowburn reads beyond that, and where its
verdict differs.

A PATH is a file, a folder, a glob or - for standard input; without one it is the current folder.
`,
		Example: `  slowburn test specs/veza
  slowburn test specs/veza --run api-availability -v
  slowburn test rules/*.test.yaml --run disk --diff
  slowburn test --mutate='^Queue' rules/*.test.yaml
  slowburn test --format junit > report.xml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			return runTest(cmd.Context(), opts)
		},
	}
	cmd.Long += exitHelp
	addSpecFlags(cmd, &opts.envs)
	flags := cmd.Flags()
	flags.StringArrayVar(&opts.run, "run", nil, "run only unit tests and scenarios whose name matches a regular expression, alone or as 'SLO: NAME', such as 'publish: outage'; may be repeated")
	flags.StringVar(&opts.format, "format", "text", "how to print results: text, json, sarif, github or junit")
	flags.StringVar(&opts.junit, "junit", "", "also write results to this file, in JUnit's format")
	flags.BoolVarP(&opts.verbose, "verbose", "v", false, "show what every alert did in every scenario, not an example of each alert")
	flags.BoolVar(&opts.unit.Diff, "diff", false, "show what a unit test expected and got as a difference of lines")
	flags.BoolVar(&opts.unit.Debug, "debug", false, "show how long each unit test took, and all its series")
	flags.BoolVar(&opts.coverage, "coverage", false, "show which rules, alerts and operands no unit test exercises")
	flags.StringVar(&opts.mutation.rules, "mutate", "", "break the rules one place at a time, and show what no test notices; =`NAME` breaks those whose name matches a regular expression")
	flags.Lookup("mutate").NoOptDefVal = everyRule
	flags.Var(&opts.mutation.least, "min-score", "with --mutate, fail if less `PERCENT` of what breaks rules is noticed")
	flags.BoolVar(&opts.unit.IgnoreUnknownFields, "ignore-unknown-fields", false, "let rule files have keys that Prometheus does not know")
	flags.BoolVar(&opts.unit.IgnoreGroupIntervals, "ignore-group-intervals", false, "evaluate every group of a unit test at its evaluation_interval, as promtool does")
	flags.IntVar(&opts.unit.MaxSamples, "max-samples", engine.DefaultMaxSamples, "the most samples that a test or a query may hold")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if opts.unit.MaxSamples < 0 {
			return fmt.Errorf("--max-samples %d: use a number above 0", opts.unit.MaxSamples)
		}
		if testFormats[opts.format] == nil {
			return fmt.Errorf("--format %s: use text, json, sarif, github or junit", opts.format)
		}
		return opts.mutation.wrong()
	}
	return cmd
}

func runTest(ctx context.Context, opts testOptions) error {
	selected, err := selection(opts.run)
	if err != nil {
		return err
	}
	builds, report, err := compileAll(ctx, opts.paths, opts.envs, opts.std)
	if errors.Is(err, errNoPath) && opts.mutation.rules == everyRule {
		return fmt.Errorf("%w; rules of one name are broken by --mutate=NAME", err)
	}
	if err != nil {
		return err
	}
	for _, b := range builds {
		b.reportNamed()
	}
	config, err := readConfig("", report)
	if err != nil {
		return err
	}
	heedSilences(builds, config, report)
	if err := printProblems(opts.std.err, "text", report.Findings()); err != nil {
		return err
	}
	out := outcome{specs: report, coverage: opts.coverage, verbose: opts.verbose}
	if !stops(report) { // unit tests do not depend on specs
		if err := out.runScenarios(ctx, builds, selected, opts); err != nil {
			return err
		}
	}
	if err := out.runUnitTests(ctx, builds, selected, opts); err != nil {
		return err
	}
	out.runRouteTests(builds, selected)
	if out.empty() {
		if report.HasErrors() {
			return errFindings
		}
		return fmt.Errorf("%s: nothing to test: no SLO, no alert and no unit test%s", strings.Join(opts.paths, " "), ofSelection(opts.run))
	}
	if opts.mutation.rules != "" {
		if err := out.runMutants(ctx, builds, selected, opts); err != nil {
			return err
		}
	}
	if err := out.print(opts); err != nil {
		return err
	}
	if tooFew := out.tooFewNoticed(opts); tooFew || report.HasErrors() || out.failed() {
		return errFindings
	}
	return nil
}

// stops tells whether something is so wrong that scenarios cannot be run: not if
// all of it is that their author expects something else.
func stops(report *diag.Report) bool {
	return slices.ContainsFunc(report.Findings(), func(f diag.Finding) bool {
		return f.Severity() == diag.Error && f.Kind != simulate.WrongPrediction
	})
}

// selection is the expression that selects tests by name, or nil.
func selection(run []string) (*regexp.Regexp, error) {
	if len(run) == 0 {
		return nil, nil
	}
	selected, err := regexp.Compile(strings.Join(run, "|"))
	if err != nil {
		return nil, fmt.Errorf("--run: %w", err)
	}
	return selected, nil
}

func ofSelection(run []string) string {
	if len(run) == 0 {
		return ""
	}
	return " whose name matches " + strings.Join(run, " or ")
}

// outcome is what a run of tests found.
type outcome struct {
	specs     *diag.Report // what is wrong with specs, which was told before
	scenarios []simulate.Result
	panels    diag.Report // of dashboards, that show nothing
	units     *unittest.Result
	proofs    []routeProof
	routes    []routetest.Result
	routeFile diag.Report // what is wrong with files of route tests
	verbose   bool
	coverage  bool
	mutants   []mutate.Verdict
}

func (out *outcome) empty() bool {
	tests := 0
	for _, f := range out.units.Files {
		tests += len(f.Tests) + len(f.Findings)
	}
	return len(out.scenarios)+tests+len(out.routes)+out.routeFile.Len() == 0
}

func (out *outcome) failed() bool {
	for _, r := range out.scenarios {
		if !r.OK() {
			return true
		}
	}
	return out.units.Failed() || out.routesFailed() || out.panels.HasErrors()
}

// besides are the findings that are of no prediction and no test.
func (out *outcome) besides() []diag.Finding {
	var r diag.Report
	r.Append(out.panels.Findings()...)
	r.Append(out.proofFindings()...)
	for _, f := range out.units.Files {
		r.Append(f.Findings...)
	}
	return r.Findings()
}

// findings are those of everything that failed, and what was noticed besides.
func (out *outcome) findings() []diag.Finding {
	var r diag.Report
	r.Append(out.besides()...)
	for _, s := range out.scenarios {
		if !s.OK() {
			r.Append(s.Finding())
		}
	}
	for _, t := range out.routes {
		r.Append(t.Findings...)
	}
	for _, f := range out.units.Files {
		for _, t := range f.Tests {
			r.Append(t.Findings...)
		}
	}
	if out.units.Coverage != nil {
		r.Append(out.units.Coverage.Findings()...)
	}
	r.Append(mutate.Findings(out.mutants)...)
	return r.Findings()
}

// runScenarios runs those of all services, with progress where a person watches.
func (out *outcome) runScenarios(ctx context.Context, builds []*build, selected *regexp.Regexp, opts testOptions) error {
	for _, b := range builds {
		var groups []*rulefile.Group
		for _, f := range readBack(b.rawRules(), new(diag.Report)).files {
			groups = append(groups, f.Groups...)
		}
		for _, of := range b.scenarios {
			chosen := selectScenarios(of, selected)
			bar := progress(opts.std.err, "scenarios", len(chosen))
			results, err := simulate.RunAll(ctx, chosen, groups, simulate.Options{MaxSamples: opts.unit.MaxSamples, Done: func() { _ = bar.Add(1) }})
			_ = bar.Finish()
			if err != nil {
				return err
			}
			out.scenarios = append(out.scenarios, results...)
			out.proofs = append(out.proofs, b.proveRoutes(results)...)
		}
		if selected == nil {
			silent, err := b.silentPanels(ctx, simulate.Options{MaxSamples: opts.unit.MaxSamples})
			if err != nil {
				return err
			}
			out.panels.Append(silent...)
		}
	}
	return nil
}

// selectScenarios are those whose name, or SLO: NAME or ALERT: NAME, matches.
func selectScenarios(all []simulate.Scenario, selected *regexp.Regexp) []simulate.Scenario {
	var chosen []simulate.Scenario
	for _, s := range all {
		if selected == nil || selected.MatchString(s.Name) || selected.MatchString(s.Subject.Name()+": "+s.Name) {
			chosen = append(chosen, s)
		}
	}
	return chosen
}

// progress is a bar on a terminal, and nothing elsewhere.
func progress(w io.Writer, what string, total int) *progressbar.ProgressBar {
	return progressbar.NewOptions(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetVisibility(isTerminal(w)),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)
}

// runUnitTests runs the unit-test files among the input.
func (out *outcome) runUnitTests(ctx context.Context, builds []*build, selected *regexp.Regexp, opts testOptions) error {
	var files []*unittest.File
	for _, b := range builds {
		files = append(files, b.unitTests()...)
	}
	unit := opts.unit
	unit.Run, unit.Load, unit.Now, unit.Coverage = selected, loadRules, time.Now, opts.coverage
	var err error
	out.units, err = unittest.Run(ctx, files, unit)
	return err
}

// unitTests are the unit-test files among a unit's documents, in order.
func (b *build) unitTests() []*unittest.File {
	var sources []*diag.Source
	documents := map[*diag.Source][]*spec.Value{}
	for _, o := range b.others {
		if src := o.file.source; unittest.Is(o.value) || documents[src] != nil {
			if documents[src] == nil {
				sources = append(sources, src)
			}
			documents[src] = append(documents[src], o.value)
		}
	}
	var files []*unittest.File
	for _, src := range sources {
		files = append(files, unittest.FromDocuments(src, documents[src]))
	}
	return files
}

// loadRules reads the rule files that a pattern of a unit-test file names,
// relative to that file.
func loadRules(f *unittest.File, pattern string) ([]*diag.Source, error) {
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(filepath.Dir(f.Source.Name), pattern)
	}
	names, err := filepath.Glob(pattern)
	if errors.Is(err, filepath.ErrBadPattern) {
		return nil, nil // it matches nothing, which is found where the pattern stands
	}
	var sources []*diag.Source
	for _, name := range names {
		src, err := readSource(os.DirFS(filepath.Dir(name)), filepath.Dir(name), filepath.Base(name))
		if err != nil {
			return nil, err
		}
		sources = append(sources, src)
	}
	return sources, nil
}
