package simulate

import (
	"math"
	"slices"
	"time"

	"slowburn/slo"
)

// records are what is recorded of a group at an instant.
func (l *ledger) records(m member, at time.Duration) []record {
	o := l.slo
	var all []record
	add := func(metric string, low, high float64, ok bool) {
		all = append(all, record{metric: metric, labels: series(metric, o, m), at: at, low: low, high: high, absent: !ok})
	}
	if o.IsCounted() {
		l.recordCounts(at, add)
	}
	budget, _ := o.Budget().Float64()
	period := o.Service.Period
	windows := o.Windows()
	for i, w := range windows {
		low, high, known, ok := l.ratio(at, w)
		ratio := len(all)
		add(slo.ErrorRatioMetric(w), low, high, ok)
		if i == 0 && (o.IsCounted() || at == l.past.now) {
			add(slo.CurrentBurnMetric, low/budget, high/budget, ok)
		}
		for ; !known && ratio < len(all); ratio++ {
			all[ratio].absent, all[ratio].unknown = false, true
		}
	}
	if !o.IsCounted() {
		return all
	}
	low, high, _, ok := l.ratio(at, period)
	if !slices.Contains(windows, period) {
		add(slo.ErrorRatioMetric(period), low, high, ok)
	}
	add(slo.PeriodBurnMetric, low/budget, high/budget, ok)
	add(slo.RemainingBudgetMetric, 1-high/budget, 1-low/budget, ok)
	return all
}

// recordCounts adds what is counted at an instant, and the totals.
func (l *ledger) recordCounts(at time.Duration, add func(metric string, low, high float64, ok bool)) {
	brought, off, ok := l.minute(at)
	_, seen := l.seen(at)
	_, before := l.seen(at - counting)
	add(slo.CountedMetric, 1, 1, seen && before)
	all := brought.good + brought.bad
	add(slo.EventsMetric, all-off, all+off, ok)
	add(slo.ErrorsMetric, brought.bad-off, brought.bad+off, ok)
	total, ok := l.total(at)
	off = l.unsure
	add(slo.AllEventsMetric, total.good+total.bad-off, total.good+total.bad+off, ok)
	add(slo.AllErrorsMetric, total.bad-off, total.bad+off, ok)
}

// ratio are the bounds of the share of bad events in a window; it is not known
// where the window is read from counters whose scrapes are missing.
func (l *ledger) ratio(at, window time.Duration) (low, high float64, known, ok bool) {
	if l.slo.FromSums(window) || window == l.slo.Service.Period && l.slo.IsCounted() {
		grown, ok := l.within(at, window)
		all := grown.good + grown.bad
		if !ok || all <= 0 {
			return 0, 0, true, false
		}
		share, off := grown.bad/all, 1e-6+2*l.unsure/all
		return share - off, share + off, true, true
	}
	shifts := []time.Duration{0, l.slo.Service.ScrapeInterval}
	switch {
	case l.slo.SLI.Slice() > 0:
		shifts = shifts[:1] // whole slices are counted
	case l.load.Gaps != nil && l.between(at-window, at).bad == 0:
		// Two scrapes of an instance are enough, and fewer are not.
		interval := l.slo.Service.ScrapeInterval
		scrapes := max(0, l.load.Gaps[0].From-(at-window))/interval + max(0, at-l.load.Gaps[0].Until)/interval
		return 0, 0, scrapes > 3 || scrapes < 1, scrapes > 3
	case l.load.Gaps != nil || l.load.Resets != nil:
		return 0, 0, false, false
	}
	low, high, ok = l.scrapedRatio(at, window, shifts)
	return low, high, true, ok
}

// scrapedRatio are the bounds for a window that is read from counters: of n
// scrapes it spans n-1 intervals, and the last one may be a scrape ago.
func (l *ledger) scrapedRatio(at, window time.Duration, shifts []time.Duration) (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, later := range shifts {
		for _, earlier := range shifts {
			grown := l.between(at-window+later, at-earlier)
			if all := grown.good + grown.bad; all > 0 {
				share := grown.bad / all
				low, high, ok = min(low, share), max(high, share), true
			}
		}
	}
	return low - 0.01*low - 1e-9, high + 0.01*high + 1e-9, ok
}
