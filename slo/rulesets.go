package slo

import "time"

// RuleSet are recording rules of an SLO that are evaluated together.
type RuleSet struct {
	Purpose  string // names the group and the file
	Interval time.Duration
	Rules    []RecordingRule
}

// BurnRate is the purpose of the rule set that alerts are evaluated with.
const BurnRate = "burnrate"

// Thresholds is the purpose of the rules of threshold alerts.
const Thresholds = "alerts"

// Period is the purpose of the rule set that no alert depends on.
const Period = "period"

// RuleSets are all recording rules of the SLO, each after those that it reads.
func (s *SLO) RuleSets() []RuleSet {
	if !s.isCounted() {
		return []RuleSet{
			{BurnRate, s.Service.EvaluationInterval, s.RecordingRules()},
			{Period, rawPeriodInterval, s.PeriodRules()},
		}
	}
	return []RuleSet{
		{"sums", SumInterval, s.SumRules()},
		{BurnRate, s.Service.EvaluationInterval, s.RecordingRules()},
		{Period, PeriodInterval, s.PeriodRules()},
	}
}
