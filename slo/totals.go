package slo

import (
	"time"

	"slowburn/internal/expr"
)

// Long windows are differences of running totals, as one does with prefix sums:
// of events and of bad events, divided last. An average of ratios would count a
// quiet minute as much as a busy one, and a raw range over 30 days reads every
// sample of every series.
const (
	// reach is how far back a total's last sample is looked for: Prometheus may have been down meanwhile.
	reach = 3 * time.Hour
	// farStep is how precisely it is known from before that.
	farStep = 6 * time.Hour
)

// total adds up what each minute brought. A running total goes on where nothing
// is counted, as a window over the counters does.
func (s *SLO) total(metric string, minute expr.Expr) expr.Expr {
	before := expr.Or(expr.LastOverTime(s.own(metric), reach), s.longAgo(metric, 0))
	lately := expr.LastOverTime(s.own(metric), lookback)
	return expr.Or(expr.Or(expr.Add(minute, before), lately), minute)
}

// FromSums tells whether a window is the difference of running totals.
func (s *SLO) FromSums(window time.Duration) bool {
	return window > s.Service.SumsAbove && s.isCounted()
}

// ratioOver is the error ratio over a window.
func (s *SLO) ratioOver(window time.Duration) expr.Expr {
	if !s.FromSums(window) {
		return s.SLI.ErrorRatio(window)
	}
	return expr.Div(s.growth(allErrorsMetric, window), someOf(s.growth(allEventsMetric, window)))
}

// Errors is the number of bad events in a window. The difference of two totals
// with a fraction, which a new series may bring, is not quite a whole number.
func (s *SLO) Errors(window time.Duration) expr.Expr {
	if !s.FromSums(window) {
		return s.SLI.Errors(window)
	}
	return expr.Call("round", s.growth(allErrorsMetric, window))
}

// growth is by how much a running total grew in a window: since the last sample
// before the window began, or altogether where the SLO is younger. Where nothing
// was recorded then, the window begins when it was again, as that of a raw range does.
func (s *SLO) growth(metric string, window time.Duration) expr.Expr {
	total := s.own(metric)
	search := min(window, reach)
	// Totals never fall, so that the first sample is the smallest.
	first := expr.MinOverTime(expr.Before(total, window-search), search+SumInterval)
	return expr.Or(expr.Sub(total, expr.Or(first, s.longAgo(metric, window))), total)
}

// longAgo is what a running total was last, some time ago. After a downtime longer
// than reach, the total goes on from the same value that is found here.
func (s *SLO) longAgo(metric string, ago time.Duration) expr.Expr {
	return expr.Every("last_over_time", s.own(metric), s.Service.Period, farStep, ago)
}
