package check

import (
	"strings"
	"testing"
	"time"
)

// TestLargeExpressions holds that the checks take no longer for the largest
// expressions that are read than reading them does, however they nest.
func TestLargeExpressions(t *testing.T) {
	nested := func(n int, open, inner, shut string) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(shut, n)
	}
	for _, e := range []string{
		nested(4900, "", "a", " + 1"), nested(4900, "", "a", " > 1"), nested(4900, "", "a", " / a"), nested(4900, "", "a", " or a"), nested(4900, "", "a", " and a"),
		nested(1600, "", "topk(1, a)", " or a"), nested(1200, "", "a_seconds", " + a_ms"), nested(1200, "a_ms / ", "a_total", ""), nested(700, "rate(sum(", "a", ")[5m:])"),
		nested(1600, "", "a > 1", " and a > 1"), nested(4900, "", "a", " unless a"), nested(2400, "a unless (", "a", ")"), nested(2400, "a / (", "a", ")"),
		nested(1200, "(a - ", "a", ") / a"), nested(900, "sum(", "a", ") / count(a)"), nested(700, "(count(", "a", " > 1) / count(a))"),
		nested(4900, "(", "a", ")"), nested(3000, "abs(", "a", ")"), nested(1000, "sum_over_time((", "a", ")[5m:])"),
	} {
		files, _ := unit(t, ruleFile("alert: A, expr: '("+e+") > 3', annotations: {a: \"{{ $labels.x }}\"}"))
		start := time.Now()
		Run(files, Options{})
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%.40s…: %s", e, took)
		}
	}
}
