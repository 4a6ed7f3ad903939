package slo

import (
	"math/big"
	"time"

	"slowburn/internal/expr"
)

// PeriodInterval is how often what is true of the whole period is recorded: it
// cannot change faster than its tiles, and a series must have a sample in every
// look-back.
const PeriodInterval = 4 * time.Minute

// PeriodRules record the error ratio over the whole period, and what follows
// from it and from the objective: for dashboards, not for alerts.
func (s *SLO) PeriodRules() []RecordingRule {
	period := s.Service.Period
	overPeriod := func(metric string) expr.Expr { return expr.Every("sum_over_time", s.own(metric), period, tile, 0) }
	budget := expr.Number(s.Budget())
	burn := func(window time.Duration) expr.Expr { return expr.Div(s.ErrorRatio(window), budget) }
	rules := []RecordingRule{
		{ErrorRatioMetric(period), expr.Div(overPeriod(BadEventsMetric(tile)), someOf(overPeriod(EventsMetric(tile)))), nil},
		{periodBurnMetric, burn(period), nil},
		{remainingBudgetMetric, expr.Sub(one, burn(period)), nil},
		{objectiveMetric, expr.Number(s.Objective), nil},
		{budgetMetric, budget, nil},
		{periodMetric, expr.Number(big.NewRat(int64(period), int64(24*time.Hour))), nil},
	}
	if windows := s.Windows(); len(windows) > 0 {
		rules = append(rules, RecordingRule{currentBurnMetric, burn(windows[0]), nil})
	}
	for i := range rules {
		rules[i].Labels = s.Identity()
	}
	return rules
}
