package main

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/bench/accuracy/traffic"
	"slowburn/internal/engine"
)

// maxSamples is far above what any candidate needs at once.
const maxSamples = 200_000_000

// warmUp is how long before it is measured everything is evaluated; before
// that, only what is read of it. It is a multiple of all groups' intervals.
const warmUp = time.Hour

// evaluated is a candidate whose rules have been evaluated in a setting.
type evaluated struct {
	*setting
	*candidate
	storage *engine.Storage
	queries *promql.Engine
	took    time.Duration
}

func (s *setting) evaluate(c *candidate) (*evaluated, error) {
	e := &evaluated{setting: s, candidate: c, storage: engine.NewStorage(), queries: engine.Queries(maxSamples, defaultInterval)}
	for _, of := range s.world.Series {
		e.storage.Fill(of.Labels, of.Times, of.Values)
	}
	began := time.Now()
	_, err := engine.Run(context.Background(), engine.NewPlan(c.groups, nil), e.storage, engine.Options{
		Start:      traffic.Begin.Add(s.from - warmUp),
		History:    true,
		End:        traffic.Begin.Add(s.last),
		Interval:   defaultInterval,
		MaxSamples: maxSamples,
		Missed:     s.misses(c),
	})
	e.took = time.Since(began)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	return e, nil
}

// reading is what a reader sees of a ratio at an instant.
type reading struct {
	at    time.Duration // since traffic.Begin
	value float64
	some  bool          // there is a value
	age   time.Duration // since the evaluation that it comes from
}

// readings are those of each minute that is measured and at which Prometheus runs.
func (e *evaluated) readings(r ratio) ([]reading, error) {
	var all []reading
	place := map[int64]int{}
	for at := e.from + time.Minute; at <= e.last; at += time.Minute {
		if !e.world.IsDown(at) {
			place[timestamp.FromTime(traffic.Begin.Add(at))] = len(all)
			all = append(all, reading{at: at})
		}
	}
	values, err := e.overRange(r.text)
	if err != nil {
		return nil, err
	}
	for _, p := range values {
		if i, ok := place[p.T]; ok {
			all[i].value, all[i].some = p.F, true
		}
	}
	// How old it is, the first selector tells.
	evaluated, err := e.overRange("max(timestamp(" + firstSelector(r.expr) + "))")
	if err != nil {
		return nil, err
	}
	for _, p := range evaluated {
		if i, ok := place[p.T]; ok {
			all[i].age = time.Duration(p.T)*time.Millisecond - time.Duration(p.F*float64(time.Second))
		}
	}
	return all, nil
}

func firstSelector(e parser.Expr) string {
	for _, s := range engine.Selectors(e) {
		return s.String()
	}
	return "vector(0)"
}

// overRange evaluates an expression of one series at each minute that is measured.
func (e *evaluated) overRange(text string) ([]promql.FPoint, error) {
	from, to := traffic.Begin.Add(e.from+time.Minute), traffic.Begin.Add(e.last)
	q, err := e.queries.NewRangeQuery(context.Background(), e.storage, nil, text, from, to, time.Minute)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	result := q.Exec(context.Background())
	if result.Err != nil {
		return nil, fmt.Errorf("%s: %s: %w", e.name, text, result.Err)
	}
	m, err := result.Matrix()
	switch {
	case err != nil:
		return nil, err
	case len(m) == 0:
		return nil, nil
	case len(m) > 1:
		return nil, fmt.Errorf("%s: %s: %d series", e.name, text, len(m))
	}
	return append([]promql.FPoint(nil), m[0].Floats...), nil
}
