// Package engine evaluates rule groups over a timeline, as Prometheus does:
// with its own PromQL engine and templates, the same recorded samples, stale
// markers and alert states, but without its clock and its disk.
//
// Rules go in, with series in memory; out come the series that the rules
// record, and what each alert did. A rule is evaluated once, as one range query
// over all instants, wherever that gives the same samples as evaluating it
// instant by instant; where it does not, it is stepped (see blocks).
package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"

	"slowburn/internal/rulefile"
)

// DefaultMaxSamples is how many samples Prometheus lets one query hold in memory.
const DefaultMaxSamples = 50_000_000

// Options say how rules are evaluated.
type Options struct {
	// Start and End are the first instant at which rules are evaluated, and the
	// last at which they may be.
	Start, End time.Time
	// Interval is the evaluation interval of groups without one of their own.
	Interval time.Duration
	// IgnoreGroupIntervals evaluates every group at Interval, as promtool does.
	IgnoreGroupIntervals bool
	// ExternalLabels and ExternalURL are what templates see of them.
	ExternalLabels labels.Labels
	ExternalURL    string
	// Observe are instants at which the active alerts are wanted, ascending,
	// each as it is after the last evaluation until then.
	Observe []time.Time
	// MaxSamples bounds the samples that one query may hold, and those that all
	// series may have. Zero stands for DefaultMaxSamples.
	MaxSamples int
	// History evaluates recording rules before Start as well, as far as what is
	// read at Start reaches back and there are samples: otherwise a window over a
	// recorded series would begin empty.
	History bool
	// Missed tells of evaluations that do not take place, as when Prometheus is
	// overloaded or down: a group's rules then write nothing, also no stale
	// markers, and its alerts stay as they are. Nil stands for none. It is asked
	// any number of times, and must always give the same answer.
	Missed func(group *rulefile.Group, t time.Time) bool
	// Exhaustive evaluates every rule instant by instant, with range functions
	// left to Prometheus' engine: slower, a check on the short cuts.
	Exhaustive bool
}

// Result is what an evaluation did.
type Result struct {
	// Alerts are in the order of the rules, each rule's by start.
	Alerts []*Alert
	// Observed are the active alerts at each instant of Options.Observe.
	Observed [][]Observation
	// Warnings are what PromQL warned of, each once per rule.
	Warnings []Warning
}

// RuleError is why a rule could not be evaluated. Prometheus goes on without
// the rule; a test ends here.
type RuleError struct {
	Rule *rulefile.Rule
	At   time.Time
	Err  error
}

// Error implements error.
func (e *RuleError) Error() string {
	return fmt.Sprintf("%s at %s: %v", e.Rule.Name(), e.At.UTC().Format(time.RFC3339), e.Err)
}

// Why says which rule cannot be evaluated, and what can be done.
func (e *RuleError) Why() string {
	if tooMany := promql.ErrTooManySamples(""); errors.As(e.Err, &tooMany) {
		return fmt.Sprintf("%s needs more samples than --max-samples allows", e.Rule.Name())
	}
	return fmt.Sprintf("%s cannot be evaluated: %v", e.Rule.Name(), e.Err)
}

// Unwrap is the reason.
func (e *RuleError) Unwrap() error { return e.Err }

// Warning is an annotation of a rule's query.
type Warning struct {
	Rule *rulefile.Rule
	Text string
}

// Run evaluates a plan over a storage, to which it adds what the rules record.
func Run(ctx context.Context, plan *Plan, s *Storage, opts Options) (*Result, error) {
	if opts.MaxSamples == 0 {
		opts.MaxSamples = DefaultMaxSamples
	}
	r := newRun(ctx, s, opts)
	if opts.History {
		r.history, r.oldest = plan.history(), r.earliest()
	}
	for _, b := range plan.blocks() {
		if err := r.block(b); err != nil {
			return nil, err
		}
	}
	return r.result, nil
}

func newRun(ctx context.Context, s *Storage, opts Options) *run {
	return &run{
		ctx:     ctx,
		opts:    opts,
		storage: s,
		queries: Queries(opts.MaxSamples, opts.Interval),
		result:  &Result{Observed: make([][]Observation, len(opts.Observe))},
		warned:  map[Warning]bool{},
		fits:    map[*placed]bool{},
	}
}

// run is an evaluation under way.
type run struct {
	ctx     context.Context
	opts    Options
	storage *Storage
	queries *promql.Engine
	result  *Result
	warned  map[Warning]bool
	fits    map[*placed]bool // what an instant query of a rule was found to do
	history []time.Duration  // of each rule; nil if nothing is evaluated before the start
	oldest  int64            // the time of the oldest sample
}

// times are the instants at which a rule is evaluated.
func (r *run) times(p *placed) grid {
	step := p.Group.Interval
	if step == 0 || r.opts.IgnoreGroupIntervals {
		step = r.opts.Interval
	}
	g := grid{r.opts.Start.UnixMilli(), r.opts.End.UnixMilli(), step.Milliseconds()}
	if r.history != nil {
		before := min(r.history[p.at].Milliseconds(), g.first-r.oldest)
		g.first -= max(0, before) / g.step * g.step
	}
	return g
}

// grid are the instants first, first+step, … up to last, in milliseconds.
type grid struct{ first, last, step int64 }

// has tells whether t is one of the instants.
func (g grid) has(t int64) bool { return t >= g.first && t <= g.last && (t-g.first)%g.step == 0 }

// block evaluates rules that must be evaluated together, or one that need not.
func (r *run) block(b block) error {
	switch {
	case r.opts.Exhaustive:
		return r.stepwise(b.rules)
	case !b.stepped:
		return r.overRange(b.rules[0])
	case len(b.rules) == 1 && readsPastOnly(b.rules[0]):
		return r.untilStable(b.rules[0])
	}
	if t, ok := runningTotalOf(b.rules[0]); ok && len(b.rules) == 1 {
		if done, err := r.addUp(b.rules[0], t); done {
			return err
		}
	}
	return r.stepwise(b.rules)
}

// overRange evaluates a rule as one range query. If that fails, it is stepped
// for the error's first instant: the range query may also have failed because
// of two series that never exist at the same time.
func (r *run) overRange(p *placed) error {
	times := r.times(p)
	matrix, err := r.rangeQuery(p, times)
	if tooMany := promql.ErrTooManySamples(""); errors.As(err, &tooMany) {
		return &RuleError{Rule: p.Rule, At: r.opts.End, Err: err}
	}
	if err != nil {
		return r.stepwise([]*placed{p})
	}
	if err := r.consumeAll(p, r.consumer(p, times), times, matrix); err != nil {
		return err
	}
	return r.checkMemory(p)
}

// consumeAll hands a rule's results over, instant by instant.
func (r *run) consumeAll(p *placed, c consumer, times grid, matrix promql.Matrix) error {
	for _, of := range matrix {
		c.meet(of.Metric, len(of.Floats)+len(of.Histograms))
	}
	walk := newCursors(matrix)
	offset := p.Group.QueryOffset.Milliseconds()
	for t := times.first; t <= times.last; t += times.step {
		vector := walk.at(t - offset)
		if r.missed(p, t) {
			c.miss(t)
			continue
		}
		if err := c.consume(t, vector); err != nil {
			return &RuleError{p.Rule, time.UnixMilli(t), err}
		}
	}
	return nil
}

// stepwise evaluates rules together, instant by instant, each seeing nothing
// that is younger than the instant.
func (r *run) stepwise(rules []*placed) error {
	consumers := make([]consumer, len(rules))
	ids := make([]identifier, len(rules))
	times := make([]grid, len(rules))
	for i, p := range rules {
		times[i] = r.times(p)
		consumers[i] = r.consumer(p, times[i])
		ids[i] = identifier{}
	}
	for t := range union(times) {
		for i, p := range rules {
			if !times[i].has(t) {
				continue
			}
			if r.missed(p, t) {
				consumers[i].miss(t)
				continue
			}
			vector, err := r.instantQuery(p, t)
			if err == nil {
				err = consumers[i].consume(t, ids[i].identify(vector, consumers[i]))
			}
			if err != nil {
				return &RuleError{p.Rule, time.UnixMilli(t), err}
			}
		}
	}
	return r.checkMemory(rules[0])
}

// missed tells whether a rule's evaluation at t does not take place.
func (r *run) missed(p *placed, t int64) bool {
	return r.opts.Missed != nil && r.opts.Missed(p.Group, time.UnixMilli(t))
}

// union are the instants of all grids, ascending, each once.
func union(grids []grid) func(yield func(int64) bool) {
	return func(yield func(int64) bool) {
		t := grids[0].first
		for _, g := range grids {
			t = min(t, g.first)
		}
		for t <= grids[0].last {
			if !yield(t) {
				return
			}
			next := int64(0)
			for i, g := range grids {
				after := t + g.step - (t-g.first)%g.step
				if t < g.first {
					after = g.first
				}
				if i == 0 || after < next {
					next = after
				}
			}
			t = next
		}
	}
}

// identifier numbers the series of a rule's instant vectors.
type identifier map[uint64][]numbered

type numbered struct {
	labels labels.Labels
	number int
}

func (ids identifier) identify(vector promql.Vector, c consumer) []element {
	elements := make([]element, 0, len(vector))
	for _, s := range vector {
		elements = append(elements, element{ids.number(s.Metric, c), s.F, s.H})
	}
	return elements
}

func (ids identifier) number(lset labels.Labels, c consumer) int {
	hash := lset.Hash()
	for _, n := range ids[hash] {
		if labels.Equal(n.labels, lset) {
			return n.number
		}
	}
	n := c.meet(lset, 0)
	ids[hash] = append(ids[hash], numbered{lset, n})
	return n
}

// checkMemory stops an evaluation whose series have become too many.
func (r *run) checkMemory(p *placed) error {
	if r.storage.Samples() <= r.opts.MaxSamples {
		return nil
	}
	return &RuleError{p.Rule, r.opts.End, promql.ErrTooManySamples(fmt.Sprintf("recorded series with more than %d samples", r.opts.MaxSamples))}
}
