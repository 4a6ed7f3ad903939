package unittest

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/engine"
)

// TestEvents holds the number of events against counts made by hand.
func TestEvents(t *testing.T) {
	h := time.Hour
	for _, c := range []struct {
		name     string
		p        traffic
		from, to time.Duration
		want     float64
	}{
		{"a constant rate", traffic{rate: 2}, 0, time.Minute, 120},
		{"nothing", traffic{}, 0, h, 0},
		{"no time", traffic{rate: 2}, h, h, 0},
		{"a night without events", traffic{rate: 1, night: &night{0, 22 * h, 6 * h}}, 0, 24 * h, 16 * 3600},
		{"a night that begins within", traffic{rate: 1, night: &night{0.5, 22 * h, 6 * h}}, 21 * h, 23 * h, 3600 + 1800},
		{"a night over several days", traffic{rate: 1, night: &night{0.01, 22 * h, 6 * h}}, 0, 72 * h, 3 * (16*3600 + 0.01*8*3600)},
		{"a night at noon", traffic{rate: 1, night: &night{3, 12 * h, 13 * h}}, 0, 24 * h, 26 * 3600},
		{"a day that begins at noon", traffic{rate: 1, night: &night{0, 22 * h, 6 * h}, midnight: 12 * h}, 0, 12 * h, 10 * 3600},
		{"a burst", traffic{rate: 1, bursts: []burst{{at: h, length: 5 * time.Minute, times: 10}}}, 0, 2 * h, 7200 + 9*300},
		{"a part of a burst", traffic{rate: 1, bursts: []burst{{at: h, length: 10 * time.Minute, times: 0}}}, h + 5*time.Minute, h + 15*time.Minute, 300},
		{"a burst every hour", traffic{rate: 1, bursts: []burst{{at: h, length: time.Minute, every: h, times: 2}}}, 0, 4 * h, 4*3600 + 3*60},
		{"two bursts at once", traffic{rate: 1, bursts: []burst{{at: 0, length: h, times: 2}, {at: 0, length: h, times: 3}}}, 0, h, 6 * 3600},
		{"a ramp", traffic{rate: 0, ramps: []ramp{{0, 100 * time.Second, 10}}}, 0, 100 * time.Second, 500},
		{"a ramp and after", traffic{rate: 10, ramps: []ramp{{10 * time.Second, 20 * time.Second, 0}}}, 0, time.Minute, 100 + 50},
		{"within a ramp", traffic{rate: 0, ramps: []ramp{{0, 100 * time.Second, 10}}}, 50 * time.Second, 60 * time.Second, 55},
		{"two ramps", traffic{rate: 0, ramps: []ramp{{0, 10 * time.Second, 10}, {20 * time.Second, 30 * time.Second, 20}}}, 0, 40 * time.Second, 50 + 100 + 150 + 200},
		{"all of it", traffic{rate: 10, ramps: []ramp{{0, h, 20}}, night: &night{0.5, 0, 30 * time.Minute}, bursts: []burst{{at: 45 * time.Minute, length: 15 * time.Minute, times: 2}}},
			0, h, 0.5*1800*12.5 + 900*(15+17.5)/2 + 2*900*(17.5+20)/2},
	} {
		if got := c.p.events(c.from, c.to); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("%s: %v events, want %v", c.name, got, c.want)
		}
	}
}

// TestEventsAddUp holds that the events of parts are those of the whole,
// whatever the parts, and that they are the integral of the rate.
func TestEventsAddUp(t *testing.T) {
	p := traffic{
		rate: 3, ramps: []ramp{{time.Hour, 3 * time.Hour, 11}, {3 * time.Hour, 4 * time.Hour, 1}}, night: &night{0.1, 90 * time.Minute, 30 * time.Minute},
		bursts: []burst{{7 * time.Minute, 11 * time.Minute, 31 * time.Minute, 4}},
	}
	whole := p.events(0, 5*time.Hour)
	for _, step := range []time.Duration{time.Second, 7 * time.Second, 13 * time.Minute} {
		parts, sum := 0.0, 0.0
		for at := time.Duration(0); at < 5*time.Hour; at += step {
			end := min(at+step, 5*time.Hour)
			parts += p.events(at, end)
			sum += p.at(at+(end-at)/2) * (end - at).Seconds()
		}
		if math.Abs(parts-whole) > 1e-6 {
			t.Errorf("in steps of %s there are %v events, in one %v", step, parts, whole)
		}
		if step == time.Second && math.Abs(sum-whole) > 1e-3*whole {
			t.Errorf("the rates add up to %v events, there are %v", sum, whole)
		}
	}
}

// scraped is a profile as series notation would have it.
func scraped(lives []life) string {
	var b strings.Builder
	for i, l := range lives {
		if i > 0 {
			b.WriteString(" | ")
		}
		for j, p := range l {
			if j > 0 {
				b.WriteString(" ")
			}
			if math.Float64bits(p.value) == math.Float64bits(engine.Stale) {
				fmt.Fprintf(&b, "%d:stale", p.at/1000)
				continue
			}
			fmt.Fprintf(&b, "%d:%g", p.at/1000, p.value)
		}
	}
	return b.String()
}

// TestScrape holds what scrapes see of counters that reset, pause and are replaced.
func TestScrape(t *testing.T) {
	s := time.Second
	one := traffic{rate: 1}
	for _, c := range []struct {
		name string
		p    profile
		want string
	}{
		{"a counter", profile{traffic: one, length: 45 * s}, "0:0 15:15 30:30 45:45"},
		{"it ends before a scrape", profile{traffic: one, length: 44 * s}, "0:0 15:15 30:30"},
		{"a reset loses what was not scraped", profile{traffic: one, length: 45 * s, resets: []time.Duration{20 * s}}, "0:0 15:15 30:10 45:25"},
		{"a reset at a scrape", profile{traffic: one, length: 45 * s, resets: []time.Duration{15 * s}}, "0:0 15:0 30:15 45:30"},
		{"two resets between scrapes", profile{traffic: one, length: 30 * s, resets: []time.Duration{16 * s, 29 * s}}, "0:0 15:15 30:1"},
		{"a gap", profile{traffic: one, length: 60 * s, gaps: []span{{15 * s, 45 * s}}}, "0:0 45:45 60:60"},
		{"another series", profile{traffic: one, length: 60 * s, churn: 25 * s}, "0:0 15:15 30:stale | 30:5 45:20 60:stale | 60:10"},
		{"another series in a gap", profile{traffic: one, length: 60 * s, churn: 25 * s, gaps: []span{{30 * s, 40 * s}}}, "0:0 15:15 45:stale | 45:20 60:stale | 60:10"},
		{"a gauge", profile{traffic: traffic{rate: 4, ramps: []ramp{{0, 60 * s, 0}}}, gauge: true, length: 60 * s}, "0:4 15:3 30:2 45:1 60:0"},
	} {
		if diff := cmp.Diff(c.want, scraped(c.p.scrape(15*s))); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}

// TestPoisson holds mean and variance, which are the same, over both samplers,
// and that a seed always draws the same.
func TestPoisson(t *testing.T) {
	for _, mean := range []float64{0.01, 0.5, 3, 9.99, 10, 25, 1000, 1e6} {
		p, same := newPoisson(7), newPoisson(7)
		const n = 100_000
		sum, squares := 0.0, 0.0
		for range n {
			k := p.draw(mean)
			if k != same.draw(mean) || k < 0 || k != math.Trunc(k) {
				t.Fatalf("mean %v: drew %v", mean, k)
			}
			sum += k
			squares += (k - mean) * (k - mean)
		}
		// Five standard errors: the mean's is √(λ/n), the variance's √((2λ²+λ)/n).
		if got := sum / n; math.Abs(got-mean) > 5*math.Sqrt(mean/n) {
			t.Errorf("mean %v: got %v", mean, got)
		}
		if got := squares / n; math.Abs(got-mean) > 5*math.Sqrt((2*mean*mean+mean)/n) {
			t.Errorf("variance %v: got %v", mean, got)
		}
	}
	if newPoisson(1).draw(0) != 0 || newPoisson(1).draw(1e17) != 1e17 {
		t.Error("no events, or too many to count")
	}
}

// TestProfiles runs tests over profiles.
func TestProfiles(t *testing.T) {
	const head = "tests:\n- interval: 15s\n  input_series:\n  - {series: 'x_total{pod=\"web\"}', profile: "
	const tail = "}\n  promql_expr_test: [{eval_time: 1h, expr: "
	for _, c := range []struct {
		name, profile, assert string
		want                  []string
	}{
		{"a count is what it is", "{rate: 0.2}", "x_total, exp_samples: [{labels: 'x_total{pod=\"web\"}', value: 720}]}]\n", nil},
		{"churn", "{rate: 1, churn: {every: 30m, label: pod}}", "x_total, exp_samples: [{labels: 'x_total{pod=\"web-2\"}', value: 0}]}]\n", nil},
		{"churned series are stale", "{rate: 1, churn: {every: 31m, label: pod}}", "x_total offset 20m, exp_samples: [{labels: 'x_total{pod=\"web-1\"}', value: 540}]}]\n", nil},
		{"for", "{rate: 1, for: 10m}", "'count_over_time(x_total[1h])', exp_samples: [{labels: '{pod=\"web\"}', value: 40}]}]\n", nil},
		{"a gauge", "{rate: 3, gauge: true, bursts: [{at: 50m, for: 20m, times: 2}]}", "x_total, exp_samples: [{labels: 'x_total{pod=\"web\"}', value: 6}]}]\n", nil},
		{"mistakes", "{rte: 1, night: {from: 6h, to: 6h}, churn: {every: 0s, label: x}, bursts: [{at: 1h, for: 5m, times: -1}]}", "x_total}]\n", []string{
			"unnamed#0: the test cannot be read",
			`test.yaml:4:46: unknown key "rte"; did you mean "rate"? (unknown-key)`,
			`test.yaml:4:61: key "times" is missing; add it (missing-key)`,
			"test.yaml:4:145: a number is not an amount; write a number, 0 or above (bad-value)",
		}},
		{"more mistakes", "{rate: 1, gauge: true, resets: [1h], night: {times: 1, from: 25h, to: 6h}, churn: {every: 0s, label: x}, bursts: [{at: 1h, for: 5m, times: 1, every: 1m}], ramps: [{from: 2h, to: 1h, rate: 1}], gaps: [{from: 2h, to: 1h}]}", "x_total}]\n", []string{
			"unnamed#0: the test cannot be read",
			"test.yaml:4:45: a gauge counts nothing that could be drawn or reset; leave out gauge, or resets and poisson (bad-value)",
			"test.yaml:4:106: the night from 1d1h to 6h is not one; write times of day in UTC: from: 22h, to: 6h (bad-value)",
			"test.yaml:4:135: series cannot end every 0s; write 1h or the like (bad-value)",
			"test.yaml:4:194: the bursts come every 1m and last 5m; make them shorter (bad-value)",
			"test.yaml:4:215: the ramp from 2h to 1h begins before the last one ends, or ends before it begins; write ramps in order, each from before to (bad-value)",
			"test.yaml:4:252: the gap ends at 1h, before it begins at 2h; swap them (bad-value)",
		}},
		{"a burst without length", "{rate: 1, bursts: [{at: 1h, for: 0s, times: 9}]}", "x_total}]\n", []string{
			"unnamed#0: the test cannot be read",
			"test.yaml:4:78: a burst that lasts 0s is none; write 5m or the like (bad-value)",
		}},
		{"a profile beside values", "{rate: 1}, values: 1", "x_total}]\n", []string{
			"unnamed#0: the test cannot be read",
			"test.yaml:4:45: an input series has values or a profile, not both; keep one of the two (invalid-test)",
		}},
		{"too many", "{rate: 1, churn: {every: 1ms, label: a}}", "x_total, eval_time: 1h}]\n", nil},
	} {
		if c.name == "too many" {
			result := runText(t, "", head+c.profile+"}\n  promql_expr_test: [{eval_time: 30d, expr: x}]\n", Options{MaxSamples: 1_000_000})
			if got := strings.Join(found(result), "\n"); !strings.Contains(got, "the profile needs more than the 1000000 samples") {
				t.Errorf("%s:\n%s", c.name, got)
			}
			continue
		}
		wantFound(t, c.name, runText(t, "", head+c.profile+tail+c.assert, Options{}), c.want...)
	}
}
