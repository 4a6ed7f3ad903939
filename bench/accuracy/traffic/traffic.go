// Package traffic makes a month of a service's requests, event by event, and
// what Prometheus scrapes of them: so that what a rule shows can be compared
// with what happened. Equal configurations make equal worlds.
package traffic

import (
	"math/rand/v2"
	"time"

	"github.com/prometheus/prometheus/model/labels"
)

// Scrape is the time between two scrapes of a target.
const Scrape = 30 * time.Second

// Metric is the one counter, Job the job of all its series. Codes that begin
// with 5 are bad.
const (
	Metric = "http_requests_total"
	Job    = "api"
)

// Begin is the first instant, a midnight and some seconds: Prometheus evaluates
// each group at a moment of its own, with which the steps of subqueries do not agree.
var Begin = time.Date(2026, 1, 5, 0, 0, 23, 0, time.UTC)

// Config says what a world is like.
type Config struct {
	Seed uint64
	// Length is that of the whole time, from Begin on.
	Length time.Duration
	// Pods are how many there are at a time, each with two good and two bad series. Zero stands for 5.
	Pods int
	// Peak is how many requests a second there are by day, all pods together;
	// by night it is a hundredth. Zero stands for 1000.
	Peak float64
	// Quiet has spells without any traffic.
	Quiet bool
	// Rollouts are when all pods are replaced, beside the usual times.
	Rollouts []time.Duration
	// Down are the times during which Prometheus does not run.
	Down []Interval
}

// Interval is from an instant to another, relative to Begin.
type Interval struct{ From, To time.Duration }

// Has tells whether an instant is within.
func (i Interval) Has(at time.Duration) bool { return at >= i.From && at < i.To }

// World is what happened, and what was scraped of it.
type World struct {
	Config
	Series []Series
	// bad and total events until the end of each second.
	bad, total []uint32
}

// Series is what was scraped of a counter, with a stale marker where it ends.
type Series struct {
	Labels labels.Labels
	Times  []int64 // milliseconds
	Values []float64
}

// Generate makes a world.
func Generate(c Config) *World {
	if c.Pods == 0 {
		c.Pods = 5
	}
	if c.Peak == 0 {
		c.Peak = 1000
	}
	w := &World{Config: c}
	seconds := int(c.Length / time.Second)
	w.bad = make([]uint32, seconds+1)
	w.total = make([]uint32, seconds+1)
	// Independent streams, so that what is scraped changes nothing about what happens.
	events := rand.New(rand.NewPCG(c.Seed, 1))
	plan := newPlan(c, rand.New(rand.NewPCG(c.Seed, 2)), seconds)
	pods := newPods(w, rand.New(rand.NewPCG(c.Seed, 3)), seconds)
	for s := 1; s <= seconds; s++ {
		rate, bad := float64(plan.rate[s]), float64(plan.bad[s])
		good, failed := pods.serve(s, events, rate*(1-bad), rate*bad)
		w.total[s] = w.total[s-1] + good + failed
		w.bad[s] = w.bad[s-1] + failed
		pods.scrape(s)
	}
	return w
}

// Events are how many bad events, and how many at all, there were in the
// window that ends at a second after Begin.
func (w *World) Events(end, window int) (bad, total uint32) {
	from := max(0, end-window)
	return w.bad[end] - w.bad[from], w.total[end] - w.total[from]
}

// IsDown tells whether Prometheus does not run at an instant.
func (w *World) IsDown(at time.Duration) bool {
	for _, d := range w.Down {
		if d.Has(at) {
			return true
		}
	}
	return false
}
