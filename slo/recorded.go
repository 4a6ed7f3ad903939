package slo

import (
	"math/big"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/expr"
)

// The series that are recorded, besides ErrorRatioMetric. A test of the
// dashboards holds that rules record those that they show, and snapshots hold
// what all of them are.
const (
	ObjectiveMetric       = objectiveMetric
	BudgetMetric          = budgetMetric
	PeriodMetric          = periodMetric
	CurrentBurnMetric     = currentBurnMetric
	PeriodBurnMetric      = periodBurnMetric
	CountedMetric         = countedMetric
	EventsMetric          = eventsMetric
	ErrorsMetric          = errorsMetric
	AllEventsMetric       = allEventsMetric
	AllErrorsMetric       = allErrorsMetric
	RemainingBudgetMetric = remainingBudgetMetric
)

// Recorded selects a series that is recorded of the service's SLOs, of those
// that a matcher of their label wants; nil stands for all.
func (s *Service) Recorded(metric string, of *labels.Matcher) expr.Selector {
	selector := expr.Select(metric, expr.Equal(s.ServiceLabel, s.Name))
	if of != nil {
		selector = expr.Narrow(selector, of)
	}
	return selector
}

// IsCounted tells whether the SLO's events are counted, and not only their share.
func (s *SLO) IsCounted() bool { return s.isCounted() }

// Timed is an indicator whose histogram tells how long events take.
type Timed interface {
	SLI
	// Quantile is the time within which a share q of events ended, over a window, among the series that matchers want;
	// each group of an SLO has its own.
	Quantile(q *big.Rat, window time.Duration, among ...*labels.Matcher) expr.Expr
	// Slowest is how long a good event may take, in the histogram's unit, of which perSecond make a second.
	Slowest() (limit, perSecond float64)
}
