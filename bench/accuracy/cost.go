package main

import (
	"context"
	"time"

	"slowburn/bench/accuracy/traffic"
	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// At so many instants the samples that a rule reads are counted; at fewer where
// it reads very many, since it takes long.
const (
	costInstants = 240
	costFew      = 24
	costMany     = 100_000
)

// cost is what a candidate's rules cost Prometheus.
type cost struct {
	rules   int
	series  int     // recorded, not counting alerts' own
	samples float64 // read a minute
}

// cost asks Prometheus' engine, by its own statistics, how many samples the
// instant queries of each rule read in the last day.
func (e *evaluated) cost() (cost, error) {
	var c cost
	for _, g := range e.groups {
		for _, r := range g.Rules {
			samples, series, err := e.costOf(g, r)
			if err != nil {
				return c, err
			}
			c.rules++
			c.samples += samples * float64(time.Minute) / float64(intervalOf(g))
			if r.Record != "" {
				c.series += series
			}
		}
	}
	return c, nil
}

// costOf is how many samples an evaluation reads on average, and how many
// series it records at most.
func (e *evaluated) costOf(g *rulefile.Group, r *rulefile.Rule) (samples float64, series int, err error) {
	sum, count := 0.0, 0
	for i := range costInstants {
		if i > costFew && sum > costMany*float64(count) {
			break
		}
		// From the end backwards in large steps that meet all times of the day, at instants of the group.
		back := time.Duration(i*97%costInstants) * day / costInstants
		at := traffic.Begin.Add((e.last - back).Truncate(intervalOf(g)) - g.QueryOffset)
		q, err := e.queries.NewInstantQuery(context.Background(), e.storage, nil, r.Text, at)
		if err != nil {
			return 0, 0, err
		}
		result := q.Exec(context.Background())
		if result.Err != nil {
			return 0, 0, result.Err
		}
		if v, err := engine.Vector(result); err == nil {
			series = max(series, len(v))
		}
		sum += float64(q.Stats().Samples.TotalSamples)
		count++
		q.Close()
	}
	return sum / float64(count), series, nil
}
