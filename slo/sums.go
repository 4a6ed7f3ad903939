package slo

import (
	"time"

	"slowburn/internal/expr"
)

// Long windows are added up from what each minute brought: errors and events
// apart, divided last. An average of ratios would count a quiet minute as much
// as a busy one, and a raw range over 30 days reads every sample of every series.
//
// What a minute brought is the difference of counters between now and a minute
// ago, without extrapolation: one minute ends where the next one begins, so that
// the sum over any time is the growth of the counters in it.
const (
	// SumInterval is how often events are counted.
	SumInterval = time.Minute
	// tile is the length of the second level: a long window reads one in five.
	tile = 5 * time.Minute
	// longGap bounds a time without evaluations, or without scrapes, whose events
	// are counted afterwards; gapStep is how precisely the beginning of it is known.
	longGap = 3 * time.Hour
	gapStep = 2 * time.Minute
	// lookback is how old the newest sample of a series may be, as in Prometheus.
	lookback = 5 * time.Minute
)

// SumRules record the number of events, and of bad ones, of each minute and of
// five. They must be evaluated every SumInterval, in this order.
func (s *SLO) SumRules() []RecordingRule {
	events, errors := s.own(EventsMetric(SumInterval)), s.own(BadEventsMetric(SumInterval))
	return []RecordingRule{
		// Where nothing was scraped lately nothing is counted: after a restart, say.
		{countedMetric, expr.Group(s.SLI.Inputs()[0]), s.Identity()},
		{EventsMetric(SumInterval), s.SLI.AllEvents(s.sinceLast), s.Identity()},
		// The sum drops the labels of what is recorded, which a sum of counters does not have either.
		{BadEventsMetric(SumInterval), s.SLI.BadEvents(s.sinceLast, expr.Sum(events)), s.Identity()},
		{EventsMetric(tile), expr.SumOverTime(events, tile), s.Identity()},
		{BadEventsMetric(tile), expr.SumOverTime(errors, tile), s.Identity()},
	}
}

// FromSums tells whether a window is added up from recorded sums.
func (s *SLO) FromSums(window time.Duration) bool { return window > s.Service.SumsAbove }

// ratioOver is the error ratio over a window.
func (s *SLO) ratioOver(window time.Duration) expr.Expr {
	if !s.FromSums(window) {
		return s.SLI.ErrorRatio(window)
	}
	events := expr.SumOverTime(s.own(EventsMetric(SumInterval)), window)
	return expr.Div(s.Errors(window), someOf(events))
}

// Errors is the number of bad events in a window.
func (s *SLO) Errors(window time.Duration) expr.Expr {
	if !s.FromSums(window) {
		return s.SLI.Errors(window)
	}
	return expr.SumOverTime(s.own(BadEventsMetric(SumInterval)), window)
}

// sinceLast counts the events since they were counted last: a minute ago as a
// rule, longer ago if evaluations were missed or Prometheus was down.
func (s *SLO) sinceLast(counter expr.Selector) expr.Expr {
	counted := s.own(countedMetric)
	const half = SumInterval / 2
	minute := expr.LastOverTime(expr.Before(counter, SumInterval), lookback)
	lately := expr.PresentOverTime(expr.Before(counted, half), SumInterval)
	// What the counter was at the last of the instants at which events had just been counted.
	then := expr.Every("last_over_time", expr.AndOn(counter, expr.PresentOverTime(counted, gapStep)), longGap, gapStep, half)
	return expr.Or(expr.AndOn(growth(counter, minute), lately), growth(counter, then))
}

// growth is by how much counters grew since they had a value. One that is less
// than it was has been reset, and one that was not there is new: of those
// Prometheus' own estimate of the last minute is taken.
func growth(counter expr.Selector, since expr.Expr) expr.Expr {
	grown := expr.Sub(expr.LastOverTime(counter, lookback), since)
	return expr.Sum(expr.Or(expr.AtLeast(grown, zero), expr.Increase(counter, SumInterval)))
}
