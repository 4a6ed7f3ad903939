package simulate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// missedSLOs are of the kinds whose events no counter counts.
const missedSLOs = `name: shop
slos:
  - {name: probes, per: [tenant], objective: 99%, probe: {of: probe_success}}
  - {name: slices, per: [tenant], objective: 99%, timeSlice: {of: lag_seconds, atMost: 0.5}}
  - {name: long, per: [tenant], objective: 99%, timeSlice: {of: lag_seconds, atMost: 0.5, slice: 4m}}
  - {name: all, objective: 99%, timeSlice: {of: lag_seconds, atMost: 0.5}}
  - {name: native, per: [tenant], objective: 99%, nativeLatency: {of: rpc_seconds, within: 2s}}
`

// TestMissedEvaluations holds that what happened is counted whenever the next
// evaluation takes place, up to six minutes later, group by group, and once.
func TestMissedEvaluations(t *testing.T) {
	var r diag.Report
	var doc slo.ServiceSpec
	text := strings.Replace(missedSLOs, "slos:", "burn: [{name: Fast, budget: 5%, windows: [6h, 30m]}]\nslos:", 1)
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)[0], &doc, &r)
	service := slo.Resolve(&doc, nil, &r)
	if r.HasErrors() {
		t.Fatal(r.Findings())
	}
	var rules strings.Builder
	rules.WriteString("groups:\n")
	for _, o := range service.SLOs {
		fmt.Fprintf(&rules, "  - name: %s\n    interval: 1m\n    rules:\n", o.Name)
		for _, rule := range o.SumRules() {
			fmt.Fprintf(&rules, "      - {record: %q, expr: %q, labels: {", rule.Record, rule.Expr)
			for _, l := range rule.Labels {
				fmt.Fprintf(&rules, "%s: %q, ", l.Name.Text, l.Value.Text)
			}
			rules.WriteString("}}\n")
		}
	}
	const minutes = 180
	last := start.Add(minutes * time.Minute)
	totals := func(missed func(*rulefile.Group, time.Time) bool) map[string]float64 {
		storage := missedStorage(t, minutes)
		opts := engine.Options{Start: start.Add(time.Minute), End: last, Interval: time.Minute, Missed: missed}
		if _, err := engine.Run(context.Background(), engine.NewPlan(groups(t, rules.String()), nil), storage, opts); err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		queries := engine.Queries(engine.DefaultMaxSamples, time.Minute)
		for _, metric := range []string{slo.AllEventsMetric, slo.AllErrorsMetric} {
			query, err := queries.NewInstantQuery(context.Background(), storage, nil, "{__name__=\""+metric+"\"}", last)
			if err != nil {
				t.Fatal(err)
			}
			vector, err := engine.Vector(query.Exec(context.Background()))
			if err != nil {
				t.Fatal(err)
			}
			for _, sample := range vector {
				got[sample.Metric.String()] = sample.F
			}
		}
		return got
	}
	want := totals(nil)
	if len(want) != 2*(4*2+1) {
		t.Fatalf("%d totals: %v", len(want), want)
	}
	for seed := range uint64(5) {
		got := totals(func(g *rulefile.Group, at time.Time) bool {
			if !at.Before(last) {
				return false
			}
			// Of every eight minutes some in a row are missed, five at most.
			minute := uint64(at.Sub(start) / time.Minute)
			missed := rand.New(rand.NewPCG(seed, minute/8)).Uint64N(6)
			return minute > 16 && minute%8 >= 1 && minute%8 <= missed
		})
		for name, n := range want {
			if got[name] != n {
				t.Errorf("seed %d: %s is %g, and %g without missed evaluations", seed, name, got[name], n)
			}
		}
	}
}

// missedStorage are random values of two tenants, of which one is gone for a while.
func missedStorage(t *testing.T, minutes int) *engine.Storage {
	t.Helper()
	storage := engine.NewStorage()
	random := rand.New(rand.NewPCG(3, 4))
	for _, tenant := range []string{"a", "b"} {
		var times []int64
		var values []float64
		var histograms []*histogram.FloatHistogram
		count := 0.0
		for at := time.Duration(0); at <= time.Duration(minutes)*time.Minute; at += 30 * time.Second {
			if tenant == "b" && at > 60*time.Minute && at <= 80*time.Minute {
				continue
			}
			count += float64(random.IntN(5))
			times, values = append(times, start.Add(at).UnixMilli()), append(values, float64(random.IntN(2)))
			histograms = append(histograms, &histogram.FloatHistogram{
				Count: 2 * count, Sum: 5 * count, PositiveSpans: []histogram.Span{{Offset: 0, Length: 1}, {Offset: 3, Length: 1}}, PositiveBuckets: []float64{count, count},
			})
		}
		storage.Fill(labels.FromStrings(model.MetricNameLabel, "probe_success", "tenant", tenant), times, values)
		storage.Fill(labels.FromStrings(model.MetricNameLabel, "lag_seconds", "tenant", tenant), times, values)
		storage.FillHistograms(labels.FromStrings(model.MetricNameLabel, "rpc_seconds", "tenant", tenant), times, histograms)
	}
	return storage
}
