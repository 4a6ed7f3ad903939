package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// TestCheckSize holds what is too large, by the most instants that it may have.
func TestCheckSize(t *testing.T) {
	for _, c := range []struct {
		text   string
		length time.Duration // of a range query with steps of a minute
		want   int           // instants
	}{
		{"sum_over_time((m+1)[50000m:1ms])", 0, 3_000_000_001},
		{"sum_over_time(m[1h:1m])", 0, 61},
		{"sum_over_time(m[1h:])", 0, 121},                             // the evaluation interval
		{"sum_over_time(m[1h:1m])", time.Hour, 121},                   // what all steps need
		{"sum_over_time(m[1h:1m] @ end())", time.Hour, 61},            // the same for all
		{"max_over_time(sum_over_time(m[1h:1m])[1h:30s])", 0, 242},    // 121 and 121: Prometheus does not multiply either
		{"sum_over_time(m[1h:1m]) + sum_over_time(m[2h:1m])", 0, 121}, // one after the other
		{"sum_over_time(m[30m * 2:1m])", 0, 61},
		{"sum_over_time(m[step() * 60:1m])", time.Hour, 121},
		{"sum(sum_over_time(m[1h:1m])) by (l) > 1 or vector(1)", 0, 61},
		{"quantile(scalar(sum_over_time(m[1h:1m])), m)", 0, 61},
		{"job:m:sum[5m]", 0, 0},
		{"sum_over_time(m[50000m])", 0, 0},
		{"m[", 0, 0},
		{`count({l="[1h:1s]"})`, 0, 0},
	} {
		err := CheckSize(c.text, c.length, time.Minute, 30*time.Second, c.want)
		if err != nil {
			t.Errorf("%s needs more than %d: %v", c.text, c.want, err)
		}
		err = CheckSize(c.text, c.length, time.Minute, 30*time.Second, c.want-1)
		if tooMany := promql.ErrTooManySamples(""); c.want > 0 && !errors.As(err, &tooMany) {
			t.Errorf("%s needs less than %d: %v", c.text, c.want, err)
		}
	}
}

// TestLargeSubquery wants a rule to be refused before it takes all memory,
// however it is evaluated, and one that is large over its range only to be stepped.
func TestLargeSubquery(t *testing.T) {
	const refused = " at 0s: query processing would load too many samples into memory in subqueries at 3000000001 instants"
	x := every(time.Minute, metric("x"), 1, 1, 1, 1, 1)
	for _, c := range []struct {
		rules string
		most  int
		want  string
	}{
		{"{record: r, expr: 'sum_over_time((x+1)[50000m:1ms])'}", 0, "r" + refused},
		{"{record: r, expr: 'r or sum_over_time((x+1)[50000m:1ms])'}", 0, "r" + refused},
		{"{alert: A, expr: 'sum_over_time((x+1)[50000m:1ms]) > 0'}", 0, "A" + refused},
		{"{record: r, expr: 'sum_over_time((x+1)[1m:1s])'}", 200, "no error"},
	} {
		for _, exhaustive := range []bool{false, true} {
			opts := Options{Start: start, End: start.Add(4 * time.Minute), Interval: time.Minute, MaxSamples: c.most, Exhaustive: exhaustive}
			s := fill(t, x)
			_, err := Run(context.Background(), NewPlan(readGroups(t, "groups: [{name: g, rules: ["+c.rules+"]}]"), nil), s, opts)
			if got := ruleError(t, err); got != c.want {
				t.Errorf("%s: %s, want %s", c.rules, got, c.want)
			}
			if err == nil && len(recorded(s, "r")["{__name__=\"r\"}"]) != 5 {
				t.Errorf("%s: %v", c.rules, recorded(s, "r"))
			}
		}
	}
	rules := "groups: [{name: g, rules: [{alert: A, expr: x, annotations: {a: '{{ query \"sum_over_time((x+1)[50000m:1ms])\" }}'}}]}]"
	opts := Options{Start: start, End: start, Interval: time.Minute, Observe: []time.Time{start}}
	result, err := Run(context.Background(), NewPlan(readGroups(t, rules), nil), fill(t, x), opts)
	if err != nil || len(result.Observed[0]) != 1 {
		t.Fatalf("%v, %v", result, err)
	}
	if got := result.Observed[0][0].Annotations.Get("a"); !strings.Contains(got, "3000000001") {
		t.Errorf("the annotation is %s", got)
	}
}
