package slo

import (
	"math"
	"math/big"
	"testing"
	"time"

	"slowburn/internal/spec"
)

const day = 24 * time.Hour

func rat(s string) *big.Rat {
	q, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return q
}

// TestFactor holds the factors of the SRE workbook (chapter 5, table 5-6) and
// what they become for other periods.
func TestFactor(t *testing.T) {
	for _, c := range []struct {
		share  string
		long   time.Duration
		period time.Duration
		want   string
	}{
		{"0.02", time.Hour, 30 * day, "14.4"},
		{"0.05", 6 * time.Hour, 30 * day, "6"},
		{"0.1", day, 30 * day, "3"},
		{"0.1", 3 * day, 30 * day, "1"},
		{"0.02", time.Hour, 28 * day, "13.44"},
		{"0.05", 6 * time.Hour, 28 * day, "5.6"},
		{"0.1", day, 28 * day, "2.8"},
		{"0.1", 3 * day, 28 * day, "0.9333"},
		{"0.02", time.Hour, 7 * day, "3.36"},
		{"0.05", time.Hour, 30 * day, "36"},
	} {
		b := Burn{Share: rat(c.share), Period: c.period, Long: c.long}
		if got := spec.FormatDecimal(b.Factor()); got != c.want {
			t.Errorf("%s of %s in %s: factor %s, want %s", c.share, c.period, c.long, got, c.want)
		}
		if share := ShareOf(b.Factor(), c.long, c.period); share.Cmp(b.Share) != 0 {
			t.Errorf("a factor of %s over %s is %s of the budget of %s, want %s", c.want, c.long, share, c.period, c.share)
		}
	}
}

// burnAt is a tier over 30d that is given by its factor, as the book does.
func burnAt(objective, factor string, long, short time.Duration) Burn {
	b := Burn{Budget: new(big.Rat).Sub(big.NewRat(1, 1), rat(objective)), Period: 30 * day, Long: long, Short: short}
	b.Share = new(big.Rat).Quo(rat(factor), ratioOf(b.Period, long))
	return b
}

// TestDetectionAndReset holds exact values; the book rounds some of them.
func TestDetectionAndReset(t *testing.T) {
	for _, c := range []struct {
		name        string
		objective   string
		factor      string
		long, short time.Duration
		errors      string
		detection   time.Duration
		reset       time.Duration
	}{
		{"10m window, factor 1", "0.999", "1", 10 * time.Minute, 10 * time.Minute, "1", 600 * time.Millisecond, 599400 * time.Millisecond},
		{"36h window, factor 1", "0.999", "1", 36 * time.Hour, 36 * time.Hour, "1", 129600 * time.Millisecond, minutes(2157.84)},
		{"10m window, factor 1, no short one", "0.999", "1", 10 * time.Minute, 0, "1", 600 * time.Millisecond, 599400 * time.Millisecond},
		{"36h window, factor 1, no short one", "0.999", "1", 36 * time.Hour, 0, "1", 129600 * time.Millisecond, minutes(2157.84)},
		{"1h at 36, no short one", "0.999", "36", time.Hour, 0, "1", 129600 * time.Millisecond, minutes(57.84)},
		{"1h at 36 resets after 57.84m", "0.999", "36", time.Hour, time.Hour, "1", 129600 * time.Millisecond, minutes(57.84)},
		{"14.4 over 1h + 5m", "0.999", "14.4", time.Hour, 5 * time.Minute, "1", 51840 * time.Millisecond, minutes(4.928)},
		{"6 over 6h + 30m", "0.999", "6", 6 * time.Hour, 30 * time.Minute, "1", 129600 * time.Millisecond, minutes(29.82)},
		{"3 over 1d + 2h", "0.999", "3", day, 2 * time.Hour, "1", 259200 * time.Millisecond, minutes(119.64)},
		{"1 over 3d + 6h", "0.999", "1", 3 * day, 6 * time.Hour, "1", 259200 * time.Millisecond, minutes(359.64)},
		{"15 % errors", "0.999", "14.4", time.Hour, 5 * time.Minute, "0.15", minutes(5.76), minutes(4.52)},
		{"99.5 %, 14.4 over 1h + 5m", "0.995", "14.4", time.Hour, 5 * time.Minute, "1", 259200 * time.Millisecond, minutes(4.64)},
	} {
		b := burnAt(c.objective, c.factor, c.long, c.short)
		got, ok := b.Detection(rat(c.errors))
		if !ok || got != c.detection {
			t.Errorf("%s: detected after %s (%v), want %s", c.name, got, ok, c.detection)
		}
		if got := b.Reset(rat(c.errors)); got != c.reset {
			t.Errorf("%s: reset after %s, want %s", c.name, got, c.reset)
		}
	}
}

func minutes(m float64) time.Duration { return time.Duration(m*60_000+0.5) * time.Millisecond }

// TestFullOutage holds when an alert fires and clears in a full outage, also where events are slices of time.
func TestFullOutage(t *testing.T) {
	for _, c := range []struct {
		objective, factor  string
		long, short, slice time.Duration
		fires, clears      time.Duration
	}{
		{"0.99", "14.4", time.Hour, 5 * time.Minute, 0, 518400 * time.Millisecond, 256800 * time.Millisecond},
		{"0.99", "14.4", time.Hour, 5 * time.Minute, time.Minute, 9 * time.Minute, 5 * time.Minute},
		{"0.99", "6", 6 * time.Hour, 30 * time.Minute, time.Minute, 22 * time.Minute, 29 * time.Minute},
		{"0.99", "10", time.Hour, 10 * time.Minute, time.Minute, 7 * time.Minute, 9 * time.Minute}, // six of sixty are not more than a tenth
		{"0.995", "14.4", time.Hour, 5 * time.Minute, 15 * time.Second, 270 * time.Second, 285 * time.Second},
		{"0.99", "14.4", time.Hour, 0, time.Minute, 9 * time.Minute, 52 * time.Minute},
	} {
		b := burnAt(c.objective, c.factor, c.long, c.short)
		fires, clears, ok := b.FullOutage(c.slice)
		if !ok || fires != c.fires || clears != c.clears {
			t.Errorf("%s at %s over %s and %s by %s: fires after %s, clears after %s (%v); want %s and %s", c.factor, c.objective, c.long, c.short, c.slice, fires, clears, ok, c.fires, c.clears)
		}
	}
	if _, _, ok := burnAt("0.9", "14.4", time.Hour, 5*time.Minute).FullOutage(time.Minute); ok {
		t.Error("14.4 at 90 % fires")
	}
}

func TestDetectionNever(t *testing.T) {
	b := Burn{Share: rat("0.02"), Budget: rat("0.001"), Period: 30 * day, Long: time.Hour, Short: 5 * time.Minute}
	if d, ok := b.Detection(rat("0.0144")); ok {
		t.Errorf("errors exactly at the threshold are detected after %s", d)
	}
	if _, ok := b.Detection(rat("0.0145")); !ok {
		t.Error("errors above the threshold are not detected")
	}
	// The book's "5 % of the budget in 1h" does not see a burn of 35, which spends all of it in 20.57 h.
	b = burnAt("0.999", "36", time.Hour, 0)
	if d, ok := b.Detection(rat("0.035")); ok {
		t.Errorf("a burn of 35 is detected at 36 after %s", d)
	}
}

// TestLeastObjective holds the least objectives at which each factor can be exceeded.
func TestLeastObjective(t *testing.T) {
	for _, c := range []struct {
		factor, least string
	}{{"14.4", "93.06"}, {"6", "83.33"}, {"3", "66.67"}} {
		least := LeastObjective(rat(c.factor))
		if got := new(big.Rat).Mul(least, big.NewRat(100, 1)).FloatString(2); got != c.least {
			t.Errorf("factor %s needs %s %%, want %s", c.factor, got, c.least)
		}
	}
	b := Burn{Share: rat("0.02"), Budget: rat("0.1"), Period: 30 * day, Long: time.Hour}
	if got := spec.FormatDecimal(b.Threshold()); got != "1.44" {
		t.Errorf("90 %% at 14.4: threshold %s, want 1.44", got)
	}
	if after, ok := b.Detection(big.NewRat(1, 1)); ok {
		t.Errorf("90 %% at 14.4: a full outage is detected after %s, want never", after)
	}
}

// TestWindows holds the book's example of both windows (chapter 5,
// "Multiwindow, multi-burn-rate alerts"):
// 15 % of errors for 10 minutes, seen by 14.4 over 1h and 5m at 99.9 %.
func TestWindows(t *testing.T) {
	b, none, e := burnAt("0.999", "14.4", time.Hour, 5*time.Minute), new(big.Rat), rat("0.15")
	for _, c := range []struct {
		window          time.Duration
		crosses, clears time.Duration
	}{
		{b.Short, 28800 * time.Millisecond, minutes(4.52)},
		{b.Long, minutes(5.76), minutes(54.24)},
	} {
		if got, ok := b.Crossing(c.window, none, e); !ok || got != c.crosses {
			t.Errorf("the window of %s crosses at %s (%v), want %s", c.window, got, ok, c.crosses)
		}
		if got := b.Clearing(c.window, e); got != c.clears {
			t.Errorf("the window of %s clears after %s, want %s", c.window, got, c.clears)
		}
	}
}

// TestDetectionFrom holds what errors before the outage do to its detection.
func TestDetectionFrom(t *testing.T) {
	b := burnAt("0.999", "14.4", time.Hour, 5*time.Minute)
	for _, c := range []struct {
		name, before, errors string
		want                 time.Duration
		fires                bool
	}{
		{"none", "0", "1", 51840 * time.Millisecond, true},
		{"at the budget's rate", "0.001", "1", 48288288288, true}, // 3600 s · 0.0134 / 0.999
		{"at half of the threshold", "0.0072", "0.0216", 30 * time.Minute, true},
		{"just at the threshold", "0.0144", "1", 0, true},
		{"above the threshold already", "0.02", "1", 0, true},
		{"errors that become fewer, and still too many", "0.5", "0.02", 0, true},
		{"at the threshold and staying there", "0.0144", "0.0144", 0, false},
		{"too few errors", "0.001", "0.0144", 0, false},
	} {
		got, ok := b.DetectionFrom(rat(c.before), rat(c.errors))
		if ok != c.fires || got != c.want {
			t.Errorf("%s: detected after %s (%v), want %s (%v)", c.name, got, ok, c.want, c.fires)
		}
	}
}

// TestBudget holds what errors spend, and how long the budget lasts.
func TestBudget(t *testing.T) {
	for _, c := range []struct {
		name, objective, errors string
		d                       time.Duration
		rate, spent             string
		lasts                   time.Duration
	}{
		{"0.1 % for 10m", "0.999", "0.001", 10 * time.Minute, "1", "0.0231%", 30 * day},
		{"a burn of 35", "0.999", "0.035", time.Hour, "35", "4.8611%", 74057142857143}, // 20.57 h
		{"1 of 10 requests of an hour failed", "0.999", "0.1", time.Hour, "100", "13.8889%", 7*time.Hour + 12*time.Minute},
		{"1h of outage", "0.9", "1", time.Hour, "10", "1.3889%", 72 * time.Hour},
		{"the whole period at the budget's rate", "0.995", "0.005", 30 * day, "1", "100%", 30 * day},
		{"until 14.4 over 1h fires in an outage", "0.995", "1", 259200 * time.Millisecond, "200", "2%", 3*time.Hour + 36*time.Minute},
	} {
		b := Burn{Budget: new(big.Rat).Sub(big.NewRat(1, 1), rat(c.objective)), Period: 30 * day}
		if got := spec.FormatDecimal(b.Rate(rat(c.errors))); got != c.rate {
			t.Errorf("%s: burns %s times too fast, want %s", c.name, got, c.rate)
		}
		if got := spec.FormatPercent(b.Spent(rat(c.errors), c.d)); got != c.spent {
			t.Errorf("%s: %s of the budget is spent, want %s", c.name, got, c.spent)
		}
		if got := b.Lasts(rat(c.errors)); got != c.lasts {
			t.Errorf("%s: the budget lasts %s, want %s", c.name, got, c.lasts)
		}
	}
}

// TestSpentAtDetection holds that the alert fires when the share is spent that
// the spec asks for, whatever the error ratio.
func TestSpentAtDetection(t *testing.T) {
	for _, c := range []struct {
		factor string
		long   time.Duration
		want   string
	}{{"14.4", time.Hour, "2%"}, {"6", 6 * time.Hour, "5%"}, {"3", day, "10%"}, {"1", 3 * day, "10%"}, {"36", time.Hour, "5%"}} {
		b := burnAt("0.999", c.factor, c.long, 0)
		if got := spec.FormatPercent(b.SpentAtDetection()); got != c.want {
			t.Errorf("%s over %s: %s is spent, want %s", c.factor, c.long, got, c.want)
		}
		for _, e := range []string{"1", "0.5", "0.04"} {
			d, _ := b.Detection(rat(e))
			if got := spec.FormatPercent(b.Spent(rat(e), d)); got != c.want {
				t.Errorf("%s over %s at a ratio of %s: %s is spent, want %s", c.factor, c.long, e, got, c.want)
			}
		}
	}
}

// TestLeastTraffic holds the traffic below which one failure pages, or a guard outvotes the threshold.
func TestLeastTraffic(t *testing.T) {
	for _, c := range []struct {
		objective, factor string
		long              time.Duration
		k                 int
		want              string
	}{
		{"0.999", "14.4", time.Hour, 1, "69.4444"},
		{"0.995", "14.4", time.Hour, 1, "13.8889"},
		{"0.995", "6", 6 * time.Hour, 1, "5.5556"},
		{"0.99", "14.4", time.Hour, 5, "34.7222"},
		{"0.999", "1", 3 * day, 20, "277.7778"},
	} {
		b := burnAt(c.objective, c.factor, c.long, 0)
		if got := spec.FormatDecimal(b.LeastTraffic(c.k)); got != c.want {
			t.Errorf("%s at %s over %s with %d errors: %s events an hour, want %s", c.objective, c.factor, c.long, c.k, got, c.want)
		}
	}
	// At 99.9 %, one failure among 69 requests of an hour pages, and among 70 it does not.
	b := burnAt("0.999", "14.4", time.Hour, 5*time.Minute)
	if _, ok := b.Detection(big.NewRat(1, 69)); !ok {
		t.Error("1 of 69 does not fire")
	}
	if _, ok := b.Detection(big.NewRat(1, 70)); ok {
		t.Error("1 of 70 fires")
	}
}

func TestGuardTime(t *testing.T) {
	b := burnAt("0.995", "14.4", time.Hour, 5*time.Minute)
	for _, c := range []struct {
		k       int
		traffic string
		want    time.Duration
		fires   bool
	}{
		{20, "10", 2 * time.Hour, false},
		{20, "20", time.Hour, true},
		{20, "100", 12 * time.Minute, true},
		{20, "10000", 7200 * time.Millisecond, true},
		{1, "0.5", 2 * time.Hour, true},
	} {
		if got, ok := b.GuardTime(c.k, rat(c.traffic)); got != c.want || ok != c.fires {
			t.Errorf("%d failures at %s an hour: %s (%v), want %s (%v)", c.k, c.traffic, got, ok, c.want, c.fires)
		}
	}
}

func TestBudgetTime(t *testing.T) {
	b := Burn{Budget: rat("0.1"), Period: 30 * day}
	// One hour of outage at 90 % spends 1.389 % of the budget, so 72 h spend it all.
	if got := b.BudgetTime(); got != 72*time.Hour {
		t.Errorf("the budget lasts %s, want 72h", got)
	}
	// A burn too slow to matter does not overflow.
	if got := b.Lasts(rat("0.000000000001")); got != math.MaxInt64 {
		t.Errorf("the budget lasts %s, want the most that a duration holds", got)
	}
}
