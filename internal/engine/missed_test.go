package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/engine/enginetest"
	"slowburn/internal/rulefile"
)

// TestMissed skips evaluations, and wants series without samples or stale
// markers at them, alerts that stay as they were, and the rest as always.
func TestMissed(t *testing.T) {
	x := every(time.Minute, metric("x"), 1, 2, 3, 4, 5, 0, 7, 8, 9)
	const rules = `groups:
- {name: g, rules: [{record: y, expr: x > 0}, {record: total, expr: 'sum_over_time(y[3m])'}, {record: n, expr: n + 1 or vector(1)}]}
- {name: alerts, rules: [{alert: A, expr: y, for: 2m}]}
`
	missed := func(g *rulefile.Group, at time.Time) bool {
		minute := at.Sub(start) / time.Minute
		return g.Name == "g" && (minute == 1 || minute == 5) || g.Name == "alerts" && (minute == 2 || minute == 3)
	}
	want := map[string][]string{
		// The zero at 5m is not seen, so that the series does not end.
		"y":     {"0m 1", "2m 3", "3m 4", "4m 5", "6m 7", "7m 8", "8m 9"},
		"total": {"0m 1", "2m 4", "3m 7", "4m 12", "6m 12", "7m 15", "8m 24"},
		"n":     {"0m 1", "2m 2", "3m 3", "4m 4", "6m 5", "7m 6", "8m 7"},
	}
	for _, exhaustive := range []bool{false, true} {
		s := fill(t, x)
		opts := Options{Start: start, End: start.Add(8 * time.Minute), Interval: time.Minute, Exhaustive: exhaustive, Missed: missed}
		for m := range 5 {
			opts.Observe = append(opts.Observe, start.Add(time.Duration(m)*time.Minute))
		}
		result, err := Run(context.Background(), NewPlan(readGroups(t, rules), nil), s, opts)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for name := range want {
			of := s.byMetric[name][0]
			for i := range of.times {
				got[name] = append(got[name], fmt.Sprintf("%dm %g", (of.times[i]-start.UnixMilli())/60000, of.values[i]))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("exhaustive %v (-want +got)\n%s", exhaustive, diff)
		}
		if diff := cmp.Diff([]string{`{alertname="A"} active 0m fired 4m`}, lives(result.Alerts)); diff != "" {
			t.Errorf("exhaustive %v (-want +got)\n%s", exhaustive, diff)
		}
		var seen []string
		for i, active := range result.Observed {
			for _, o := range active {
				seen = append(seen, fmt.Sprintf("%dm %g %v", i, o.Value, o.Firing))
			}
		}
		// At 2m and 3m the alert is as it was at 1m.
		if diff := cmp.Diff([]string{"0m 1 false", "1m 1 false", "2m 1 false", "3m 1 false", "4m 5 true"}, seen); diff != "" {
			t.Errorf("exhaustive %v (-want +got)\n%s", exhaustive, diff)
		}
	}
}

// TestMissedEnd wants a series that ends during missed evaluations to end at the next one.
func TestMissedEnd(t *testing.T) {
	x := every(time.Minute, metric("x"), 1, 1, 0, 0, 0)
	for _, exhaustive := range []bool{false, true} {
		s := fill(t, x)
		opts := Options{Start: start, End: start.Add(4 * time.Minute), Interval: time.Minute, Exhaustive: exhaustive}
		opts.Missed = func(_ *rulefile.Group, at time.Time) bool { return at.Sub(start) == 2*time.Minute }
		if _, err := Run(context.Background(), NewPlan(readGroups(t, "groups: [{name: g, rules: [{record: y, expr: x > 0}]}]"), nil), s, opts); err != nil {
			t.Fatal(err)
		}
		want := []string{"0m 1 (3ff0000000000000)", "1m 1 (3ff0000000000000)", "3m stale"}
		if diff := cmp.Diff(want, recorded(s, "y")[`{__name__="y"}`]); diff != "" {
			t.Errorf("exhaustive %v (-want +got)\n%s", exhaustive, diff)
		}
	}
}

// TestMissedRandom wants the short cuts to give the same as stepping, whatever is missed.
func TestMissedRandom(t *testing.T) {
	x := enginetest.Series{Labels: metric("c", "l", "a")}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 200 {
		x.Samples = append(x.Samples, enginetest.Sample{T: start.Add(time.Duration(i) * 30 * time.Second).UnixMilli(), F: float64(random.IntN(50) + 3*i)})
	}
	const rules = `groups:
- {name: a, rules: [{record: r, expr: 'increase(c[2m])'}, {record: long, expr: 'sum_over_time(r[20m])'}]}
- {name: b, interval: 3m, rules: [{record: ratio, expr: 'long / count_over_time(r[20m:1m])'}, {alert: B, expr: 'ratio > 60', for: 6m, keep_firing_for: 3m}]}
`
	for seed := range uint64(20) {
		missed := func(g *rulefile.Group, at time.Time) bool {
			return rand.New(rand.NewPCG(seed, uint64(at.Unix())+uint64(len(g.Rules[0].Record)))).IntN(4) == 0
		}
		var all [2]string
		for i := range all {
			s := fill(t, x)
			opts := Options{Start: start, End: start.Add(100 * time.Minute), Interval: time.Minute, Exhaustive: i == 1, Missed: missed}
			result, err := Run(context.Background(), NewPlan(readGroups(t, rules), nil), s, opts)
			if err != nil {
				t.Fatal(err)
			}
			all[i] = s.String() + fmt.Sprint(lives(result.Alerts))
		}
		if diff := cmp.Diff(all[1], all[0]); diff != "" {
			t.Fatalf("seed %d (-stepped +ranges)\n%s", seed, diff)
		}
	}
}
