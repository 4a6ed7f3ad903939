package unittest

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// suite is a test file with its rules, ready to run.
type suite struct {
	file       *File
	opts       Options
	report     diag.Report
	files      []*ruleFile
	groups     []*rulefile.Group
	groupOf    map[*rulefile.Rule]*rulefile.Group
	alerts     []string // names, sorted
	plan       *engine.Plan
	queries    *promql.Engine
	executions []*execution
	notRun     string // why no test can be run

	mu     sync.Mutex
	pruned map[string]*engine.Plan // by what they need
}

func newSuite(f *File, opts Options, cache *ruleCache) *suite {
	s := &suite{file: f, opts: opts, pruned: map[string]*engine.Plan{}, groupOf: map[*rulefile.Rule]*rulefile.Group{}}
	s.report.Append(f.report.Findings()...)
	files, ok := cache.ruleFiles(f, &s.report)
	s.files = files
	switch {
	case f.broken:
		s.notRun = "the settings of the test file cannot be read"
	case !ok:
		s.notRun = "the rule files do not load"
	}
	names := map[string]bool{}
	for _, file := range files {
		for _, g := range file.groups {
			s.groups = append(s.groups, g)
			for _, r := range g.Rules {
				s.groupOf[r] = g
				if r.Alert != "" {
					names[r.Alert] = true
				}
			}
		}
	}
	s.alerts = slices.Sorted(maps.Keys(names))
	for _, t := range f.tests {
		if opts.Run != nil && !opts.Run.MatchString(t.name) {
			s.report.Append(t.report.Findings()...)
			continue
		}
		s.executions = append(s.executions, newExecution(s, t))
	}
	if s.notRun == "" && len(s.executions) > 0 {
		s.plan = engine.NewPlan(s.groups, f.order)
		s.queries = engine.Queries(opts.MaxSamples, f.interval)
	}
	return s
}

// planFor is the plan for a test, without the rules that it does not need.
func (s *suite) planFor(needs engine.Needs) *engine.Plan {
	if s.opts.Coverage || s.opts.Debug {
		return s.plan
	}
	var key strings.Builder
	for _, name := range needs.Alerts {
		key.WriteString(name + "\n")
	}
	for _, sel := range needs.Selectors {
		key.WriteString("\n" + sel.String())
	}
	for _, name := range needs.Given {
		key.WriteString("\n\n" + name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	plan := s.pruned[key.String()]
	if plan == nil {
		plan = s.plan.Only(needs)
		s.pruned[key.String()] = plan
	}
	return plan
}

// step is how often the rules of a group are evaluated.
func (s *suite) step(g *rulefile.Group) time.Duration {
	if g.Interval == 0 || s.opts.IgnoreGroupIntervals {
		return s.file.interval
	}
	return g.Interval
}

// lastEvaluation is the last time, since the start, at which a test of a given
// length evaluates anything. What input comes later is not seen.
func (s *suite) lastEvaluation(length time.Duration) time.Duration {
	last := length - length%s.file.interval
	for _, g := range s.groups {
		last = max(last, length-length%s.step(g))
	}
	return last
}

// shortestStep is the shortest time between evaluations.
func (s *suite) shortestStep() time.Duration {
	shortest := s.file.interval
	for _, g := range s.groups {
		shortest = min(shortest, s.step(g))
	}
	return shortest
}

// result collects what the tests of the file did. Prometheus' warnings are
// shown once, with the first test that met them.
func (s *suite) result() FileResult {
	result := FileResult{File: s.file, Findings: s.report.Findings()}
	type warning struct{ where, text string }
	seen := map[warning]bool{}
	for _, x := range s.executions {
		for _, w := range x.warnings {
			key := warning{w.Pos.String(), w.Message}
			if !seen[key] {
				seen[key] = true
				x.report.Append(w)
			}
		}
		result.Tests = append(result.Tests, TestResult{
			Name: x.test.shown(), Pos: x.test.pos(), Findings: x.report.Findings(), NotRun: x.notRun, Elapsed: x.elapsed, Dump: x.dump,
		})
	}
	return result
}

// needs is what a test asks of the evaluation.
func (x *execution) needs() engine.Needs {
	alerts := map[string]bool{}
	for _, a := range x.test.alerts {
		alerts[a.name] = true
	}
	for _, s := range x.test.silences {
		if s.Alertname.Text != "" {
			alerts[s.Alertname.Text] = true
			continue
		}
		for _, name := range x.suite.alerts {
			alerts[name] = true
		}
	}
	needs := engine.Needs{Alerts: slices.Sorted(maps.Keys(alerts)), Given: x.metrics}
	seen := map[string]bool{}
	for _, e := range x.exprs {
		for _, sel := range engine.Selectors(e.expr) {
			if text := sel.String(); !seen[text] {
				seen[text] = true
				needs.Selectors = append(needs.Selectors, sel)
			}
		}
	}
	slices.SortFunc(needs.Selectors, func(a, b *parser.VectorSelector) int { return strings.Compare(a.String(), b.String()) })
	return needs
}
