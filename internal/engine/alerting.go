package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"

	"slowburn/internal/rulefile"
)

// Alert is one instance of an alert from the evaluation that began it to the
// one that ended it.
type Alert struct {
	Rule   *rulefile.Rule
	Labels labels.Labels // with alertname
	Active time.Time     // when it became pending
	Fired  time.Time     // zero if it never did
	Ended  time.Time     // zero if it lasts
}

// Observation is an active alert at an instant.
type Observation struct {
	*Alert
	Annotations labels.Labels
	Value       float64
	Firing      bool // otherwise pending
}

var errDuplicateAlert = errors.New("vector contains metrics with the same labelset after applying alert labels")

// alerting folds the vectors of an alerting rule into alerts: pending, firing
// after the rule's for, and over at the first instant without a sample, or
// keep_firing_for later.
type alerting struct {
	run      *run
	rule     *placed
	times    grid
	labels   []string // names of the rule's labels, sorted
	dynamic  bool     // a label is a template, so that an alert's identity may depend on its value
	eager    bool     // an annotation queries, so that it must be expanded in its time
	metrics  []labels.Labels
	of       []*active // by series, unless dynamic
	active   map[uint64]*active
	order    []*active // the active ones, in the order of their start
	round    int
	observed int // of Options.Observe
	states   states
}

// active is an alert and what its next state depends on.
type active struct {
	alert   *Alert
	sample  promql.Sample // the last
	at      int64         // when that was
	keeping int64         // since when it has no sample and still fires; 0 if it has
	round   int
	notes   labels.Labels // annotations, if they must be expanded in time
	series  [3]*series    // ALERTS pending, ALERTS firing, ALERTS_FOR_STATE
}

func newAlerting(r *run, p *placed, times grid) *alerting {
	c := &alerting{run: r, rule: p, times: times, active: map[uint64]*active{}, labels: slices.Sorted(maps.Keys(p.labels))}
	c.dynamic = p.templates.labels
	c.eager = p.templates.query
	return c
}

// meet implements consumer.
func (c *alerting) meet(lset labels.Labels, _ int) int {
	c.metrics = append(c.metrics, lset)
	c.of = append(c.of, nil)
	return len(c.metrics) - 1
}

// consume implements consumer.
func (c *alerting) consume(t int64, vector []element) error {
	c.round++
	for _, e := range vector {
		a := c.instance(t, e)
		if a.round == c.round {
			return errDuplicateAlert
		}
		a.round = c.round
		a.sample, a.at = c.sample(t, e), t
		if c.eager {
			a.notes = c.annotations(a)
		}
	}
	if err := c.transition(t); err != nil {
		return err
	}
	c.observe(t)
	return nil
}

// miss implements consumer: whoever looks now sees the alerts as they were.
func (c *alerting) miss(t int64) { c.observe(t) }

func (c *alerting) sample(t int64, e element) promql.Sample {
	return promql.Sample{Metric: c.metrics[e.series], T: t - c.rule.Group.QueryOffset.Milliseconds(), F: e.f, H: e.h}
}

// instance finds the active alert of an element, or begins one.
func (c *alerting) instance(t int64, e element) *active {
	if a := c.of[e.series]; a != nil && !c.dynamic && a.alert.Ended.IsZero() {
		return a
	}
	lset := c.identity(c.sample(t, e))
	hash := lset.Hash()
	a := c.active[hash]
	if a == nil {
		a = &active{alert: &Alert{Rule: c.rule.Rule, Labels: lset, Active: instantOf(t)}}
		c.active[hash] = a
		c.order = append(c.order, a)
		c.run.result.Alerts = append(c.run.result.Alerts, a.alert)
	}
	c.of[e.series] = a
	return a
}

// identity are the labels of an alert: those of the sample, then those of the rule.
func (c *alerting) identity(s promql.Sample) labels.Labels {
	b := labels.NewBuilder(s.Metric)
	b.Del(model.MetricNameLabel)
	var expand func(string) string
	for _, name := range c.labels {
		text := c.rule.labels[name]
		if isTemplate(text) {
			if expand == nil {
				expand = c.expander(s, s.T+c.rule.Group.QueryOffset.Milliseconds())
			}
			text = expand(text)
		}
		b.Set(name, text)
	}
	b.Set(labels.AlertName, c.rule.Alert)
	return b.Labels()
}

// transition moves every active alert to its state at t.
func (c *alerting) transition(t int64) error {
	running := 0
	kept := c.order[:0]
	for _, a := range c.order {
		if a.round != c.round && !c.keepsFiring(a, t) {
			a.alert.Ended = instantOf(t)
			delete(c.active, a.alert.Labels.Hash())
			continue
		}
		kept = append(kept, a)
		if a.round == c.round {
			a.keeping = 0
		}
		running++
		if a.alert.Fired.IsZero() && instantOf(t).Sub(a.alert.Active) >= c.rule.For {
			a.alert.Fired = instantOf(t)
		}
	}
	clear(c.order[len(kept):])
	c.order = kept
	if limit := c.rule.Group.Limit; limit > 0 && running > limit {
		return fmt.Errorf("exceeded limit of %d with %d alerts", limit, running)
	}
	if !c.rule.statesNeeded {
		return nil
	}
	return c.states.write(c, t-c.rule.Group.QueryOffset.Milliseconds())
}

// keepsFiring tells whether an alert without a sample goes on for keep_firing_for.
func (c *alerting) keepsFiring(a *active, t int64) bool {
	if a.alert.Fired.IsZero() || c.rule.KeepFiringFor == 0 {
		return false
	}
	if a.keeping == 0 {
		a.keeping = t + 1 // never 0
	}
	return time.Duration(t+1-a.keeping)*time.Millisecond < c.rule.KeepFiringFor
}

// observe notes the active alerts for the instants before the next evaluation.
func (c *alerting) observe(t int64) {
	wanted := c.run.opts.Observe
	for ; c.observed < len(wanted) && wanted[c.observed].UnixMilli() < t+c.times.step; c.observed++ {
		for _, a := range c.order {
			o := Observation{Alert: a.alert, Annotations: a.notes, Value: a.sample.F, Firing: !a.alert.Fired.IsZero()}
			if !c.eager {
				o.Annotations = c.annotations(a)
			}
			c.run.result.Observed[c.observed] = append(c.run.result.Observed[c.observed], o)
		}
	}
}

// annotations expands those of an alert as of its last sample.
func (c *alerting) annotations(a *active) labels.Labels {
	expand := c.expander(a.sample, a.at)
	sb := labels.NewScratchBuilder(len(c.rule.Annotations))
	for _, name := range slices.Sorted(maps.Keys(c.rule.Annotations)) {
		sb.Add(name, expand(c.rule.Annotations[name]))
	}
	return sb.Labels()
}

// expander expands the templates of one sample, at the instant t.
func (c *alerting) expander(s promql.Sample, t int64) func(string) string {
	opts := c.run.opts
	e := Expander{Rule: c.rule.Rule, Sample: s, At: instantOf(t), ExternalLabels: opts.ExternalLabels, ExternalURL: opts.ExternalURL}
	e.Query = func(ctx context.Context, text string, at time.Time) (promql.Vector, error) {
		return c.run.instant(ctx, c.rule, text, at, t)
	}
	return e.Expand
}

func instantOf(t int64) time.Time { return time.UnixMilli(t).UTC() }
