package simulate

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"slowburn/slo"
)

// TestGenerated holds the scenarios' predictions against rules as the workbook
// writes them, for objectives and scrape intervals of all sizes.
func TestGenerated(t *testing.T) {
	for _, objective := range []string{"0.9", "0.95", "0.99", "0.995", "0.999", "0.9999"} {
		for _, interval := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute} {
			t.Run(fmt.Sprintf("%s every %s", objective, interval), func(t *testing.T) {
				t.Parallel()
				proveGenerated(t, twoTiers(t, objective, interval))
			})
		}
	}
}

// proveGenerated wants every prediction of an SLO's scenarios to hold, and few
// to be too close to call.
func proveGenerated(t *testing.T, o *slo.SLO) {
	t.Helper()
	results, err := RunAll(context.Background(), generate(o, newPredictions()), groups(t, workbookRules(o)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	tooClose := 0
	for _, r := range results {
		if r.Prediction.Close {
			tooClose++
		}
		if !r.OK() {
			t.Errorf("%s: %s: predicted %s, observed %s\n%s", r.Scenario.Name, r.Prediction.Alert, r.Predicted(), r.Saw(), r.Timeline())
		}
	}
	if tooClose > 2 {
		t.Errorf("%d of %d predictions are too close to call", tooClose, len(results))
	}
}

// twoTiers is an SLO with the workbook's two tiers for pages.
func twoTiers(t *testing.T, objective string, interval time.Duration) *slo.SLO {
	t.Helper()
	o := workbookSLO(t, objective, "14.4", time.Hour, 5*time.Minute)
	slow := workbookSLO(t, objective, "6", 6*time.Hour, 30*time.Minute).Tiers[0]
	slow.Name, slow.Alert = "Slow", "Slow"
	o.Tiers = append(o.Tiers, slow)
	service := *o.Service
	service.ScrapeInterval, service.EvaluationInterval = interval, interval
	service.Absence.Enabled, service.Absence.For = true, 10*time.Minute
	o.Service = &service
	return o
}

// TestLateErrors holds that scenarios for what an indicator does not have are left out.
func TestLateErrors(t *testing.T) {
	has := func(o *slo.SLO) bool {
		for _, s := range generate(o, newPredictions()) {
			if s.Name == "late error series" {
				return true
			}
		}
		return false
	}
	list, _ := scenarios(t, "  - {name: a, slo: orders, outage: 5m, expect: {Fast: {}}}\n  - {name: b, slo: latency, outage: 5m, expect: {Fast: {}}}\n")
	if !has(list[0].SLO) || has(list[1].SLO) {
		t.Error("errors of an availability have series of their own, those of a histogram have not")
	}
}

// TestApportion holds that every event goes somewhere and that no series counts backwards.
func TestApportion(t *testing.T) {
	shares := []float64{0.42, 0.12, 0.06, 0.28, 0.08, 0.04}
	for _, n := range []float64{0, 1, 7, 1000, maxTold + 1} {
		a := apportion(n, shares)
		sum := 0.0
		for i := range shares {
			sum += a.count(i, n)
			for e := 1.0; e <= min(n, 1000); e++ {
				if a.count(i, e) < a.count(i, e-1) {
					t.Fatalf("series %d counts backwards at event %v", i, e)
				}
			}
		}
		if lost := n - sum; lost < 0 || lost > float64(len(shares)) || n <= maxTold && lost != 0 {
			t.Errorf("of %v events %v are lost", n, lost)
		}
	}
}

// TestNotation holds what is written against what Prometheus' parser reads.
func TestNotation(t *testing.T) {
	for _, c := range []struct {
		times  []int64
		values []float64
		want   string
	}{
		{[]int64{0, 30, 60, 90}, []float64{0, 5, 10, 15}, "0+5x3"},
		{[]int64{0, 30, 60, 90}, []float64{3, 3, 3, 7}, "3+0x2 7"},
		{[]int64{60, 90, 180}, []float64{1, 2, 9}, "_x2 1 2 _x2 9"},
		{[]int64{0, 30, 60, 90}, []float64{4, 8, 2, 4}, "4 8 2 4"},
	} {
		if got := (made{times: c.times, columns: [][]float64{c.values}, print: printFloat}).notation(30); got != c.want {
			t.Errorf("%v at %v: %q, want %q", c.values, c.times, got, c.want)
		}
	}
	// Counters that grow by fractions are made whole, so that adding up gives no reset.
	exact := summable([]float64{0, 4445.28, 8890.56, 13335.84, 1.5})
	if got := fmt.Sprint(exact); got != "[0 4445 8890 13335 1.5]" {
		t.Errorf("got %s", got)
	}
}

// TestReadings holds that a failing result shows what was compared.
func TestReadings(t *testing.T) {
	list, _ := scenarios(t, "  - {name: a, slo: orders, outage: 5m, expect: {Fast: {}}}\n")
	results, err := RunAll(context.Background(), list[:1], groups(t, strings.ReplaceAll(rules, "14.4", "144")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := results[0].Finding().Detail
	for _, want := range []string{
		"event     ·····▁▁▁▁▁",
		"expected  ···························████",
		"firing    ············································································",
		`(a) ratio1h{slo="orders"} > (144 * 0.005)`,
		"+4m30s",
	} {
		if !strings.Contains(text, want[:min(len(want), 60)]) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// TestFewEvents holds predictions for traffic at which every event counts.
func TestFewEvents(t *testing.T) {
	tooClose, all := 0, 0
	for seed := range uint64(120) {
		g := rand.New(rand.NewPCG(seed, 1))
		o := twoTiers(t, []string{"0.99", "0.999"}[g.IntN(2)], []time.Duration{15 * time.Second, 30 * time.Second, time.Minute}[g.IntN(3)])
		o.MinErrors = []int{0, 1, 3, 10, 50}[g.IntN(5)]
		f := frameOf(o)
		f.rate = []float64{5, 20, 100, 200, 600, 1000}[g.IntN(6)] / 3600
		errors, baseline := big.NewRat(int64(1+g.IntN(1000)), 1000), big.NewRat(int64(g.IntN(100)), 100_000)
		s := f.outage(time.Duration(1+g.IntN(60*7))*time.Minute, errors, baseline).predicted(newPredictions())
		s.Name = fmt.Sprint(seed)
		results, err := RunAll(context.Background(), []Scenario{s}, groups(t, workbookRules(o)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			all++
			if r.Prediction.Close {
				tooClose++
			}
			if !r.OK() {
				t.Errorf("%d: %s of errors, %s before, %v events an hour, guard %d, outage %s: %s: predicted %s (%v, %v), observed %s %v", seed, errors.FloatString(3), baseline.FloatString(5), f.rate*3600, o.MinErrors,
					s.Event.Length(), r.Prediction.Alert, r.Predicted(), r.Prediction.Possible, r.Prediction.Certain, r.Saw(), r.Observed)
			}
		}
	}
	if tooClose > all/3 {
		t.Errorf("%d of %d predictions are too close to call", tooClose, all)
	}
}
