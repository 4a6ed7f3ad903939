package unittest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/spec"
)

// execution is a test under way.
type execution struct {
	suite   *suite
	test    *test
	report  diag.Report
	storage *engine.Storage
	exprs   []*preparedExpr
	metrics []string // names of input series
	observe []time.Time

	notRun   string
	dump     string
	warnings []diag.Finding
	elapsed  time.Duration
	coverage observedCoverage
}

func newExecution(s *suite, t *test) *execution {
	x := &execution{suite: s, test: t, notRun: s.notRun}
	x.report.Append(t.report.Findings()...)
	return x
}

// run runs the test. An error means that it was interrupted.
func (x *execution) run(ctx context.Context) error {
	begin := x.suite.opts.Now()
	defer func() {
		x.elapsed = x.suite.opts.Now().Sub(begin)
		x.storage = nil // the samples are not needed any more
	}()
	ok := x.read()
	if x.notRun != "" {
		return nil
	}
	x.checkNames()
	if !ok {
		x.notRun = "the test cannot be read"
		return nil
	}
	result, err := x.evaluate(ctx)
	if err != nil || result == nil {
		return err
	}
	x.checkAlerts(result)
	x.checkSilences(result)
	if err := x.checkExprs(ctx); err != nil {
		return err
	}
	if x.suite.opts.Debug {
		x.dump = x.storage.String()
	}
	if x.suite.opts.Coverage {
		x.coverage = x.observeCoverage(ctx, result)
	}
	return nil
}

// read reads everything of the test that does not depend on rules. It is not ok
// if the test cannot be run; all of it is looked at all the same.
func (x *execution) read() (ok bool) {
	ok = !x.report.HasErrors()
	if !x.test.hasAssertions {
		x.report.Add(NoAssertion, x.test.pos(), "add alert_rule_test or promql_expr_test", "the test asserts nothing")
	}
	x.prepare()
	return x.loadSeries() && ok
}

// loadSeries fills the storage, unless something is wrong with the series.
func (x *execution) loadSeries() bool {
	length := x.test.length()
	most := x.suite.opts.MaxSamples
	if steps := length / x.suite.shortestStep(); steps > time.Duration(most) {
		x.report.Add(TooManySamples, x.test.pos(), "ask earlier, evaluate less often, or raise --max-samples", "the test evaluates rules %d times, which is more than %d", steps, most)
		return false
	}
	var report diag.Report
	x.storage = engine.NewStorage()
	l := loader{test: x.test, report: &report, left: most, until: x.suite.lastEvaluation(length), byHash: map[uint64]int{}}
	l.load(x.storage)
	names := map[string]bool{}
	for _, s := range l.series {
		names[s.labels.Get(model.MetricNameLabel)] = true
	}
	x.metrics = slices.Sorted(maps.Keys(names))
	x.report.Append(report.Findings()...)
	return !report.HasErrors()
}

// evaluate runs the rules. Without a result the test has ended.
func (x *execution) evaluate(ctx context.Context) (*engine.Result, error) {
	t := x.test
	times := map[time.Duration]bool{}
	for _, a := range t.alerts {
		times[a.at] = true
	}
	for _, at := range slices.Sorted(maps.Keys(times)) {
		x.observe = append(x.observe, t.start.Add(at))
	}
	result, err := engine.Run(ctx, x.suite.planFor(x.needs()), x.storage, x.options())
	var failed *engine.RuleError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &failed):
		x.report.Append(diag.Finding{
			Kind: RuleFailed, Pos: failed.Rule.Value.Get("expr").Pos, Help: wayOut(failed.Err),
			Message: x.message("%s cannot be evaluated at %s: %s", failed.Rule.Name(), x.since(failed.At), failed.Err),
		})
		return nil, nil
	case err != nil:
		return nil, err
	}
	for _, w := range result.Warnings {
		x.warn(w.Rule.Value.Get("expr").Pos, w.Rule.Name(), w.Text)
	}
	return result, nil
}

// options say how the rules are evaluated.
func (x *execution) options() engine.Options {
	t := x.test
	return engine.Options{
		Start:                t.start,
		End:                  t.start.Add(t.length()),
		Interval:             x.suite.file.interval,
		IgnoreGroupIntervals: x.suite.opts.IgnoreGroupIntervals,
		ExternalLabels:       labels.FromMap(t.labels),
		ExternalURL:          t.url,
		Observe:              x.observe,
		MaxSamples:           x.suite.opts.MaxSamples,
	}
}

// wayOut is what to do about a query that cannot be evaluated.
func wayOut(err error) string {
	if tooMany := promql.ErrTooManySamples(""); errors.As(err, &tooMany) {
		return "make it smaller, or raise --max-samples"
	}
	return ""
}

// since is the time since the start of the test, as assertions have it.
func (x *execution) since(at time.Time) string {
	return spec.PrometheusDuration(at.Sub(x.test.start))
}

// message begins a message with the name of the test.
func (x *execution) message(format string, args ...any) string {
	return sprintf("%s: "+format, append([]any{x.test.shown()}, args...)...)
}

// warn keeps what Prometheus says of an expression for the file's result.
func (x *execution) warn(at diag.Pos, name, text string) {
	kind := QueryWarning
	if strings.HasPrefix(text, "PromQL info: ") {
		kind = QueryInfo
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, "PromQL info: "), "PromQL warning: ")
	x.warnings = append(x.warnings, diag.Finding{Kind: kind, Pos: at, Message: strings.TrimPrefix(name+": ", ": ") + text})
}

// checkNames reports assertions about alerts that no rule defines.
func (x *execution) checkNames() {
	check := func(v *spec.Value, name string, otherwise diag.Pos) {
		switch {
		case name == "":
			x.report.Add(Invalid, otherwise, "add alertname:", "an alert_rule_test without alertname")
		case !slices.Contains(x.suite.alerts, name):
			x.report.Add(UnknownAlert, v.Pos, spec.Suggest(name, x.suite.alerts), "no rule defines the alert %q", name)
		}
	}
	for _, a := range x.test.alerts {
		check(a.value.Get("alertname"), a.name, a.value.Pos)
	}
	for _, s := range x.test.silences {
		if s.Alertname.Text != "" {
			check(s.Value().Get("alertname"), s.Alertname.Text, s.Pos())
		}
	}
}
