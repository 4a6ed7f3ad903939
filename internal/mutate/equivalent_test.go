package mutate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// TestEquivalent holds which mutants are said to do what their rule does, and
// that they do: over random series, both record the same.
func TestEquivalent(t *testing.T) {
	for text, want := range map[string]int{
		// What nobody asks the value of.
		`absent(max(a))`: 1, `a and on () (sum(b))`: 2, `sum(a) and on () b`: 0, `absent(topk(1, a))`: 0, `absent(max(a) > 0)`: 0, `max(a) or absent(max(a))`: 1,
		`0 * sum(a)`: 2, `1 * sum(a)`: 0, `0 * rate(a[5m])`: 2, `0 * sum(max_over_time(a[5m]))`: 3, `absent(irate(a[5m]))`: 1, `a and on () (changes(b[5m]) > 1)`: 0,
		`histogram_quantile(0.5, rate(h[5m]))`:                0,
		`sum(increase(a[5m])) > 0`:                            0,
		`count_over_time(((max(a) >= -Inf) > bool 2)[3m:1m])`: 4, `sum_over_time(((max(a) >= -Inf) > bool 2)[3m:1m])`: 0,
		`count_over_time((max(a) > 2)[3m:1m])`: 0, `count_over_time(((max(max_over_time(a[1m])) >= -Inf) > bool 2)[3m:1m])`: 5,
		`count_over_time(((max(avg_over_time(a[1m])) >= -Inf) > bool 2)[3m:1m])`: 4,
		// What is let in, and meets nothing.
		`a{l="v"} - b{l="v"}`: 2, `a{l="v"} - b`: 0, `a{l="v"} - on (l) b{l="v"}`: 0, `a{l="v"} or b{l="v"}`: 0, `a{l="v"} and b{l="v"}`: 2,
		`a{l="v"} and on (l) b{l="v"}`: 2, `a{l="v"} and on (m) b{l="v"}`: 0, `a{l="v"} unless b{l="v"}`: 1, `sum(a{l="v"}) - sum(b{l="v"})`: 0,
		`sum by (l) (a{l="v"}) - sum by (l) (b{l="v"})`: 2, `a{l=~"v|w"} - b{l=~"v|w"}`: 2, `a{l=~"v"} - b{l=~"v|w"}`: 0,
		`a{l="v"} - (b{l="v"} or last_over_time(b{l="v"}[5m]))`: 3, `a{l="v"} - (b{l="v"} and on () c{l="v"})`: 2,
		`a{l="v"} - absent(b{l="v"})`: 0, `(a{l="v"} > 1) and b{l="v"} > 2`: 2, `a{l="v"} * label_replace(b{l="v"}, "l", "v", "m", ".*")`: 0,
		// What stands for nothing.
		`(rate(c[5m]) or 0 * rate(a{l="v"}[5m])) / (rate(a{l="v"}[5m]) > 0)`:                5,
		`(sum(rate(c[5m])) or 0 * sum(rate(a{l="v"}[5m]))) / (sum(rate(a{l="v"}[5m])) > 0)`: 7, // the first sum of a, too
		`(sum(rate(c[5m])) or 0 * sum(rate(b{l="v"}[5m]))) / (sum(rate(a{l="v"}[5m])) > 0)`: 4,
		`(sum(rate(c[5m])) or 0 * sum(rate(a{l="v"}[5m]))) / sum(rate(a{l="v"}[5m]))`:       4,
	} {
		rule := rulesOf(t, fmt.Sprintf("  - {record: r, expr: %q}\n", text))[0]
		if got := hold(t, rule, text); got != want {
			t.Errorf("%s: %d equivalent mutants, want %d", text, got, want)
		}
	}
}

// TestInheritedLabel holds that a label which all series of the expression have
// may be left out, and that no other one may.
func TestInheritedLabel(t *testing.T) {
	for text, want := range map[string]int{`a{l="v"} > 1`: 1, `sum(a{l="v"})`: 0, `a{l="v"} or b{l="v"}`: 1, `a{l="v"} or b`: 0, `a - b{l="v"}`: 1, `a{l=~"v"}`: 0} {
		got := 0
		for _, m := range Of(rulesOf(t, fmt.Sprintf("  - {record: r, expr: %q, labels: {l: v}}\n", text))[0]) {
			if m.Operator == label && m.Equivalent != "" {
				got++
				same(t, m)
			}
		}
		if got != want {
			t.Errorf("%s: %d labels may be left out, want %d", text, got, want)
		}
	}
}

// TestEquivalentAlert holds what makes no difference to whether an alert fires.
func TestEquivalentAlert(t *testing.T) {
	for text, want := range map[string]int{`sum(increase(a[5m])) > 0`: 2, `sum(increase(a[5m])) > 1`: 0, `vector(1)`: 2, `vector(1) * 2`: 0, `sum(delta(a[5m])) > 0`: 0, `a and sum(rate(b[5m])) > 0`: 0,
		`histogram_quantile(0.5, sum by (le) (rate(h[5m]))) > 1`: 1, `histogram_quantile(0.5, increase(h[5m])) > 1`: 1, `histogram_quantile(0.5, irate(h[5m])) > 1`: 0} {
		got := 0
		for _, m := range Of(rulesOf(t, fmt.Sprintf("  - {alert: r, expr: %q}\n", text))[0]) {
			if m.Equivalent != "" {
				got++
				for seed := range uint64(12) {
					was, is := recordedBy(t, m.Was, seed), recordedBy(t, m.Is, seed)
					if !engine.Same(was, is, []string{"ALERTS"}) {
						t.Errorf("%s: %s is no equivalent", text, m.Is.Text)
					}
				}
			}
		}
		if got != want {
			t.Errorf("%s: %d equivalent mutants, want %d", text, got, want)
		}
	}
}

// hold counts the mutants that are said to be equivalent, and compares them.
func hold(t *testing.T, rule *rulefile.Rule, text string) int {
	t.Helper()
	equivalent := 0
	for _, m := range Of(rule) {
		if m.Equivalent != "" {
			equivalent++
			same(t, m)
		}
	}
	return equivalent
}

// same wants a mutant to record what its rule does.
func same(t *testing.T, m Mutant) {
	t.Helper()
	for seed := range uint64(12) {
		was, is := recordedBy(t, m.Was, seed), recordedBy(t, m.Is, seed)
		if !engine.Same(was, is, []string{"r"}) {
			t.Fatalf("%s: %s is no equivalent:\n%s\nand\n%s", m.Was.Text, m.Is.Text, was.Only([]string{"r"}), is.Only([]string{"r"}))
		}
	}
}

// recordedBy evaluates a rule over random counters a, b and c, some of which are missing.
func recordedBy(t *testing.T, rule *rulefile.Rule, seed uint64) *engine.Storage {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	storage := engine.NewStorage()
	for _, metric := range []string{"a", "b", "c", "h"} {
		for i, l := range []string{"v", "w", "u"} {
			for _, m := range []string{"1", "2"} {
				value, missing, idle := random.IntN(4), random.IntN(3), random.IntN(3) == 0
				for at := range int64(20) {
					if missing == 0 || missing == 1 && random.IntN(2) == 0 {
						continue
					}
					if !idle {
						value += random.IntN(3)
					}
					lset := labels.FromStrings(model.MetricNameLabel, metric, "l", l, "m", m)
					if metric == "h" {
						lset = labels.FromStrings(model.MetricNameLabel, metric, "m", m, "le", []string{"1", "2", "+Inf"}[i])
					}
					if err := storage.Append(lset, at*30_000, float64(value)); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	groups := []*rulefile.Group{{Name: "g", Interval: time.Minute, Rules: []*rulefile.Rule{rule}}}
	opts := engine.Options{Start: time.Unix(0, 0), End: time.Unix(600, 0), Interval: time.Minute}
	if _, err := engine.Run(context.Background(), engine.NewPlan(groups, nil), storage, opts); err != nil {
		t.Fatalf("%s cannot be evaluated: %v", rule.Text, err)
	}
	return storage
}
