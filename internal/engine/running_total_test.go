package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/rulefile"
)

// addsUp is a running total over what %s adds, as far back as the others say.
const addsUp = "%[1]s + (last_over_time(a%[2]s[20m]) or last_over_time(a%[2]s[3h:10m])) or last_over_time(a%[2]s[5m]) or %[1]s"

// TestRunningTotal wants running totals that are added up to be those that
// stepping records: with gaps in what is added, and evaluations that are missed.
func TestRunningTotal(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		rule := fmt.Sprintf("{record: a, labels: {l: b}, expr: '"+addsUp+"'}", "x", `{l="b"}`)
		groups := readGroups(t, "groups: [{name: g, interval: 1m, query_offset: "+[]string{"0s", "30s"}[r.IntN(2)]+", rules: ["+rule+"]}]")
		phase, minutes := int64(r.IntN(60)), 30+r.IntN(300)
		missed := gaps(r, minutes)
		absent := [2][]bool{gaps(r, minutes), gaps(r, minutes)}
		goesOn := r.IntN(2) == 0
		evaluate := func(exhaustive bool) string {
			s := NewStorage()
			for m := range minutes {
				for i, of := range absent {
					if lset := labels.FromStrings("__name__", "x", "l", "b", "i", fmt.Sprint(i)); of[m] {
						_ = s.Append(lset, int64(m)*60_000-1, Stale)
					} else {
						_ = s.Append(lset, int64(m)*60_000-1, float64(m)/7)
					}
				}
			}
			if goesOn {
				_ = s.Append(labels.FromStrings("__name__", "a", "l", "b", "i", "0"), -120*60_000, 100)
				_ = s.Append(labels.FromStrings("__name__", "a", "l", "b", "i", "2"), -60_000, 300)
			}
			start := time.UnixMilli(phase * 1000)
			_, err := Run(context.Background(), NewPlan(groups, nil), s, Options{
				Start: start, End: start.Add(time.Duration(minutes) * time.Minute), Interval: time.Minute, Exhaustive: exhaustive,
				Missed: func(_ *rulefile.Group, at time.Time) bool { return missed[int(at.Sub(start)/time.Minute)%minutes] },
			})
			if err != nil {
				return err.Error()
			}
			return s.String()
		}
		if diff := cmp.Diff(evaluate(true), evaluate(false)); diff != "" {
			t.Fatalf("seed %d (-stepped +added up)\n%s", seed, diff)
		}
	}
}

// gaps are minutes of which some are chosen, in runs.
func gaps(r *rand.Rand, minutes int) []bool {
	chosen := make([]bool, minutes)
	for range r.IntN(4) {
		from, length := r.IntN(minutes), []int{1, 4, 7, 25, 70}[r.IntN(5)]
		for m := from; m < min(minutes, from+length); m++ {
			chosen[m] = true
		}
	}
	return chosen
}

// TestRunningTotalOf holds which rules are added up.
func TestRunningTotalOf(t *testing.T) {
	total := fmt.Sprintf(addsUp, "x", "")
	for rule, want := range map[string]bool{
		"{record: a, expr: '" + total + "'}":                                                                                                true,
		"{record: b, expr: '" + total + "'}":                                                                                                false,
		"{alert: a, expr: '" + total + "'}":                                                                                                 false,
		"{record: a, expr: '" + fmt.Sprintf(addsUp, "sum(a)", "") + "'}":                                                                    false,
		"{record: a, expr: '" + fmt.Sprintf(addsUp, "sum(x)", "") + "'}":                                                                    true,
		"{record: a, expr: 'x + last_over_time(a[20m]) or last_over_time(a[5m]) or x'}":                                                     false,
		"{record: a, expr: 'x + on () (last_over_time(a[20m]) or last_over_time(a[3h:10m])) or last_over_time(a[5m]) or x'}":                false,
		"{record: a, expr: 'x + (last_over_time(a[20m]) or last_over_time(a[3h:10m] offset 1h)) or last_over_time(a[5m]) or x'}":            false,
		"{record: a, expr: 'x + (last_over_time(a[20m]) or last_over_time(a[3h:10m])) or last_over_time(a[5m]) or y'}":                      false,
		"{record: a, expr: 'x + (last_over_time(a[20m]) or last_over_time(a{l=\"b\"}[3h:10m])) or last_over_time(a[5m]) or x'}":             false,
		"{record: a, expr: 'x + (last_over_time(a[20m]) or max_over_time(a[3h:10m])) or last_over_time(a[5m]) or x'}":                       false,
		"{record: a, expr: 'x - (last_over_time(a[20m]) or last_over_time(a[3h:10m])) or last_over_time(a[5m]) or x'}":                      false,
		"{record: a, expr: 'x + (last_over_time(a[20m]) or last_over_time(a[3h:10m])) unless last_over_time(a[5m]) or x'}":                  false,
		"{record: a, expr: 'x + (last_over_time(a[2m]) or last_over_time(a[3h:10m])) or last_over_time(a[5m]) or x'}":                       false,
		"{record: a, expr: 'x + (last_over_time(a[20m]) or last_over_time((a > 1)[3h:10m])) or last_over_time(a[5m]) or x'}":                false,
		"{record: a, expr: '(x + (last_over_time(a[20m]) or last_over_time(a[3h:10m]))) or (last_over_time(a[5m])) or x'}":                  true,
		"{record: a, expr: 'x + (last_over_time(a[20m]) or last_over_time(a[3h:10m])) or last_over_time(a[5m] @ 100) or x'}":                false,
		"{record: a, expr: 'x offset -1m + (last_over_time(a[20m]) or last_over_time(a[3h:1m])) or last_over_time(a[5m]) or x offset -1m'}": false,
	} {
		p := NewPlan(readGroups(t, "groups: [{name: g, rules: ["+rule+"]}]"), nil)
		if _, got := runningTotalOf(p.rules[0]); got != want {
			t.Errorf("%s: %v, want %v", rule, got, want)
		}
	}
}
