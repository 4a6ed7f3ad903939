package engine

import (
	"context"
	"fmt"
	"testing"
	"time"

	"slowburn/internal/engine/enginetest"
)

func TestMayFail(t *testing.T) {
	for _, c := range []struct {
		rule string // an expression and more of a recording rule
		want bool
	}{
		{"x", false},
		{"x{l='1'} > 1", false},
		{"{__name__=~'x|y'}", true}, // recorded, they have the same name
		{"sum({__name__=~'x|y'})", false},
		{"rate(x[5m])", false},
		{"rate({__name__=~'x|y'}[5m])", true},
		{"rate({__name__='x'}[5m])", false},
		{"max_over_time(rate(x[5m])[1h:])", false},
		{"1", false},
		{"time()", false},
		{"'text'", true},
		{"x[5m]", true},
		{"-x", false},
		{"1 - x", false},
		{"absent({__name__=~'x|y'})", false},
		{"vector(scalar(x))", false},
		{"scalar({__name__=~'x|y'} + 1)", true},
		{"label_replace(x, 'a', '', 'b', '')", true},
		{"label_join(x, 'a', '', 'b')", true},
		{"histogram_quantile(0.9, x)", false},
		// Operations between vectors
		{"x / y", false},
		{"x / on(l) y", true},
		{"x / ignoring(l) y", true},
		{"sum by (l) (x) / sum by (l) (y)", false},
		{"sum by (l) (x) / on(l) sum by (l) (y)", false},
		{"sum by (l, m) (x) / on(l) sum by (l) (y)", true},
		{"sum by (l, m) (x) / on(l) group_left sum by (l) (y)", false},
		{"sum by (l, m) (x) / on(l) group_left(n) sum by (l) (y)", true},
		{"x / on(l) group_left sum by (l) (y)", false},
		{"x / on(l) group_right sum by (l) (y)", true},
		{"sum by (l) (x) / on(l) group_right y", false},
		{"x / ignoring(l) group_left sum without(l) (y)", true}, // it may, where y has other labels
		{"sum(x) / on() sum(y)", false},
		{"x / {__name__=~'x|y'}", true},
		{"x and on(l) y", false},
		{"x unless {__name__=~'x|y'}", false},
		{"x or y", false},
		{"x or {__name__=~'x|y'}", true},
		{"sum by (l) (x or y)", false},
		// Aggregations
		{"topk(3, x)", false},
		{"bottomk by (l) (-1, x)", false},
		{"topk(NaN, x)", true},
		{"topk(Inf, x)", true},
		{"topk(1e30, x)", true},
		{"topk(scalar(y), x)", true},
		{"topk(3, {__name__=~'x|y'})", true},
		{"quantile(NaN, x)", false},
		{"quantile(scalar(y), x)", true},
		{"count_values('v', x)", true},
		{"sum without(l) (x)", false},
		{"sum by (__name__) ({__name__=~'x|y'})", true},
		// The rule's labels
		{"x | labels: {l: a}", true},
		{"sum(x) | labels: {l: a}", false},
		{"sum by (m) (x) | labels: {l: a}", false},
		{"sum by (l) (x) | labels: {l: a}", true},
		{"sum without (l) (x) | labels: {l: a}", true},
		{"1 | labels: {l: a}", false},
	} {
		if got := mayFail(NewPlan(readGroups(t, unchecked(c.rule)), nil).rules[0]); got != c.want {
			t.Errorf("%s: %v", c.rule, got)
		}
	}
	if !mayFail(NewPlan(readGroups(t, groupsOf([]string{"limit: 9", "a: sum(x)"})), nil).rules[0]) {
		t.Error("a group's limit may be exceeded")
	}
}

func unchecked(rule string) string { return groupsOf([]string{"", "a: " + rule}) }

// TestMayFailIsSafe evaluates random rules that Only leaves out where nothing is
// needed, for they cannot fail. An exhaustive
// evaluation is Prometheus' own, as bench/differential shows.
func TestMayFailIsSafe(t *testing.T) {
	failed, safe := 0, 0
	const cases = 2000
	for seed := range uint64(cases) {
		g := enginetest.New(seed, enginetest.Shape{Risky: 30, Odd: 10})
		text := fmt.Sprintf("groups: [{name: g, rules: [{%s: x, expr: %q, labels: {%s}}]}]", enginetest.Pick(g, "record", "alert"), g.Expression("c", "g", "h", "b"), enginetest.Pick(g, "", "", "job: a", "sev: x", "inst: ''"))
		opts := Options{Start: start, End: start.Add(4 * time.Minute), Interval: 2 * time.Minute, Exhaustive: true}
		s := fill(t, g.Series(start.Add(-5*time.Minute), opts.End)...)
		plan := NewPlan(readGroups(t, text), nil)
		_, err := Run(context.Background(), plan, s, opts)
		if err != nil {
			failed++
		}
		if len(plan.Only(Needs{}).rules) > 0 {
			continue
		}
		safe++
		if err != nil && !enginetest.Refused(err) {
			t.Errorf("%v\n%s", err, text)
		}
	}
	if failed < cases/50 || safe < cases/5 {
		t.Errorf("of %d rules %d failed, %d cannot: that says little", cases, failed, safe)
	}
}
