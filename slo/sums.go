package slo

import (
	"math/big"
	"time"

	"slowburn/internal/expr"
)

// What each minute brought is the difference of counters between now and the
// last time that they were counted, without extrapolation: one minute ends where
// the next one begins, so that the sum over any time is the growth of the
// counters in it.
const (
	// SumInterval is how often events are counted.
	SumInterval = time.Minute
	// lookback is how old the newest sample of a series may be, as in Prometheus.
	lookback = 5 * time.Minute
	// exactly is how many minutes ago events may have been counted last for the
	// next count to begin at that very instant.
	exactly = 6
	// longGap bounds a time without counting whose events are counted afterwards. The
	// beginning of one is known to half a minute up to midGap, and to gapStep beyond.
	midGap  = 30 * time.Minute
	longGap = 3 * time.Hour
	gapStep = 5 * time.Minute
)

// SumRules count the events, and the bad ones, of each minute and of all time.
// They must be evaluated every SumInterval, in this order.
func (s *SLO) SumRules() []RecordingRule {
	seen := s.SLI.Inputs()[0].Any(func(input expr.Selector) expr.Expr {
		return expr.And(expr.LastOverTime(input, lookback), expr.LastOverTime(expr.Before(input, SumInterval), lookback))
	})
	events, errors := s.own(eventsMetric), s.own(errorsMetric)
	// The sum drops the labels of what is recorded, which a sum of counters does not have either.
	all, bad := s.newEvents(expr.Sum(events, s.Per...))
	return []RecordingRule{
		// After a downtime events are counted when every target had the time to be scraped again, all at once.
		{countedMetric, expr.Group(seen, s.Per...), s.Identity()},
		{eventsMetric, all, s.Identity()},
		{errorsMetric, bad, s.Identity()},
		{allEventsMetric, s.total(allEventsMetric, events), s.Identity()},
		{allErrorsMetric, s.total(allErrorsMetric, errors), s.Identity()},
	}
}

// newEvents are the events since they were counted last, and the bad ones of a total.
func (s *SLO) newEvents(total expr.Expr) (all, bad expr.Expr) {
	switch sli := s.SLI.(type) {
	case Counted:
		return sli.AllEvents(s.sinceLast), sli.BadEvents(s.sinceLast, total)
	case happening:
		return s.happened(sli.eventsIn), orZero(s.happened(sli.badIn), total)
	}
	return nil, nil // of a ratio that nobody can count
}

// happened is what happened since it was counted last, in a window that is as
// long as that is ago: a minute as a rule, and where it was longer ago than
// anybody looks for, the last minutes of that time.
func (s *SLO) happened(in func(window time.Duration) expr.Expr) expr.Expr {
	counted := s.own(countedMetric)
	const half = SumInterval / 2
	// Within so many minutes, but not now.
	within := func(minutes time.Duration) expr.Expr {
		return expr.PresentOverTime(expr.Before(counted, half), minutes*SumInterval)
	}
	since := expr.AndOn(in(SumInterval), within(1), s.Per...)
	for m := time.Duration(2); m < exactly; m++ {
		since = expr.Or(since, expr.UnlessOn(expr.AndOn(in(m*SumInterval), within(m), s.Per...), within(m-1), s.Per...))
	}
	since = expr.Or(since, expr.UnlessOn(in(exactly*SumInterval), within(exactly-1), s.Per...))
	return expr.AndOn(since, counted, s.Per...)
}

// sinceLast counts the events since they were counted last: a minute ago as a
// rule, longer ago if evaluations were missed or Prometheus was down.
func (s *SLO) sinceLast(counter expr.Selector) expr.Expr {
	counted := s.own(countedMetric)
	const half = SumInterval / 2
	ago := func(minutes time.Duration) expr.Expr {
		return expr.PresentOverTime(expr.Before(counted, minutes*SumInterval-half), SumInterval)
	}
	since := expr.AndOn(expr.LastOverTime(expr.Before(counter, SumInterval), lookback), ago(1), s.Per...)
	for m := time.Duration(2); m <= exactly; m++ {
		since = expr.Or(since, expr.AndOn(expr.Before(counter, m*SumInterval), ago(m), s.Per...))
	}
	// Further back, what the counter was at the last instant of a grid at which events had just been counted.
	grid := func(window, step time.Duration, at expr.Selector) expr.Expr {
		return expr.Every("last_over_time", expr.AndOn(at, expr.PresentOverTime(counted, step), s.Per...), window, step, exactly*SumInterval+half)
	}
	since = expr.Or(since, grid(midGap, SumInterval, expr.Before(counter, half)))
	since = expr.Or(since, grid(longGap, gapStep, counter))
	grown := expr.Sub(expr.LastOverTime(counter, lookback), since)
	return expr.AndOn(expr.Sum(expr.Or(expr.AtLeast(grown, zero), s.lastMinute(counter)), s.Per...), counted, s.Per...)
}

// lastMinute is Prometheus' own estimate of how much a counter grew, for one
// that is new and one that was reset: over a scrape more, so that the sample
// before the minute is in it, and then the share of a minute.
func (s *SLO) lastMinute(counter expr.Selector) expr.Expr {
	window := SumInterval + s.Service.ScrapeInterval
	return expr.Mul(expr.Increase(counter, window), expr.Number(big.NewRat(int64(SumInterval), int64(window))))
}
