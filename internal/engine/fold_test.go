package engine

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/engine/enginetest"
)

// both evaluates a recording rule r over range, folded and not, and returns
// what it records.
func both(t testing.TB, text string, opts Options, series []enginetest.Series) (folded, plain map[string][]string) {
	t.Helper()
	evaluate := func(exhaustive bool) map[string][]string {
		s := fill(t, series...)
		opts.Exhaustive = exhaustive
		if _, err := Run(context.Background(), NewPlan(readGroups(t, "groups: [{name: g, rules: [{record: r, expr: '"+text+"'}]}]"), nil), s, opts); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return recorded(s, "r")
	}
	return evaluate(false), evaluate(true)
}

// TestFolding compares folded calls with Prometheus' engine, bit for bit.
func TestFolding(t *testing.T) {
	samples := 0
	for seed := range uint64(500) {
		g := enginetest.New(seed, enginetest.Shape{Odd: enginetest.Pick(enginetest.New(seed, enginetest.Usual), 0, 0, 20)})
		pick := func(of ...string) string { return enginetest.Pick(g, of...) }
		window := func() string {
			return fmt.Sprintf("%dms", enginetest.Pick(g, 1, 14_999, 30_000, 45_000, 60_000, 90_000, 300_000, 1+g.IntN(400_000)))
		}
		offset := pick("", "", " offset "+window())
		text := pick("rate", "increase", "sum_over_time", "count_over_time", "last_over_time") + "(" + pick("c", "g") + "[" + window() + "]" + offset + ")"
		for range g.IntN(3) {
			text = pick("max_over_time", "sum_over_time", "last_over_time") + "(" + text + "[" + window() + ":" + pick("", "7s", "1m", "59999ms") + "]" + pick("", " offset "+window()) + ")"
		}
		text = pick("", "absent", "sum", "timestamp", "-") + "(" + text + ")" + pick("", " or vector(1)", " > 0")
		from := start.Add(g.Duration(time.Minute))
		opts := Options{Start: from, End: from.Add(20 * time.Minute), Interval: enginetest.Pick(g, 13*time.Second, time.Minute)}
		folded, plain := both(t, text, opts, g.Series(from.Add(-5*time.Minute), from.Add(25*time.Minute)))
		if diff := cmp.Diff(plain, folded); diff != "" {
			t.Errorf("%d: %s (-plain +folded)\n%s", seed, text, diff)
		}
		for _, lines := range plain {
			samples += len(lines)
		}
	}
	if samples < 10_000 {
		t.Errorf("only %d samples were compared", samples)
	}
}

// TestFoldingSums does so with sums that no float holds exactly. Prometheus adds
// up with a compensation, which is right to the last bit in all but rare cases;
// then the folded sum may differ, by that bit.
func TestFoldingSums(t *testing.T) {
	samples, differ := 0, 0
	for seed := range uint64(60) {
		g := enginetest.New(seed, enginetest.Shape{})
		x := enginetest.Series{Labels: metric("x")}
		for i := range 200 {
			v := g.NormFloat64() * math.Pow(10, float64(g.IntN(12)-4))
			x.Samples = append(x.Samples, enginetest.Sample{T: start.Add(time.Duration(i) * 10 * time.Second).UnixMilli(), F: v})
		}
		opts := Options{Start: start, End: start.Add(30 * time.Minute), Interval: 10 * time.Second}
		folded, plain := both(t, fmt.Sprintf("sum_over_time(x[%ds])", 10+g.IntN(1500)), opts, []enginetest.Series{x})
		want, got := plain[`{__name__="r"}`], folded[`{__name__="r"}`]
		if len(want) == 0 || len(want) != len(got) {
			t.Fatalf("%d samples, folded %d", len(want), len(got))
		}
		for i := range want {
			samples++
			if want[i] != got[i] {
				differ++
				if ulps := bitsOf(t, want[i]) - bitsOf(t, got[i]); ulps < -1 || ulps > 1 {
					t.Errorf("%s, folded %s", want[i], got[i])
				}
			}
		}
	}
	t.Logf("%d of %d sums differ, by one bit", differ, samples)
	if differ*1000 > samples {
		t.Errorf("%d of %d sums differ", differ, samples)
	}
}

func bitsOf(t testing.TB, line string) (bits int64) {
	t.Helper()
	if _, err := fmt.Sscanf(line[strings.Index(line, "(")+1:], "%x", &bits); err != nil {
		t.Fatal(err)
	}
	return bits
}

// TestWhatIsFolded wants calls to be folded where they can be, and only there.
func TestWhatIsFolded(t *testing.T) {
	series := []enginetest.Series{
		every(time.Minute, metric("x"), 1, 2, Stale),
		every(time.Minute, metric("infinite"), 1, math.Inf(1)),
		every(time.Minute, metric("undefined"), 1, math.NaN()),
		{Labels: metric("native"), Samples: []enginetest.Sample{{T: start.UnixMilli(), H: enginetest.NativeHistogram(1)}}},
	}
	for _, c := range []struct{ expr, want string }{
		{"rate(x[5m])", "+0"},
		{"sum by (l) (rate(x[5m])) / (sum(increase(y[5m] offset 1m)))", "sum by (l) (+0) / (sum(+1))"},
		{"max_over_time(rate(x[5m])[1h:1m])", "max_over_time(+0[1h:1m])"},
		{"topk(scalar(count_over_time(x[1m])), -rate(x[5m]))", "topk(scalar(+1), -+0)"},
		{"sum_over_time(x[1h:1m])", "sum_over_time(x[1h:1m])"},
		{"avg_over_time(x[1h])", "avg_over_time(x[1h])"},
		{"rate(x[5m] @ 100)", "rate(x[5m] @ 100)"},
		{"rate({job='a'}[5m])", `rate({job="a"}[5m])`},
		{"rate(native[5m])", "rate(native[5m])"},
		{"rate(infinite[5m])", "rate(infinite[5m])"},
		{"sum_over_time(undefined[5m])", "sum_over_time(undefined[5m])"},
		{`rate(x{l="slowburn folded call"}[5m])`, `rate(x{l="slowburn folded call"}[5m])`},
	} {
		plan := NewPlan(readGroups(t, unchecked(strings.ReplaceAll(c.expr, `"`, `'`))), nil)
		text, _ := fold(plan.rules[0], fill(t, series...), grid{0, 1, 1}, time.Minute)
		for i := range 2 {
			text = strings.ReplaceAll(text, fmt.Sprintf(`{"%s"="%d"}`, foldedLabel, i), fmt.Sprint(i))
		}
		if strings.ReplaceAll(text, "'", `"`) != c.want {
			t.Errorf("%s: %s, want %s", c.expr, text, c.want)
		}
	}
}
