package alerts

import "slowburn/internal/expr"

// Expressions are those of a service's rules and signals, in their order.
func (s *Service) Expressions() []expr.Expr {
	all := s.RuleExpressions()
	for _, signal := range s.Signals {
		if signal.Expr != nil {
			all = append(all, signal.Expr)
		}
	}
	return all
}

// RuleExpressions are those of a service's rules, in their order.
func (s *Service) RuleExpressions() []expr.Expr {
	var all []expr.Expr
	of := func(alerts []Alert) {
		for _, a := range alerts {
			all = append(all, a.Expr)
		}
	}
	for _, o := range s.SLOs {
		for _, set := range o.RuleSets() {
			for _, rule := range set.Rules {
				all = append(all, rule.Expr)
			}
		}
		of(o.Burn)
		of(o.Absence)
	}
	of(s.Thresholds)
	return all
}
