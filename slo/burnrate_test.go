package slo

import (
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
	}
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
		{"1h at 36 resets after 57.84m", "0.999", "36", time.Hour, time.Hour, "1", 129600 * time.Millisecond, minutes(57.84)},
		{"14.4 over 1h + 5m", "0.999", "14.4", time.Hour, 5 * time.Minute, "1", 51840 * time.Millisecond, minutes(4.928)},
		{"6 over 6h + 30m", "0.999", "6", 6 * time.Hour, 30 * time.Minute, "1", 129600 * time.Millisecond, minutes(29.82)},
		{"3 over 1d + 2h", "0.999", "3", day, 2 * time.Hour, "1", 259200 * time.Millisecond, minutes(119.64)},
		{"1 over 3d + 6h", "0.999", "1", 3 * day, 6 * time.Hour, "1", 259200 * time.Millisecond, minutes(359.64)},
		{"15 % errors", "0.999", "14.4", time.Hour, 5 * time.Minute, "0.15", minutes(5.76), minutes(4.52)},
		{"99.5 %, 14.4 over 1h + 5m", "0.995", "14.4", time.Hour, 5 * time.Minute, "1", 259200 * time.Millisecond, minutes(4.64)},
	} {
		b := Burn{Budget: new(big.Rat).Sub(big.NewRat(1, 1), rat(c.objective)), Period: 30 * day, Long: c.long, Short: c.short}
		b.Share = new(big.Rat).Quo(rat(c.factor), ratioOf(b.Period, c.long))
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

func TestDetectionNever(t *testing.T) {
	b := Burn{Share: rat("0.02"), Budget: rat("0.001"), Period: 30 * day, Long: time.Hour, Short: 5 * time.Minute}
	if d, ok := b.Detection(rat("0.0144")); ok {
		t.Errorf("errors exactly at the threshold are detected after %s", d)
	}
	if _, ok := b.Detection(rat("0.0145")); !ok {
		t.Error("errors above the threshold are not detected")
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

func TestBudgetTime(t *testing.T) {
	b := Burn{Budget: rat("0.1"), Period: 30 * day}
	// One hour of outage at 90 % spends 1.389 % of the budget, so 72 h spend it all.
	if got := b.BudgetTime(); got != 72*time.Hour {
		t.Errorf("the budget lasts %s, want 72h", got)
	}
}
