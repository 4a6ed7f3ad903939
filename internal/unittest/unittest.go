// Package unittest reads and runs unit tests of rules, in the format of
// promtool test rules and with its verdicts, and goes on where promtool stops:
// every mistake at its place, alerts that are pending, silent or only partly
// known, input series made from a traffic profile, and coverage.
//
// It reads no files: rule files come from a Loader. Tests run side by side.
package unittest

import (
	"context"
	"regexp"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
)

// Loader finds the rule files that a pattern of a test file names. No file is
// an empty list; an error means that one exists and cannot be read.
type Loader func(f *File, pattern string) ([]*diag.Source, error)

// Options say how tests are run.
type Options struct {
	// Load finds rule files.
	Load Loader
	// Run selects the tests whose name it matches; nil selects all.
	Run *regexp.Regexp
	// Diff shows expected and actual alerts and samples as a difference of lines.
	Diff bool
	// IgnoreUnknownFields lets rule files have keys that Prometheus does not know.
	IgnoreUnknownFields bool
	// IgnoreGroupIntervals evaluates every group at the test file's
	// evaluation_interval, as promtool does.
	IgnoreGroupIntervals bool
	// Coverage asks for Result.Coverage, which takes longer: no rule is left out.
	Coverage bool
	// Debug asks for TestResult.Dump. No rule is left out then.
	Debug bool
	// MaxSamples bounds the samples of a test's series, those that a query may
	// hold, and the evaluations of a rule. Zero stands for engine.DefaultMaxSamples.
	MaxSamples int
	// Now is the clock that tests are timed with; nil does not time them.
	Now func() time.Time
}

// Result is what a run of test files found.
type Result struct {
	Files    []FileResult // in the order in which they were given
	Coverage *Coverage    // if it was asked for
}

// FileResult is what the tests of one file did.
type FileResult struct {
	File *File
	// Findings are about the file itself and its rule files.
	Findings []diag.Finding
	// Tests are those that were selected, in the order of the file.
	Tests []TestResult
}

// TestResult is what one test did.
type TestResult struct {
	Name string // that it was given, or unnamed#0, as promtool counts
	Pos  diag.Pos
	// Findings are what is wrong with the test, or with what it tests.
	Findings []diag.Finding
	// NotRun says why the test could not be run; empty if it was.
	NotRun string
	// Elapsed is how long it took, if the run has a clock.
	Elapsed time.Duration
	// Dump are all series with their samples, of input and rules, if it was asked for.
	Dump string
}

// Failed tells whether the test did not pass.
func (t TestResult) Failed() bool { return t.NotRun != "" || hasErrors(t.Findings) }

// Failed tells whether anything in the file did not pass.
func (f FileResult) Failed() bool {
	for _, t := range f.Tests {
		if t.Failed() {
			return true
		}
	}
	return hasErrors(f.Findings)
}

// Failed tells whether anything did not pass.
func (r *Result) Failed() bool {
	for _, f := range r.Files {
		if f.Failed() {
			return true
		}
	}
	return false
}

func hasErrors(findings []diag.Finding) bool {
	for _, f := range findings {
		if f.Severity() == diag.Error {
			return true
		}
	}
	return false
}

// Run runs the tests of files. An error means that it was interrupted.
func Run(ctx context.Context, files []*File, opts Options) (*Result, error) {
	suites, err := run(ctx, files, opts)
	if err != nil {
		return nil, err
	}
	result := &Result{}
	for _, s := range suites {
		result.Files = append(result.Files, s.result())
	}
	if opts.Coverage {
		result.Coverage = coverageOf(suites)
	}
	return result, nil
}

// run reads the files with their rules, and runs all tests that are selected.
func run(ctx context.Context, files []*File, opts Options) ([]*suite, error) {
	if opts.MaxSamples == 0 {
		opts.MaxSamples = engine.DefaultMaxSamples
	}
	if opts.Now == nil {
		opts.Now = func() time.Time { return time.Time{} }
	}
	cache := &ruleCache{opts: opts, byName: map[string]*ruleFile{}}
	var suites []*suite
	var queue []*execution
	for _, f := range files {
		s := newSuite(f, opts, cache)
		suites = append(suites, s)
		queue = append(queue, s.executions...)
	}
	return suites, runAll(ctx, queue)
}

// runAll runs tests on as many workers as there are processors.
func runAll(ctx context.Context, queue []*execution) error {
	var next atomic.Int64
	var workers sync.WaitGroup
	errs := make([]error, len(queue))
	for range min(runtime.GOMAXPROCS(0), len(queue)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(queue) || ctx.Err() != nil {
					return
				}
				errs[i] = queue[i].run(ctx)
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
