package main

import (
	"math"
	"slices"
	"time"

	"slowburn/bench/accuracy/traffic"
)

// floor is the least ratio that errors are relative to: a hundredth of the
// budget, far below any threshold.
const floor = 0.00001

// accuracy is how far a candidate's ratio of a window is from the truth.
type accuracy struct {
	window  time.Duration
	median  float64
	p99     float64
	worst   float64
	at      time.Duration // of the worst
	without int           // instants without a value or with NaN, where the truth has one
	of      int           // instants
}

// allowances are, for each column, by how much a reading may lag behind the
// truth: a scrape and the longest interval at which any candidate evaluates that
// window. All candidates are allowed the same.
func allowances(all []*candidate) map[time.Duration]time.Duration {
	allowed := map[time.Duration]time.Duration{}
	for _, c := range all {
		for _, r := range c.ratios {
			allowed[r.column] = max(allowed[r.column], traffic.Scrape+c.interval(r))
		}
	}
	return allowed
}

// measure compares readings with the truth.
func (e *evaluated) measure(r ratio, allowed time.Duration) (accuracy, error) {
	readings, err := e.readings(r)
	if err != nil {
		return accuracy{}, err
	}
	a := accuracy{window: r.window}
	interval := e.interval(r)
	var errs []float64
	for _, now := range readings {
		// What an evaluation that did not take place keeps from the reader is allowed for.
		shift := allowed + now.age.Truncate(interval)
		off := e.off(now, r.window, shift)
		switch {
		case math.IsNaN(off):
			continue // nothing to compare with
		case math.IsInf(off, 1):
			a.without++
		default:
			errs = append(errs, off)
			if off > a.worst {
				a.worst, a.at = off, now.at
			}
		}
		a.of++
	}
	slices.Sort(errs)
	if len(errs) > 0 {
		a.median, a.p99 = errs[len(errs)/2], errs[min(len(errs)-1, len(errs)*99/100)]
	}
	return a, nil
}

// off is the relative error of a reading: the least over all shifts of the
// truth's window that are allowed, to the past and by a scrape to the future,
// since a range begins with the first scrape in it. The time while Prometheus
// is down is no lag. The error is infinite without a value, and NaN if there is
// no truth to compare with, since there were no events.
func (e *evaluated) off(now reading, window, allowed time.Duration) float64 {
	off := math.Inf(1)
	events, none := false, false
	end, length := int(now.at/time.Second), int(window/time.Second)
	ahead := min(int(traffic.Scrape/time.Second), int((e.last-now.at)/time.Second))
	lag := 0
	for at := end + ahead; at > 0; at-- {
		if at < end && !e.world.IsDown(time.Duration(at)*time.Second) {
			lag++
		}
		if lag > int(allowed/time.Second) {
			break
		}
		bad, total := e.world.Events(at, length)
		if total == 0 {
			none = true
			continue
		}
		events = true
		truth := float64(bad) / float64(total)
		if x := math.Abs(now.value-truth) / max(truth, floor); now.some && x < off { // not with NaN
			off = x
		}
	}
	if !events || none && math.IsInf(off, 1) {
		return math.NaN()
	}
	return off
}
