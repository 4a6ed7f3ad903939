package alerts

import (
	"fmt"
	"math/big"
	"time"

	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// burnAlert fires while the error ratio of both of a tier's windows is above
// the threshold: the long window shows that a relevant share of the budget is
// spent, the short one that errors still happen (SRE workbook, chapter 5,
// "Multiwindow, multi-burn-rate alerts").
func burnAlert(o *slo.SLO, t *slo.Tier) Alert {
	above := func(window time.Duration) expr.Expr {
		// Written as people check it, factor times budget: (14.4 * 0.005).
		threshold := expr.Paren(expr.Mul(expr.Number(t.Factor()), expr.Number(t.Budget)))
		return expr.Greater(o.ErrorRatio(window), threshold)
	}
	a := Alert{
		Name:    o.AlertName(*t),
		Expr:    guarded(o, t, expr.And(above(t.Long), above(t.Short))),
		Labels:  burnLabels(o.Service, t.Labels, o.Labels),
		Service: o.Service,
		SLO:     o,
		Tier:    t,
		Runbook: o.Runbook, RunbookPos: o.RunbookPos,
		Pos:     o.Pos,
		Setting: tierSetting(t.Name, t.Pos),
	}
	factor := spec.FormatDecimal(t.Factor())
	annotate(&a,
		fmt.Sprintf("%s %s burns its error budget more than %s times too fast", o.Service.Name, o.Name, factor),
		fmt.Sprintf("{{ $value | humanizePercentage }} of the events of the last %s were bad, and more than %s of those of the last %s. "+
			"The objective is %s over %s%s. Once this fires, at least %s of the budget is spent; at this rate it lasts %s.",
			spec.FormatDuration(t.Long), spec.FormatPercent(t.Threshold()), spec.FormatDuration(t.Short),
			spec.FormatPercent(o.Objective), spec.FormatDuration(t.Period), inWords(o.Summary), spec.FormatPercent(t.Share), lasts(t)))
	return a
}

// inWords is an SLO's summary in parentheses, or nothing.
func inWords(summary string) string {
	if summary == "" {
		return ""
	}
	return " (" + literal(summary) + ")"
}

// lasts is how long the budget lasts when it burns at a tier's factor, in whole minutes.
func lasts(t *slo.Tier) string {
	return spec.FormatDuration(t.Lasts(t.Threshold()).Truncate(time.Minute))
}

// guarded adds the low-traffic guard: fewer bad events in the long window than
// the SLO asks for fire nothing. Errors are guarded and not requests, since few
// requests that all fail are an outage as well.
func guarded(o *slo.SLO, t *slo.Tier, burning expr.Expr) expr.Expr {
	if o.MinErrors == 0 {
		return burning
	}
	enough := expr.AtLeast(o.Errors(t.Long), expr.Number(big.NewRat(int64(o.MinErrors), 1)))
	return expr.AndOn(expr.Paren(burning), expr.Paren(enough))
}
