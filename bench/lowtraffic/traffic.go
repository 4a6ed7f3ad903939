package main

import (
	"math/rand/v2"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
)

// Two instances share the traffic, are scraped at different moments, and not at
// those of the evaluations.
var (
	instances = []string{"a:9090", "b:9090"}
	phases    = []time.Duration{7 * time.Second, 19 * time.Second}
)

// statuses are a good one and a bad one.
var statuses = []string{"200", "500"}

const (
	scrape   = 30 * time.Second
	lifetime = 24 * time.Hour   // of a process: there is a deployment a day,
	rolling  = 10 * time.Minute // one instance after the other
)

// traffic is what reaches the service, and how it is counted.
type traffic struct {
	perHour float64
	failing float64 // the probability that a request fails
	outages []span  // in which every request fails, in order
	length  time.Duration
	// born means that the series of an instance's errors begins with its first
	// error, as most client libraries have it; otherwise it is there from the start.
	born bool
}

// span is a time from its beginning up to, without, its end.
type span struct{ from, until time.Duration }

// arrive hands on a Poisson process' arrivals in order. The gaps between them
// are independent and exponential (Devroye, Non-Uniform Random Variate
// Generation, 1986, chapter VI.1: the exponential method).
func arrive(rng *rand.Rand, perHour float64, length time.Duration, take func(at time.Duration)) {
	mean := float64(time.Hour) / perHour
	for at := rng.ExpFloat64() * mean; at < float64(length); at += rng.ExpFloat64() * mean {
		take(time.Duration(at))
	}
}

// counts are requests by instance, status and the scrape that first sees them.
type counts [2][2][]float64

// draw makes the requests. Each goes to either instance, and fails or not,
// whatever the others did. What is born changes nothing about them.
func (t traffic) draw(rng *rand.Rand) *counts {
	var c counts
	for i := range c {
		for status := range c[i] {
			c[i][status] = make([]float64, int((t.length-phases[i])/scrape)+1)
		}
	}
	outages := t.outages
	arrive(rng, t.perHour, t.length, func(at time.Duration) {
		for len(outages) > 0 && at >= outages[0].until {
			outages = outages[1:]
		}
		instance := rng.IntN(len(instances))
		status := 0
		if failed := rng.Float64() < t.failing; failed || len(outages) > 0 && at >= outages[0].from {
			status = 1
		}
		// The first scrape at or after it; what comes after the last is never seen.
		n := int(max(0, at-phases[instance]+scrape-1) / scrape)
		if of := c[instance][status]; n < len(of) {
			of[n]++
		}
	})
	return &c
}

// fill makes the series that Prometheus scrapes.
func (t traffic) fill(s *engine.Storage, rng *rand.Rand) {
	c := t.draw(rng)
	for i, instance := range instances {
		for status, name := range statuses {
			times, values := t.scraped(c[i][status], i, t.born && status == 1)
			s.Fill(labels.FromStrings(model.MetricNameLabel, counter, "instance", instance, "job", "api", "status", name), times, values)
		}
	}
}

// scraped is one counter. A new process counts from zero; it starts just after
// a scrape, so that nothing is lost but what its series lack by being born.
func (t traffic) scraped(seen []float64, instance int, born bool) (times []int64, values []float64) {
	times, values = make([]int64, 0, len(seen)), make([]float64, 0, len(seen))
	add := func(n int, v float64) {
		times = append(times, (phases[instance] + time.Duration(n)*scrape).Milliseconds())
		values = append(values, v)
	}
	total := 0.0
	offset := instance * int(rolling/scrape)
	for n, more := range seen {
		restarted := n > 0 && (n-offset)%int(lifetime/scrape) == 0
		was := total
		if restarted {
			total = 0
		}
		total += more
		switch {
		case !born || total > 0:
			add(n, total)
		case restarted && was > 0:
			add(n, engine.Stale) // Prometheus ends a series that a scrape does not have any more
		}
	}
	return times, values
}
