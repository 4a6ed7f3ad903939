package check

import (
	"strings"
	"testing"
)

// TestLargeExpressions holds that what the checks do grows with the size of an
// expression and no faster, however it nests: half of one allocates no less than
// a third of what the whole does.
func TestLargeExpressions(t *testing.T) {
	for _, e := range []struct {
		n                 int // how often it nests at most, to be read
		open, inner, shut string
	}{
		{4900, "", "a", " + 1"}, {4900, "", "a", " > 1"}, {4900, "", "a", " / a"}, {4900, "", "a", " or a"}, {4900, "", "a", " and a"},
		{1600, "", "topk(1, a)", " or a"}, {1200, "", "a_seconds", " + a_ms"}, {1200, "a_ms / ", "a_total", ""}, {700, "rate(sum(", "a", ")[5m:])"},
		{1600, "", "a > 1", " and a > 1"}, {4900, "", "a", " unless a"}, {2400, "a unless (", "a", ")"}, {2400, "a / (", "a", ")"},
		{1200, "(a - ", "a", ") / a"}, {900, "sum(", "a", ") / count(a)"}, {700, "(count(", "a", " > 1) / count(a))"},
		{4900, "(", "a", ")"}, {3000, "abs(", "a", ")"}, {1000, "sum_over_time((", "a", ")[5m:])"},
	} {
		allocations := func(n int) float64 {
			text := strings.Repeat(e.open, n) + e.inner + strings.Repeat(e.shut, n)
			files, _ := unit(t, ruleFile("alert: A, expr: '("+text+") > 3', annotations: {a: \"{{ $labels.x }}\"}"))
			return testing.AllocsPerRun(1, func() { Run(files, Options{}) })
		}
		if half, whole := allocations(e.n/4), allocations(e.n/2); whole > 3*half {
			t.Errorf("%s%s%s, %d times: %.0f allocations, and half of it %.0f", e.open, e.inner, e.shut, e.n/2, whole, half)
		}
	}
}
