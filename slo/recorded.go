package slo

import (
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/expr"
)

// The series that dashboards show, besides ErrorRatioMetric. A test of the
// dashboards holds that rules record them.
const (
	ObjectiveMetric       = objectiveMetric
	BudgetMetric          = budgetMetric
	CurrentBurnMetric     = currentBurnMetric
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

// Timed is an indicator whose histogram tells how long events take.
type Timed interface {
	SLI
	// Buckets selects the histogram's buckets; limit is the slowest good event, in the unit of the histogram, of which
	// perSecond make a second.
	Buckets() (buckets expr.Selector, limit, perSecond float64)
}
