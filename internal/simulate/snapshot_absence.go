package simulate

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/slo"
)

// absences are the snapshots of an SLO's alert on absent metrics: everything is
// there, and each of the inputs is gone alone. What is like it is there always.
func absences(o *slo.SLO) []*snapshot {
	if !o.Service.Absence.Enabled {
		return nil
	}
	all := []*snapshot{absence(o, "all metrics are there", nil)}
	for _, input := range o.SLI.Inputs() {
		all = append(all, absence(o, "nothing of "+expr.String(input.Expr())+" is there", input))
	}
	return all
}

func absence(o *slo.SLO, name string, gone slo.Input) *snapshot {
	s := &snapshot{name: name, watch: Span{settle, settle}, interval: o.Service.EvaluationInterval}
	s.of = func(r *rulefile.Rule) bool { return r.Alert == o.AbsenceAlertName() }
	if gone != nil {
		set := alertsOf(o).Absence[0].LabelSet()
		for _, l := range o.Per {
			delete(set, l) // no group is there that could be named
		}
		s.active = []activeAlert{{labels.FromMap(set)}}
	}
	s.given = func() *engine.Storage {
		storage := engine.NewStorage()
		fill := into(storage)
		crowd{o, newBooks(o).history(mixed)}.eachSeries(settle, nil, func(m made) {
			if !slices.ContainsFunc(gone, func(s expr.Selector) bool { return selects(s, m.labels) }) {
				fill(m)
			}
		})
		return storage
	}
	return s
}

func selects(s expr.Selector, lset labels.Labels) bool {
	return !slices.ContainsFunc(s.LabelMatchers, func(m *labels.Matcher) bool { return !m.Matches(lset.Get(m.Name)) })
}
