package traffic

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/value"
)

const days = 24 * time.Hour

// TestTruth counts the events of a world again, one second after the other, and
// wants the same in any window.
func TestTruth(t *testing.T) {
	w := Generate(Config{Seed: 3, Length: 5 * days, Quiet: true})
	c := w.Config
	seconds := int(c.Length / time.Second)
	plan := newPlan(c, rand.New(rand.NewPCG(c.Seed, 2)), seconds)
	again := &World{Config: c}
	pods := newPods(again, rand.New(rand.NewPCG(c.Seed, 3)), seconds)
	random := rand.New(rand.NewPCG(c.Seed, 1))
	type event struct{ good, bad uint32 }
	log := make([]event, seconds+1)
	for s := 1; s <= seconds; s++ {
		rate, bad := float64(plan.rate[s]), float64(plan.bad[s])
		log[s].good, log[s].bad = pods.serve(s, random, rate*(1-bad), rate*bad)
	}
	for _, window := range []int{1, 300, 3600, 86400, 3 * 86400, 30 * 86400} {
		for end := 7; end <= seconds; end += 30011 {
			var bad, total uint32
			for s := max(1, end-window+1); s <= end; s++ {
				bad += log[s].bad
				total += log[s].bad + log[s].good
			}
			if gotBad, gotTotal := w.Events(end, window); gotBad != bad || gotTotal != total {
				t.Fatalf("%d s until %d: %d of %d, want %d of %d", window, end, gotBad, gotTotal, bad, total)
			}
		}
	}
}

// TestScrapes adds up what was scraped, with a process' first value and what
// follows a reset counted from zero: but for what a process did after its last
// scrape, that is what happened.
func TestScrapes(t *testing.T) {
	for seed := range uint64(4) {
		testScrapes(t, Generate(Config{Seed: seed, Length: 8 * days, Quiet: true}))
	}
}

func testScrapes(t *testing.T, w *World) {
	counted := map[bool]float64{}
	stale, resets, late := 0, 0, 0
	for _, of := range w.Series {
		before := 0.0
		for i, v := range of.Values {
			if i > 0 && of.Times[i] <= of.Times[i-1] {
				t.Fatalf("%s: a sample at %d after one at %d", of.Labels, of.Times[i], of.Times[i-1])
			}
			if value.IsStaleNaN(v) {
				stale++
				continue
			}
			if v < before {
				resets++
				before = 0
			}
			if i == 0 && of.Times[0]-Begin.UnixMilli() > 3_600_000 && of.Labels.Get("code")[0] == '5' {
				late++
			}
			counted[of.Labels.Get("code")[0] == '5'] += v - before
			before = v
		}
	}
	bad, total := w.Events(int(w.Length/time.Second), int(w.Length/time.Second))
	for _, c := range []struct {
		what      string
		got, want float64
	}{{"bad", counted[true], float64(bad)}, {"all", counted[true] + counted[false], float64(total)}} {
		if lost := (c.want - c.got) / c.want; lost < 0 || lost > 0.002 {
			t.Errorf("%s events: scraped %g of %g", c.what, c.got, c.want)
		}
	}
	if stale < 100 || resets < 8 || late < 50 {
		t.Errorf("%d stale markers, %d resets, %d error series born late: too few", stale, resets, late)
	}
	if len(w.Series) < 100 {
		t.Errorf("%d series: too little churn", len(w.Series))
	}
}

// TestShape wants the traffic to be what the tables say it is.
func TestShape(t *testing.T) {
	w := Generate(Config{Seed: 5, Length: 4 * days, Quiet: true})
	events := func(from, length time.Duration) float64 {
		_, total := w.Events(int((from+length)/time.Second), int(length/time.Second))
		return float64(total)
	}
	// The second day's quiet spell is over by five.
	night, noon := events(3*time.Hour+2*time.Minute, 30*time.Minute), events(15*time.Hour+2*time.Minute, 30*time.Minute)
	if ratio := noon / night; ratio < 70 || ratio > 130 {
		t.Errorf("by day %g times as many events as by night, want about 100", ratio)
	}
	longest := time.Duration(0)
	since := time.Duration(0)
	for at := time.Minute; at <= w.Length; at += time.Minute {
		if events(at-time.Minute, time.Minute) > 0 {
			since = at
		}
		longest = max(longest, at-since)
	}
	if longest < 175*time.Minute || longest > 3*time.Hour {
		t.Errorf("the longest quiet spell is %s, want three hours", longest)
	}
	worst := 0.0
	for end := 600; end <= int(w.Length/time.Second); end += 60 {
		if bad, total := w.Events(end, 600); total > 0 {
			worst = max(worst, float64(bad)/float64(total))
		}
	}
	if worst < 0.999 {
		t.Errorf("at most %g of the events of 10 minutes are bad: no outage", worst)
	}
}

// TestSame wants equal configurations to make equal worlds, and what is not
// scraped to have happened all the same.
func TestSame(t *testing.T) {
	c := Config{Seed: 6, Length: 1 * days, Quiet: true}
	a, b := Generate(c), Generate(c)
	if len(a.Series) != len(b.Series) || !reflect.DeepEqual(a.total, b.total) || !reflect.DeepEqual(a.bad, b.bad) {
		t.Fatal("two worlds of one seed differ")
	}
	for i := range a.Series {
		for j, v := range a.Series[i].Values {
			if math.Float64bits(v) != math.Float64bits(b.Series[i].Values[j]) || a.Series[i].Times[j] != b.Series[i].Times[j] {
				t.Fatalf("%s: sample %d differs", a.Series[i].Labels, j)
			}
		}
	}
	c.Down = []Interval{{9 * time.Hour, 11 * time.Hour}}
	down := Generate(c)
	if !reflect.DeepEqual(a.total, down.total) || !reflect.DeepEqual(a.bad, down.bad) {
		t.Error("what happens depends on whether Prometheus runs")
	}
	for _, of := range down.Series {
		for _, at := range of.Times {
			if down.IsDown(time.Duration(at-Begin.UnixMilli()) * time.Millisecond) {
				t.Fatalf("%s was scraped at %d, when Prometheus was down", of.Labels, at)
			}
		}
	}
}
