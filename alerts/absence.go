package alerts

import (
	"fmt"
	"time"

	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// remembered is how long ago a group may have been measured last for its
// absence to be noticed. Groups that leave for good are forgotten after that.
const (
	remembered     = 24 * time.Hour
	rememberedStep = 5 * time.Minute // groups that last no longer may not be missed
)

// vanished are the groups that were measured lately and have nothing to be
// measured by now.
func vanished(o *slo.SLO) expr.Expr {
	windows := o.Windows()
	if len(windows) == 0 {
		return nil
	}
	was := expr.Group(expr.Every("present_over_time", o.ErrorRatio(windows[0]), remembered, rememberedStep, 0), o.Per...)
	var gone expr.Expr
	for _, input := range o.SLI.Inputs() {
		one := expr.UnlessOn(was, expr.Group(input.Expr(), o.Per...), o.Per...)
		if gone == nil {
			gone = one
		} else {
			gone = expr.Or(gone, one)
		}
	}
	return gone
}

// absenceAlert fires when the metrics of an SLO are gone. No errors can be
// counted then, and everything else would stay silent.
func absenceAlert(o *slo.SLO) Alert {
	var gone expr.Expr
	if len(o.Per) > 0 {
		gone = vanished(o)
	}
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
	if len(o.Per) > 0 {
		annotate(&a,
			fmt.Sprintf("%s cannot be measured: metrics are gone", about(o)),
			fmt.Sprintf("For %s nothing has matched %s that did within the last %s; where no group is named, nothing at all does. While that lasts, no other alert of the group can fire.",
				spec.FormatDuration(absence.For), literal(expr.String(o.SLI.Inputs()[0].Expr())), spec.FormatDuration(remembered)))
		return a
	}
	annotate(&a,
		fmt.Sprintf("%s cannot be measured: its metrics are gone", about(o)),
		fmt.Sprintf("Nothing has matched %s for %s. While that lasts, no other alert of this SLO can fire.",
			literal(expr.String(o.SLI.Inputs()[0].Expr())), spec.FormatDuration(absence.For)))
	return a
}
