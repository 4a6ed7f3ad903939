package engine

import (
	"fmt"
	"reflect"
	"testing"

	"slowburn/internal/engine/enginetest"
)

// TestComputedDurations holds that a duration which is computed means what it
// comes to. Nothing but the engine knows what that is, so that folding must not
// see it.
func TestComputedDurations(t *testing.T) {
	const computed = `groups:
- name: g
  rules:
  - {record: a, expr: "%s"}
`
	for _, c := range []struct{ computed, plain string }{
		{"increase(x[2m + 3m])", "increase(x[5m])"},
		{"sum_over_time(x[3m] offset (2 * 1m))", "sum_over_time(x[3m] offset 2m)"},
		{"max_over_time(rate(x[3m])[2m * 2:1m])", "max_over_time(rate(x[3m])[4m:1m])"},
		{"max_over_time(rate(x[3m])[4m:30s * 4])", "max_over_time(rate(x[3m])[4m:2m])"},
	} {
		var got [2]map[string][]string
		for i, e := range []string{c.computed, c.plain} {
			x := enginetest.Series{Labels: metric("x"), Samples: make([]enginetest.Sample, 30)}
			for m := range x.Samples {
				x.Samples[m] = enginetest.Sample{T: start.UnixMilli() + int64(m)*60_000, F: float64(m * m)}
			}
			_, s, err := evaluate(t, fmt.Sprintf(computed, e), 29, x)
			if err != nil {
				t.Fatal(err)
			}
			got[i] = recorded(s, "a")
		}
		if len(got[1]) == 0 || !reflect.DeepEqual(got[0], got[1]) {
			t.Errorf("%s is\n%v\n%s is\n%v", c.computed, got[0], c.plain, got[1])
		}
	}
}
