package main

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"slowburn/bench/accuracy/traffic"
)

// short are six days, of which four are measured: everything happens in them.
var short = options{folder: "candidates", history: 2 * day, measured: 4 * day, seed: 1, only: "^(raw|Sloth)"}

var (
	all  = sync.OnceValues(func() (*report, error) { return run(short.of("all")) })
	busy = sync.OnceValues(func() (*report, error) { return run(short.of("busy")) })
)

func (o options) of(variants string) options {
	o.variants = variants
	return o
}

func measuredIn(t *testing.T, run func() (*report, error), name string) measured {
	t.Helper()
	r, err := run()
	if err != nil {
		t.Fatal(err)
	}
	return r.results[0].named(name)
}

func (m measured) column(t *testing.T, name string) accuracy {
	t.Helper()
	d, err := model.ParseDuration(name)
	if err != nil {
		t.Fatal(err)
	}
	a, ok := m.columns[time.Duration(d)]
	if !ok || a.of == 0 {
		t.Fatalf("%s: nothing measured for %s", m.name, name)
	}
	return a
}

// TestRaw wants what is known of raw ranges: they are off where few events are
// in a window, and hardly at all where it is long.
func TestRaw(t *testing.T) {
	raw := measuredIn(t, all, "raw ranges")
	for _, c := range []struct {
		window      string
		median, p99 float64
	}{{"5m", 0.01, 0.5}, {"30m", 0.002, 0.2}, {"1h", 0.001, 0.1}, {"6h", 0.0005, 0.03}, {"1d", 0.0005, 0.01}, {"3d", 0.0005, 0.005}, {"30d", 0.001, 0.002}} {
		a := raw.column(t, c.window)
		if a.median > c.median || a.p99 > c.p99 || a.p99 == 0 || a.median > a.p99 || a.p99 > a.worst {
			t.Errorf("%s: off by %g, %g, %g (median, p99, worst), want at most %g and %g", c.window, a.median, a.p99, a.worst, c.median, c.p99)
		}
		if missing := float64(a.without) / float64(a.of); missing > 0.02 {
			t.Errorf("%s: no value at %g of the instants", c.window, missing)
		}
	}
}

// TestAverageOfRatios wants the harness to show what is wrong with one: with a
// quiet spell it is not a number, without one far off, as Sloth's over 30 days.
func TestAverageOfRatios(t *testing.T) {
	if a := measuredIn(t, all, "Sloth 0.16.0").column(t, "30d"); a.without < a.of*9/10 {
		t.Errorf("with quiet spells there is a value at %d of %d instants", a.of-a.without, a.of)
	}
	theirs, raw := measuredIn(t, busy, "Sloth 0.16.0").column(t, "30d"), measuredIn(t, busy, "raw ranges").column(t, "30d")
	if theirs.without > 0 || theirs.median < 0.3 || raw.p99 > 0.002 {
		t.Errorf("Sloth's is off by %g (no value at %d), raw ranges by %g", theirs.median, theirs.without, raw.p99)
	}
}

// TestSlowburn holds slowburn's own rules to what is promised: windows from
// running totals are no worse than raw ranges, with margin for one seed, and a
// downtime of two hours does them less harm.
func TestSlowburn(t *testing.T) {
	for _, c := range []struct {
		variant     string
		median, p99 float64 // at most so many times those of raw ranges
	}{{"all", 1.3, 1.2}, {"down", 1.5, 1}} {
		o := options{folder: "candidates", history: 10 * day, measured: 2 * day, seed: 3, only: "^(raw ranges|slowburn)$", variants: c.variant}
		r, err := run(o)
		if err != nil {
			t.Fatal(err)
		}
		ours, raw := r.results[0].named("slowburn"), r.results[0].named("raw ranges")
		for _, window := range []string{"6h", "1d", "3d"} {
			a, b := ours.column(t, window), raw.column(t, window)
			t.Logf("%s, %s: %.4f %.4f %.4f %%, raw ranges %.4f %.4f %.4f %%", c.variant, window, a.median*100, a.p99*100, a.worst*100, b.median*100, b.p99*100, b.worst*100)
			if a.median > c.median*b.median || a.p99 > c.p99*b.p99 {
				t.Errorf("%s, %s: off by %g, %g (median, p99), raw ranges by %g, %g", c.variant, window, a.median, a.p99, b.median, b.p99)
			}
		}
		if worst := ours.column(t, "30d").worst; worst > wholePeriod {
			t.Errorf("%s: over the whole period off by %g", c.variant, worst)
		}
		if c.variant == "all" && ours.cost.samples*50 > raw.cost.samples {
			t.Errorf("%g samples a minute, beside %g of raw ranges", ours.cost.samples, raw.cost.samples)
		}
	}
}

// TestCost holds the cost to what can be computed: a rate reads each sample of its window.
func TestCost(t *testing.T) {
	raw := measuredIn(t, all, "raw ranges")
	// Windows add up to 4 days 7 hours and what there is of 30 days, at the end of six: 20 series every 30 s, half of them once more.
	want := (4*24 + 7.6 + 6*24) * 120 * 20 * 1.5
	if got := raw.cost.samples; math.Abs(got-want) > 0.15*want {
		t.Errorf("%g samples a minute, want about %g", got, want)
	}
	if raw.cost.rules != 7 || raw.cost.series != 7 {
		t.Errorf("%d rules, %d series", raw.cost.rules, raw.cost.series)
	}
}

// TestOff counts by hand.
func TestOff(t *testing.T) {
	s := newSetting(variants[0], options{seed: 1, measured: time.Hour})
	e := &evaluated{setting: s, candidate: &candidate{}}
	bad, total := s.world.Events(1800, 300)
	truth := float64(bad) / float64(total)
	for _, c := range []struct {
		value float64
		want  float64
	}{{truth, 0}, {2 * truth, 1}, {0, 1}} {
		off := e.off(reading{at: 30 * time.Minute, value: c.value, some: true}, 5*time.Minute, 0)
		// A window that is shifted by a scrape may come nearer, never the other way.
		if off > c.want || off < c.want/3 {
			t.Errorf("%g where it was %g: off by %g, want about %g", c.value, truth, off, c.want)
		}
	}
	for _, none := range []reading{{at: 30 * time.Minute, value: math.NaN(), some: true}, {at: 30 * time.Minute}} {
		if off := e.off(none, 5*time.Minute, 0); !math.IsInf(off, 1) {
			t.Errorf("without a value: off by %g", off)
		}
	}
}

// TestOffWhileDown wants a reading right after Prometheus was down to be
// compared with what was before, too, and one a while later not.
func TestOffWhileDown(t *testing.T) {
	w := traffic.Generate(traffic.Config{Seed: 1, Length: 3 * time.Hour, Down: []traffic.Interval{{From: time.Hour, To: 2 * time.Hour}}})
	e := &evaluated{setting: &setting{world: w, last: 3 * time.Hour}, candidate: &candidate{}}
	bad, total := w.Events(3599, 300)
	before := float64(bad) / float64(total)
	for _, c := range []struct {
		after time.Duration
		same  bool
	}{{time.Minute, true}, {10 * time.Minute, false}} {
		off := e.off(reading{at: 2*time.Hour + c.after, value: before, some: true}, 5*time.Minute, 90*time.Second)
		if off == 0 != c.same {
			t.Errorf("%s after it was down: off by %g", c.after, off)
		}
	}
}

// TestCandidates wants every candidate to have a ratio for each window.
func TestCandidates(t *testing.T) {
	candidates, err := readCandidates("candidates")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range candidates {
		if len(c.ratios) != 7 {
			t.Errorf("%s: %d ratios, want 7", c.name, len(c.ratios))
		}
		for _, r := range c.ratios {
			if len(c.recordedBy(r)) == 0 {
				t.Errorf("%s: nothing records %s", c.name, r.text)
			}
		}
	}
}

// TestMissed wants the evaluations that are missed to be a few of all.
func TestMissed(t *testing.T) {
	candidates, err := readCandidates("candidates")
	if err != nil {
		t.Fatal(err)
	}
	s := &setting{variant: variant{missed: true}, last: 30 * day, world: &traffic.World{}}
	for _, c := range candidates {
		missed := s.misses(c)
		for _, g := range c.groups {
			n := 0
			for at := time.Duration(0); at < s.last; at += intervalOf(g) {
				if missed(g, traffic.Begin.Add(at)) {
					n++
				}
			}
			if share := float64(n) / float64(s.last/intervalOf(g)); share < 0.02 || share > 0.06 {
				t.Errorf("%s, %s: %g of the evaluations are missed", c.name, g.Name, share)
			}
		}
	}
}
