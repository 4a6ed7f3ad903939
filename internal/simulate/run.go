package simulate

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// Result is an alert in a scenario, as it was predicted and observed.
type Result struct {
	Scenario   *Scenario
	Prediction Prediction
	Observed   []Span // in which it fired; one that lasts ends with the simulation
	Pending    []Span
	Labels     map[string]string // of the alert that fired last
	Tolerance  Tolerance
	Readings   []Reading // if it is not OK
	Failure    string    // why the rules could not be evaluated, or ""
	Strange    string    // what fired that is not the scenario's member, or says something else, or ""

	Pasts, Values int // over which what rules record was evaluated, and how many values were compared
}

// OK tells whether the observation is the predicted one.
func (r Result) OK() bool {
	if r.Failure != "" || r.Strange != "" {
		return false
	}
	switch {
	case r.Prediction.Close:
		return true
	case r.Prediction.Lumpy:
		return r.Tolerance.allowsLumps(r.Prediction, r.Observed)
	}
	if len(r.Observed) != len(r.Prediction.Fires) {
		return false
	}
	for i, p := range r.Prediction.Fires {
		if !r.Tolerance.allows(p, r.Observed[i]) {
			return false
		}
	}
	return true
}

// Predicted says in words what must happen.
func (r Result) Predicted() string {
	text := r.words(r.Prediction.Fires)
	switch {
	case r.Prediction.Recorded:
		return fmt.Sprintf("%d values, over %d pasts", r.Values, r.Pasts)
	case r.Prediction.Close:
		return "too close to call; " + text
	case len(r.Prediction.Fires) == 0:
		return text + ": " + r.Prediction.Why
	case r.Prediction.Lumpy:
		return text + ", in lumps"
	}
	return text
}

// Saw says in words what happened.
func (r Result) Saw() string {
	if r.Failure != "" {
		return r.Failure
	}
	if r.Prediction.Recorded {
		return "the same"
	}
	if r.Strange != "" {
		return r.words(r.Observed) + ", as " + r.Strange
	}
	return r.words(r.Observed)
}

// words tells spans relative to the scenario's event: the beginning of the
// first since its beginning, the end of it since its end.
func (r Result) words(spans []Span) string {
	if len(spans) == 0 {
		return "silent"
	}
	first := spans[0]
	event, watch := r.Scenario.Event, r.Scenario.Watch
	text := "fires after " + spec.FormatDuration(first.From-event.From)
	if first.From < event.From {
		text = "fires " + spec.FormatDuration(event.From-first.From) + " before the event"
	}
	if first.Until >= watch.Until {
		return text + " and does not clear"
	}
	if clears := first.Until - event.Until; clears >= 0 {
		text += ", clears after " + spec.FormatDuration(clears)
	} else {
		text += ", clears " + spec.FormatDuration(-clears) + " before the end"
	}
	switch more := len(spans) - 1; {
	case more == 1:
		text += ", and fires once more"
	case more > 1:
		text += fmt.Sprintf(", and fires %d times more", more)
	}
	return text
}

// Options say how scenarios are run.
type Options struct {
	MaxSamples int    // that a scenario's series may have; zero stands for engine.DefaultMaxSamples
	Done       func() // is told of each scenario that has ended; nil for nobody
}

// RunAll runs scenarios, as many at once as there are processors. The results
// are in the order of the scenarios.
func RunAll(ctx context.Context, scenarios []Scenario, groups []*rulefile.Group, opts Options) ([]Result, error) {
	plans := plansOf(scenarios, groups)
	warm := &warmups{each: map[warmupKey]*warmup{}}
	results := make([][]Result, len(scenarios))
	errs := make([]error, len(scenarios))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(scenarios)) {
		wg.Go(func() {
			for i := range next {
				p := proof{&scenarios[i], plans[scenarios[i].Subject], groups, opts, warm}
				results[i], errs[i] = p.run(ctx)
				if opts.Done != nil {
					opts.Done()
				}
			}
		})
	}
	for i := range scenarios {
		next <- i
	}
	close(next)
	wg.Wait()
	var all []Result
	for i := range scenarios {
		if errs[i] != nil {
			return nil, errs[i]
		}
		all = append(all, results[i]...)
	}
	return all, nil
}

// plansOf are the rules that each subject's alerts depend on.
func plansOf(scenarios []Scenario, groups []*rulefile.Group) map[Subject]*engine.Plan {
	all := engine.NewPlan(groups, nil)
	plans := map[Subject]*engine.Plan{}
	for _, s := range scenarios {
		if plans[s.Subject] != nil || s.snapshots != nil {
			continue
		}
		plans[s.Subject] = all.Only(needsOf(s))
	}
	return plans
}

// needsOf is what a scenario asks of an evaluation, as do all of its subject.
func needsOf(s Scenario) engine.Needs {
	needs := engine.Needs{Given: s.scraped.metrics()}
	for _, p := range s.Predictions {
		needs.Alerts = append(needs.Alerts, p.Alert)
	}
	return needs
}

// proof is a scenario with the rules that it is run on.
type proof struct {
	scenario *Scenario
	plan     *engine.Plan
	groups   []*rulefile.Group
	opts     Options
	warmups  *warmups
}

// run evaluates the rules of the scenario's subject and compares each alert with
// its prediction.
func (p proof) run(ctx context.Context) ([]Result, error) {
	s := p.scenario
	if s.snapshots != nil {
		return p.runSnapshots(ctx)
	}
	storage := engine.NewStorage()
	s.scraped.eachSeries(s.Watch.Until, nil, into(storage))
	if s.SLO != nil { // a threshold alert reads nothing that was recorded before
		before, err := p.warmups.before(ctx, p)
		if err != nil {
			return p.failed(err)
		}
		storage.Adopt(before)
	}
	evaluated, err := engine.Run(ctx, p.plan, storage, s.watching(p.opts))
	if err != nil {
		return p.failed(err)
	}
	var results []Result
	for _, predicted := range s.Predictions {
		r := s.compare(predicted, evaluated.Alerts)
		r.listen(evaluated.Observed)
		if rule := ruleOf(p.groups, predicted.Alert); rule != nil && !r.OK() {
			r.read(ctx, rule, storage)
		}
		results = append(results, r)
	}
	return results, nil
}

// compare puts what alerts did beside a prediction.
func (s *Scenario) compare(predicted Prediction, observed []*engine.Alert) Result {
	r := Result{Scenario: s, Prediction: predicted, Tolerance: toleranceOf(s, predicted)}
	for _, a := range observed {
		if a.Rule.Alert == predicted.Alert && s.owns(a) && predicted.Of.owns(a.Labels) {
			r.add(a)
			if wanted := s.labels(predicted.Alert); !carries(a.Labels, wanted) {
				r.Strange = a.Labels.String()
			}
		}
	}
	return r
}

// watching says when a scenario's rules are evaluated.
func (s *Scenario) watching(opts Options) engine.Options {
	return engine.Options{
		Start:      start.Add(s.Watch.From),
		End:        start.Add(s.Watch.Until),
		Interval:   s.Service.EvaluationInterval,
		MaxSamples: opts.MaxSamples,
		Observe:    s.reading(),
	}
}

// failed are the results of a scenario whose rules cannot be evaluated.
func (p proof) failed(err error) ([]Result, error) {
	var failed *engine.RuleError
	if !errors.As(err, &failed) {
		return nil, err
	}
	var results []Result
	for _, predicted := range p.scenario.Predictions {
		results = append(results, Result{Scenario: p.scenario, Prediction: predicted, Failure: failed.Why()})
	}
	return results, nil
}

// ruleOf is the rule that raises an alert, or nil.
func ruleOf(groups []*rulefile.Group, alert string) *rulefile.Rule {
	for _, g := range groups {
		for _, r := range g.Rules {
			if r.Alert == alert {
				return r
			}
		}
	}
	return nil
}

// add notes what an alert did.
func (r *Result) add(a *engine.Alert) {
	since := func(t time.Time) time.Duration {
		if t.IsZero() {
			return r.Scenario.Watch.Until
		}
		return t.Sub(start)
	}
	if !a.Fired.IsZero() {
		r.Observed = append(r.Observed, Span{since(a.Fired), since(a.Ended)})
		r.Labels = a.Labels.Map()
		if !carries(a.Labels, r.Prediction.Member) {
			r.Strange = a.Labels.String()
		}
	}
	pending := Span{since(a.Active), since(a.Ended)}
	if !a.Fired.IsZero() {
		pending.Until = since(a.Fired)
	}
	if pending.Length() > 0 {
		r.Pending = append(r.Pending, pending)
	}
}

// carries tells whether labels have values that are wanted. Those of templates are not known.
func carries(lset labels.Labels, wanted map[string]string) bool {
	for name, value := range wanted {
		if !strings.Contains(value, "{{") && lset.Get(name) != value {
			return false
		}
	}
	return true
}

// owns tells whether an alert carries the subject's identity.
func (s Subject) owns(a *engine.Alert) bool {
	for _, l := range s.identity() {
		if a.Labels.Get(l.Name.Text) != l.Value.Text {
			return false
		}
	}
	return true
}
