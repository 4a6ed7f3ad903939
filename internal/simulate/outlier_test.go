package simulate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
)

// TestOutlier holds the rule against its definition, for random traffic of any
// number of members in two groups: those fire that have more than three times
// the median of the others, or less than a quarter of that of all but the least.
// Where there are too few members nothing fires, and Prometheus has nothing to
// warn of.
func TestOutlier(t *testing.T) {
	for _, c := range []struct {
		limit string
		odd   func(rate float64, others, butLeast []float64) (odd, close bool)
	}{
		{"above: 3", func(rate float64, others, _ []float64) (odd, close bool) {
			limit := 3 * median(others)
			return rate > limit, math.Abs(rate-limit) < 1e-6*limit
		}},
		{"below: 25%", func(rate float64, _, butLeast []float64) (odd, close bool) {
			limit := median(butLeast) / 4
			return rate < limit, math.Abs(rate-limit) < 1e-6*limit
		}},
	} {
		s, _, findings := thresholds(t, "name: shop\nalerts:\n  - {name: A, outlier: {of: 'acks_total{job=\"db\"}', member: node, per: [queue], "+c.limit+"}}\n")
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		random := rand.New(rand.NewPCG(1, 2))
		fired := 0
		for range 300 {
			storage, groups := engine.NewStorage(), map[string][]float64{}
			for _, queue := range []string{"a", "b"} {
				rates := make([]float64, random.IntN(9))
				for i := range rates {
					rates[i] = math.Round(math.Pow(2, 8*random.Float64()))
					fillCounter(storage, labels.FromStrings(model.MetricNameLabel, "acks_total", "job", "db", "queue", queue, "node", fmt.Sprint(i)), rates[i])
				}
				groups[queue] = rates
			}
			got := oddOnes(t, storage, s.Thresholds[0].Expr.String())
			for queue, rates := range groups {
				for i, rate := range rates {
					others := slices.Delete(slices.Clone(rates), i, i+1)
					butLeast := slices.Sorted(slices.Values(rates))[1:]
					odd, close := c.odd(rate, others, butLeast)
					if is := got[fmt.Sprint(queue, i)]; is != (odd && len(rates) >= 3) && !close {
						t.Errorf("%s: %v: member %d fires: %v", c.limit, rates, i, is)
					}
				}
			}
			fired += len(got)
		}
		if fired < 50 {
			t.Errorf("%s: only %d members fired", c.limit, fired)
		}
	}
}

func median(of []float64) float64 {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// fillCounter is ten minutes of a counter.
func fillCounter(storage *engine.Storage, of labels.Labels, rate float64) {
	var times []int64
	var values []float64
	for at := int64(0); at <= 600; at += 30 {
		times, values = append(times, start.UnixMilli()+at*1000), append(values, float64(at)*rate)
	}
	storage.Fill(of, times, values)
}

// oddOnes are the members of which an expression has an element: queue and node.
func oddOnes(t *testing.T, storage *engine.Storage, expr string) map[string]bool {
	t.Helper()
	query, err := engine.Queries(engine.DefaultMaxSamples, time.Minute).NewInstantQuery(context.Background(), storage, nil, expr, start.Add(10*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	defer query.Close()
	result := query.Exec(context.Background())
	vector, err := engine.Vector(result)
	if err != nil || len(result.Warnings) > 0 {
		t.Fatal(err, result.Warnings)
	}
	got := map[string]bool{}
	for _, sample := range vector {
		got[sample.Metric.Get("queue")+sample.Metric.Get("node")] = true
	}
	return got
}
