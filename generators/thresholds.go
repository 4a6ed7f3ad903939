package generators

import (
	"slices"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// maxRules is how many rules a group may have in Mimir, unless it is told otherwise.
const maxRules = 20

// thresholdFile is the rule file of a service's threshold alerts, or nil.
func thresholdFile(s *alerts.Service) *ruleFile {
	if len(s.Thresholds) == 0 {
		return nil
	}
	f := &ruleFile{name: s.ResourceName(slo.Thresholds), purpose: slo.Thresholds, owner: s.Name}
	n := 0
	for some := range slices.Chunk(s.Thresholds, maxRules) {
		g := ruleGroup{Name: s.AlertsGroupName(n), Interval: spec.PrometheusDuration(s.EvaluationInterval)}
		var origins []Origin
		printer := expr.NewPrinter()
		for _, a := range some {
			g.Rules = append(g.Rules, alertRule(a, printer))
			origins = append(origins, Origin{Pos: a.Pos, Labels: a.Labels, Annotations: a.Threshold.Annotations, Condition: a.Threshold.Written})
		}
		f.Groups, f.origins = append(f.Groups, g), append(f.origins, origins)
		n++
	}
	return f
}
