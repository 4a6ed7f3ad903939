package simulate

import (
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
	"slowburn/slo"
)

// given are the series of the past: what was scraped, totals of each group where
// they were recorded, and those of other SLOs, which were recorded all the time.
func (b books) given(load *Load, ledgers []*ledger, until time.Duration) *engine.Storage {
	storage := engine.NewStorage()
	members := membersOf(b.slo, load)
	for _, m := range members {
		m.load.cut(b.slo, until)
		m.target(b.slo).eachOwn(until, nil, into(storage))
	}
	if !load.LateErrors { // what stands in for errors that are not there may take decoys for them
		crowd{b.slo, load}.eachSeries(until, nil, into(storage))
	}
	ages := b.instants(until)
	write := func(metric string, to func(metric string) labels.Labels, value func(at time.Duration) (float64, bool)) {
		var times []int64
		var values []float64
		for _, at := range ages {
			if v, ok := value(at); ok {
				times, values = append(times, start.Add(at).UnixMilli()), append(values, v)
			}
		}
		if len(times) > 0 {
			storage.Fill(to(metric), times, values)
		}
	}
	if !b.slo.IsCounted() {
		return storage
	}
	for i, l := range ledgers {
		m := members[i]
		own := func(metric string) labels.Labels { return series(metric, b.slo, m) }
		write(slo.CountedMetric, own, func(at time.Duration) (float64, bool) {
			if !l.counted(at) { // an evaluation without a result ends the series
				return engine.Stale, l.past.evaluated(at)
			}
			return 1, at < b.now
		})
		past := func(of func(events) float64) func(time.Duration) (float64, bool) {
			return func(at time.Duration) (float64, bool) {
				if at >= b.now {
					return 0, false
				}
				total, ok := l.total(at)
				return of(total), ok
			}
		}
		write(slo.AllEventsMetric, own, past(func(e events) float64 { return e.good + e.bad }))
		write(slo.AllErrorsMetric, own, past(func(e events) float64 { return e.bad }))
	}
	always := func(v float64) func(time.Duration) (float64, bool) {
		return func(time.Duration) (float64, bool) { return v, true }
	}
	for _, other := range others(b.slo) {
		own := func(metric string) labels.Labels { return seriesOf(metric, other, members[0]) }
		write(slo.CountedMetric, own, always(1))
		for _, metric := range []string{slo.EventsMetric, slo.ErrorsMetric} {
			write(metric, own, always(1e7))
		}
		for _, metric := range []string{slo.AllEventsMetric, slo.AllErrorsMetric} {
			write(metric, own, func(at time.Duration) (float64, bool) { return 1e15 + 1e6*at.Seconds(), true })
		}
		for _, w := range append(b.slo.Windows(), b.slo.Service.Period) {
			write(slo.ErrorRatioMetric(w), own, always(0.9))
		}
	}
	return storage
}

// instants are those of the past at which rules look at totals: of the last
// hours, around the beginning of each window, and on the coarse grid.
func (b books) instants(until time.Duration) []time.Duration {
	var all []time.Duration
	add := func(from, to, step time.Duration) {
		for at := from; at <= to; at += step {
			all = append(all, at)
		}
	}
	add(b.now-remembers-20*counting, until, counting)
	for _, w := range append(b.slo.Windows(), b.slo.Service.Period) {
		if !b.slo.FromSums(w) && w != b.slo.Service.Period {
			continue
		}
		add(b.now-w-6*counting, b.now-w+6*counting, counting)
		add(b.now-w-remembers-10*counting, b.now-w+remembers+10*counting, 10*counting)
	}
	for at := floor(b.now-4*b.slo.Service.Period, farApart); at <= b.now; at += farApart {
		all = append(all, past{now: b.now}.before(at))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
