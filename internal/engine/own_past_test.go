package engine

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/labels"
)

// TestOwnPast holds rules that read what they recorded earlier, evaluated over
// their range until they are stable, against stepping.
func TestOwnPast(t *testing.T) {
	for _, c := range []struct{ name, rule string }{
		{"every other instant", "{record: a, expr: 'x unless (a offset 1m)'}"},
		{"catches up", "{record: a, expr: '(x - x offset 1m) and on() present_over_time(a[1m] offset 30s) or (x - x offset 3m)'}"},
		{"only while it was there lately", "{record: a, expr: 'x > 3 or (x and count_over_time(a[2m] offset 1m) > 1)'}"},
		{"adds itself up, a round for each instant", "{record: a, expr: 'x + a offset 1m or x'}"},
		{"several series, with labels of the rule", "{record: a, labels: {b: c}, expr: 'y unless on (i) (a offset 2m)'}"},
		{"fails at an instant", "{record: a, expr: 'y + on (z) (a offset 1m) or y'}"},
		{"records what is there already", "{record: x, expr: 'x + x offset 1m'}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := readGroups(t, "groups: [{name: g, rules: ["+c.rule+"]}]")
			evaluate := func(exhaustive bool) string {
				s := NewStorage()
				for m := range int64(40) {
					_ = s.Append(labels.FromStrings("__name__", "x"), m*60_000, float64(m%7))
					_ = s.Append(labels.FromStrings("__name__", "y", "i", "1"), m*60_000, float64(m))
					_ = s.Append(labels.FromStrings("__name__", "y", "i", "2"), m*60_000, float64(m*m))
				}
				_, err := Run(context.Background(), NewPlan(list, nil), s, Options{
					Start: time.UnixMilli(0), End: time.UnixMilli(39 * 60_000), Interval: time.Minute, Exhaustive: exhaustive,
				})
				if err != nil {
					return err.Error()
				}
				return s.String()
			}
			if diff := cmp.Diff(evaluate(true), evaluate(false)); diff != "" {
				t.Errorf("(-stepped +over its range)\n%s", diff)
			}
		})
	}
}

// TestReadsPastOnly holds which rules are evaluated so.
func TestReadsPastOnly(t *testing.T) {
	for rule, want := range map[string]bool{
		"{record: a, expr: 'a offset 1m'}":                   true,
		"{record: a, expr: 'a'}":                             false,
		"{record: a, expr: 'a offset 1m + a'}":               false,
		"{record: a, expr: 'sum_over_time(a[5m])'}":          false,
		"{record: a, expr: 'rate(a[5m] offset 1m)'}":         true,
		"{record: a, expr: 'max_over_time(a[5m:1m])'}":       false,
		"{record: a, expr: 'a offset -1m'}":                  false,
		"{alert: A, expr: 'ALERTS offset 1m'}":               false,
		"{record: a, expr: '{__name__=~\"a|b\"} offset 5m'}": true,
	} {
		p := NewPlan(readGroups(t, "groups: [{name: g, rules: ["+rule+"]}]"), nil)
		if got := readsPastOnly(p.rules[0]); got != want {
			t.Errorf("%s: %v, want %v", rule, got, want)
		}
	}
}
