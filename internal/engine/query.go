package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/prometheus/promql"

	"slowburn/internal/expr"
)

// errNotVector is what Prometheus says of a rule whose result is a range or a string.
var errNotVector = errors.New("rule result is not a vector or scalar")

// queries are Prometheus' engines, which are made once: each has statistics of
// its own that take longer to set up than a small test to run.
var queries sync.Map

// lookback is how old the newest sample of a series may be, as in Prometheus.
const lookback = 5 * time.Minute

type queriesKey struct {
	maxSamples int
	interval   time.Duration
}

// Queries is Prometheus' engine as promtool's unit tests use it: a subquery
// without a step has that of the evaluation interval. It may be used by any
// number of goroutines.
func Queries(maxSamples int, interval time.Duration) *promql.Engine {
	key := queriesKey{maxSamples, interval}
	if known, ok := queries.Load(key); ok {
		return known.(*promql.Engine)
	}
	made, _ := queries.LoadOrStore(key, promql.NewEngine(promql.EngineOpts{
		MaxSamples:               maxSamples,
		Timeout:                  time.Hour,
		LookbackDelta:            lookback,
		NoStepSubqueryIntervalFn: func(int64) int64 { return interval.Milliseconds() },
		EnableAtModifier:         true,
		EnableNegativeOffset:     true,
		Parser:                   expr.Parser,
	}))
	return made.(*promql.Engine)
}

// rangeQuery evaluates a rule at all its instants.
func (r *run) rangeQuery(p *placed, times grid) (promql.Matrix, error) {
	offset := p.Group.QueryOffset
	first, last := time.UnixMilli(times.first).Add(-offset), time.UnixMilli(times.last).Add(-offset)
	text, queryable := fold(p, r.storage, grid{first.UnixMilli(), last.UnixMilli(), times.step}, r.opts.Interval)
	step := time.Duration(times.step) * time.Millisecond
	if CheckSize(text, last.Sub(first), step, r.opts.Interval, r.opts.MaxSamples) != nil {
		return nil, errLongRange
	}
	q, err := r.queries.NewRangeQuery(r.ctx, queryable, nil, text, first, last, step)
	if err != nil {
		return nil, err
	}
	// Not closed: that would give the samples back to the engine's pool.
	result := q.Exec(r.ctx)
	if result.Err != nil {
		return nil, result.Err
	}
	r.warn(p, result)
	return result.Matrix()
}

// instantQuery evaluates a rule at one instant, over what is no younger.
func (r *run) instantQuery(p *placed, t int64) (promql.Vector, error) {
	return r.instant(r.ctx, p, p.Text, time.UnixMilli(t).Add(-p.Group.QueryOffset), t)
}

func (r *run) instant(ctx context.Context, p *placed, text string, at time.Time, now int64) (promql.Vector, error) {
	if text != p.Text || !r.fits[p] {
		if err := CheckSize(text, 0, 0, r.opts.Interval, r.opts.MaxSamples); err != nil {
			return nil, err
		}
	}
	if text == p.Text {
		r.fits[p] = true // and does so at every instant
	}
	q, err := r.queries.NewInstantQuery(ctx, until{r.storage, now}, nil, text, at)
	if err != nil {
		return nil, err
	}
	result := q.Exec(ctx)
	if result.Err != nil {
		return nil, result.Err
	}
	r.warn(p, result)
	return Vector(result)
}

// Vector is the result of an instant query as a rule sees it: a scalar is a
// vector of one element without labels.
func Vector(result *promql.Result) (promql.Vector, error) {
	switch v := result.Value.(type) {
	case promql.Vector:
		return v, nil
	case promql.Scalar:
		return promql.Vector{{T: v.T, F: v.V}}, nil
	}
	return nil, errNotVector
}

// warn keeps what the engine warned of. A text may have a value in it, so that
// there can be one for each instant.
func (r *run) warn(p *placed, result *promql.Result) {
	for _, err := range result.Warnings {
		w := Warning{p.Rule, err.Error()}
		if !r.warned[w] {
			r.warned[w] = true
			r.result.Warnings = append(r.result.Warnings, w)
		}
	}
}
