package engine

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// TestCursors holds that a series is looked at while it has samples only, and
// that a vector is in the order of the series.
func TestCursors(t *testing.T) {
	const n = 2000
	matrix := make(promql.Matrix, n)
	for i := range matrix {
		first := int64((i * 7) % n) // each begins at an instant of its own
		matrix[i].Floats = []promql.FPoint{{T: first, F: 1}, {T: first + 1, F: 2}}
	}
	c := newCursors(matrix)
	seen := 0
	for at := range int64(n + 1) {
		vector := c.at(at)
		seen += len(vector)
		for i := 1; i < len(vector); i++ {
			if vector[i-1].series >= vector[i].series {
				t.Fatalf("at %d: %v", at, vector)
			}
		}
	}
	if seen != 2*n || c.looks != 2*n {
		t.Errorf("%d samples and %d looks, want %d", seen, c.looks, 2*n)
	}
}

// TestChangingSeries holds that a rule with other series at each instant takes
// memory by the number of instants, whatever their square is.
func TestChangingSeries(t *testing.T) {
	for _, rule := range []string{"record: r", "alert: A"} {
		allocated := func(instants int) uint64 {
			text := fmt.Sprintf("groups: [{name: g, interval: 1s, rules: [{%s, expr: 'count_values(\"t\", vector(time()))'}]}]", rule)
			opts := Options{Start: start, End: start.Add(time.Duration(instants-1) * time.Second), Interval: time.Second}
			s := NewStorage()
			plan := NewPlan(readGroups(t, text), nil)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if _, err := Run(context.Background(), plan, s, opts); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		allocated(100) // pools fill
		if short, long := allocated(1000), allocated(4000); long > 6*short || long > 100<<20 {
			t.Errorf("%s: %d bytes for 1000 instants, %d for 4000", rule, short, long)
		}
	}
}

// TestSharedTargets holds that results which are recorded as one series have one target.
func TestSharedTargets(t *testing.T) {
	p := NewPlan(readGroups(t, "groups: [{name: g, rules: [{record: r, expr: x, labels: {l: a}}]}]"), nil).rules[0]
	c := newRun(context.Background(), NewStorage(), Options{MaxSamples: 1, Interval: time.Minute}).consumer(p, grid{}).(*recording)
	for i, lset := range []string{"1", "2", "1"} {
		if got := c.meet(metric("x", "l", lset), 1); got != i {
			t.Errorf("number %d, want %d", got, i)
		}
	}
	if c.targets[0] != c.targets[1] || c.targets[0] != c.targets[2] || len(c.known) != 1 {
		t.Errorf("%d targets", len(c.known))
	}
}
