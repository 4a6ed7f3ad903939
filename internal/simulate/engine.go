package simulate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
)

// Timeline are the instants at which rules are evaluated.
type Timeline struct {
	Start, End time.Time
	Step       time.Duration // of groups without an interval
}

// Alert is one instance of an alert from the first evaluation at which it was
// active to the first at which it was not.
type Alert struct {
	Name   string
	Labels labels.Labels
	Active time.Time
	Fired  time.Time // zero if it never did
	Ended  time.Time // zero if it lasts
}

// Engine evaluates rules with Prometheus' own engine.
type Engine struct{ promql *promql.Engine }

// NewEngine makes an engine with Prometheus' defaults and no bound on samples:
// what is evaluated is what a caller made up.
func NewEngine() *Engine {
	return &Engine{promql.NewEngine(promql.EngineOpts{
		MaxSamples:           1 << 30,
		Timeout:              time.Hour,
		LookbackDelta:        5 * time.Minute,
		EnableAtModifier:     true,
		EnableNegativeOffset: true,
		Parser:               expr.Parser,
	})}
}

// Run evaluates groups over a timeline and returns the alerts, by name and
// start. Each rule is one range query over all instants, which is the same as
// evaluating them one after the other as long as no rule reads what a later
// rule writes; a group in which one does is refused.
func (e *Engine) Run(ctx context.Context, groups []*rulefile.Group, s *Storage, t Timeline) ([]Alert, error) {
	if err := checkOrder(groups); err != nil {
		return nil, err
	}
	var alerts []Alert
	for _, g := range groups {
		step := t.Step
		if g.Interval > 0 {
			step = g.Interval
		}
		for _, r := range g.Rules {
			result, err := e.rangeQuery(ctx, s, r, t, step)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", r.Name(), err)
			}
			if r.Record != "" {
				record(s, g, r, result, t, step)
				continue
			}
			for _, series := range result {
				alerts = append(alerts, fold(g, r, series, t, step)...)
			}
		}
	}
	slices.SortStableFunc(alerts, func(a, b Alert) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), a.Active.Compare(b.Active))
	})
	return alerts, nil
}

// checkOrder refuses rules that read what the same or a later rule records.
func checkOrder(groups []*rulefile.Group) error {
	later := map[string][]writer{}
	for _, g := range slices.Backward(groups) {
		for _, r := range slices.Backward(g.Rules) {
			if r.Record != "" {
				later[r.Record] = append(later[r.Record], writer{g, r})
			}
			for _, s := range selectors(r.Expr) {
				if slices.ContainsFunc(later[s.Name], func(w writer) bool { return w.mayWrite(s) }) {
					return fmt.Errorf("%s reads %s, which is recorded only after it", r.Name(), s)
				}
			}
		}
	}
	return nil
}

// writer is a recording rule in its group.
type writer struct {
	group *rulefile.Group
	rule  *rulefile.Rule
}

// mayWrite tells whether the rule can record a series that s selects. The
// labels that the rule sets are known; all others can have any value.
func (w writer) mayWrite(s *parser.VectorSelector) bool {
	for _, m := range s.LabelMatchers {
		value, fixed := w.rule.Labels[m.Name]
		if !fixed {
			value, fixed = w.group.Labels[m.Name]
		}
		if m.Name == model.MetricNameLabel {
			value, fixed = w.rule.Record, true
		}
		if fixed && !m.Matches(value) {
			return false
		}
	}
	return true
}

// selectors are those of an expression.
func selectors(e parser.Expr) []*parser.VectorSelector {
	var all []*parser.VectorSelector
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			all = append(all, s)
		}
		return nil
	})
	return all
}

func (e *Engine) rangeQuery(ctx context.Context, s *Storage, r *rulefile.Rule, t Timeline, step time.Duration) (promql.Matrix, error) {
	q, err := e.promql.NewRangeQuery(ctx, s, nil, r.Text, t.Start, t.End, step)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	result := q.Exec(ctx)
	if result.Err != nil {
		return nil, result.Err
	}
	matrix, err := result.Matrix()
	if err != nil {
		return nil, err
	}
	// The engine takes the samples back when the query is closed.
	for i := range matrix {
		matrix[i].Floats = slices.Clone(matrix[i].Floats)
	}
	return slices.Clone(matrix), nil
}

// record appends a recording rule's result, with a stale marker where a series ends.
func record(s *Storage, g *rulefile.Group, r *rulefile.Rule, result promql.Matrix, t Timeline, step time.Duration) {
	end := t.End.UnixMilli()
	for _, series := range result {
		b := labels.NewBuilder(series.Metric)
		setAll(b, g.Labels, r.Labels)
		b.Set(model.MetricNameLabel, r.Record)
		lset := b.Labels()
		for i, p := range series.Floats {
			s.Append(lset, p.T, p.F)
			next := p.T + step.Milliseconds()
			if next <= end && (i+1 == len(series.Floats) || series.Floats[i+1].T > next) {
				s.Append(lset, next, stale)
			}
		}
	}
}

func setAll(b *labels.Builder, sets ...map[string]string) {
	for _, set := range sets {
		for name, value := range set {
			b.Set(name, value)
		}
	}
}

// fold turns the instants at which an alert's expression has a value into
// alerts: pending, firing once that lasted for the rule's for, and over at the
// first instant without a value, or keep_firing_for later.
func fold(g *rulefile.Group, r *rulefile.Rule, series promql.Series, t Timeline, step time.Duration) []Alert {
	b := labels.NewBuilder(series.Metric)
	b.Del(model.MetricNameLabel)
	setAll(b, g.Labels, r.Labels)
	b.Set(labels.AlertName, r.Alert)
	lset := b.Labels()

	var alerts []Alert
	var current *Alert
	var last time.Time
	// endBy ends the current alert if its end comes no later than at.
	endBy := func(at time.Time) {
		ended := last.Add(step)
		if !current.Fired.IsZero() {
			ended = ended.Add((r.KeepFiringFor + step - 1) / step * step)
		}
		if !ended.After(at) {
			current.Ended = ended
			current = nil
		}
	}
	for _, p := range series.Floats {
		at := time.UnixMilli(p.T).UTC()
		if current != nil && at.After(last.Add(step)) {
			endBy(at)
		}
		if current == nil {
			alerts = append(alerts, Alert{Name: r.Alert, Labels: lset, Active: at})
			current = &alerts[len(alerts)-1]
		}
		if current.Fired.IsZero() && at.Sub(current.Active) >= r.For {
			current.Fired = at
		}
		last = at
	}
	if current != nil {
		endBy(t.End)
	}
	return alerts
}
