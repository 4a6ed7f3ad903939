package alerts

import (
	"fmt"

	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// absenceAlert fires when the metrics of an SLO are gone. No errors can be
// counted then, and everything else would stay silent.
func absenceAlert(o *slo.SLO) Alert {
	var gone expr.Expr
	for _, input := range o.SLI.Inputs() {
		// An aggregation drops the labels that absent() makes up from matchers: what the alert carries is decided here.
		all := expr.Sum(input.Expr())
		if o.SLI.Slice() > 0 {
			all = expr.Group(input.Expr()) // gauges and quantiles do not add up
		}
		one := expr.Absent(all)
		if gone == nil {
			gone = one
		} else {
			gone = expr.Or(gone, one)
		}
	}
	absence := o.Service.Absence
	a := Alert{
		Name:    o.AbsenceAlertName(),
		Expr:    gone,
		For:     absence.For,
		Labels:  absenceLabels(o.Service, o.Labels).With(o.Identity()),
		Service: o.Service,
		SLO:     o,
		Runbook: o.Runbook, RunbookPos: o.RunbookPos,
		Pos:     o.Pos,
		Setting: absenceSetting(o.Service),
	}
	annotate(&a,
		fmt.Sprintf("%s %s cannot be measured: its metrics are gone", o.Service.Name, o.Name),
		fmt.Sprintf("Nothing has matched %s for %s. While that lasts, no other alert of this SLO can fire.",
			literal(expr.String(o.SLI.Inputs()[0].Expr())), spec.FormatDuration(absence.For)))
	return a
}
