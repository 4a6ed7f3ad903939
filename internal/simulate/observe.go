package simulate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/engine"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
)

// Values are what a query yields in a scenario: sorted, without what is no
// number.
type Values struct {
	Before []float64 // while all is well
	Firing []float64 // while an alert fires, or at the end of a surge
}

// Outages are scenarios to see on a dashboard: those in which the most of a
// subject's alerts fire, for the longest time, first.
func Outages(scenarios []Scenario) []Scenario {
	var all []Scenario
	for _, s := range scenarios {
		if firing, _ := s.extent(); s.Generated && firing > 0 {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b Scenario) int {
		mostA, longestA := a.extent()
		mostB, longestB := b.extent()
		return cmp.Or(mostB-mostA, cmp.Compare(longestB, longestA))
	})
	return all
}

// extent is how many alerts what happens makes fire, and how long together. With
// its metrics gone, an SLO shows nothing: that alert does not count.
func (s Scenario) extent() (firing int, length time.Duration) {
	for _, p := range s.Predictions {
		if s.brings(p) && (p.Burn != nil || s.SLO == nil) {
			firing++
			length += p.Fires[0].Length()
		}
	}
	return firing, length
}

// brings tells whether what happens makes an alert fire, at a known time. Of a
// grouped SLO some group may fail all along.
func (s Scenario) brings(p Prediction) bool {
	return !p.Close && !p.Lumpy && len(p.Fires) > 0 && p.Fires[0].From >= s.Event.From
}

// Metrics are the names of what is scraped in the scenario.
func (s Scenario) Metrics() []string { return s.scraped.metrics() }

// Observe evaluates queries over a scenario, with all that rules record: just
// before anything happens, and while the first of its alerts fires, if it has any.
func (s Scenario) Observe(ctx context.Context, groups []*rulefile.Group, queries []expr.Expr, opts Options) ([]Values, error) {
	storage := engine.NewStorage()
	s.scraped.eachSeries(s.Watch.Until, nil, into(storage))
	needs := engine.Needs{Given: s.scraped.metrics()}
	for _, q := range queries {
		needs.Selectors = append(needs.Selectors, engine.Selectors(q)...)
	}
	interval := s.Service.EvaluationInterval
	_, err := engine.Run(ctx, engine.NewPlan(groups, nil).Only(needs), storage, engine.Options{
		Start: start.Add(s.Watch.From), End: start.Add(s.Watch.Until), Interval: interval, MaxSamples: opts.MaxSamples, History: true,
	})
	if err != nil {
		return nil, err
	}
	all := make([]Values, len(queries))
	for i, q := range queries {
		if all[i].Before, err = valuesAt(ctx, q, storage, s.Event.From-time.Millisecond, interval); err != nil {
			return nil, err
		}
		if all[i].Firing, err = valuesAt(ctx, q, storage, s.firing(), interval); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// firing is an instant at which an alert fires: as late as what happens lasts.
// Where none is watched, it is the end of what happens.
func (s Scenario) firing() time.Duration {
	if len(s.Predictions) == 0 {
		return s.Event.Until - time.Millisecond
	}
	at := s.Event.From
	for _, p := range s.Predictions {
		if s.brings(p) {
			// Scraping and evaluation add their delays, once for each chained rule.
			noticed := p.Fires[0].From + 2*(s.Service.ScrapeInterval+s.Service.EvaluationInterval)
			at = max(noticed, min(s.Event.Until, p.Fires[0].Until)-time.Millisecond)
			break
		}
	}
	return at
}

// valuesAt are the numbers that a query yields at an instant.
func valuesAt(ctx context.Context, q parser.Expr, s *engine.Storage, at, interval time.Duration) ([]float64, error) {
	query, err := engine.Queries(engine.DefaultMaxSamples, interval).NewInstantQuery(ctx, s, nil, q.String(), start.Add(at))
	if err != nil {
		return nil, err
	}
	defer query.Close()
	result := query.Exec(ctx)
	if result.Err != nil {
		return nil, result.Err
	}
	vector, err := engine.Vector(result)
	if err != nil {
		return nil, err
	}
	var values []float64
	for _, e := range vector {
		if !math.IsNaN(e.F) {
			values = append(values, e.F)
		}
	}
	slices.Sort(values)
	return values, nil
}
