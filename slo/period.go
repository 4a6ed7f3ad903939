package slo

import (
	"math/big"
	"time"

	"slowburn/internal/expr"
)

// PeriodInterval is how often what is true of the whole period is recorded: it
// cannot change faster than the totals.
const PeriodInterval = SumInterval

// rawPeriodInterval is how often that is where the whole period is read from the
// counters: as seldom as a series still has a sample in every look-back.
const rawPeriodInterval = 4 * time.Minute

// PeriodRules record the error ratio over the whole period, and what follows
// from it and from the objective: for dashboards, not for alerts.
func (s *SLO) PeriodRules() []RecordingRule {
	period := s.Service.Period
	budget := expr.Number(s.Budget())
	burn := func(window time.Duration) expr.Expr { return expr.Div(s.ErrorRatio(window), budget) }
	rules := []RecordingRule{
		{ErrorRatioMetric(period), s.ratioOver(period), nil},
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
