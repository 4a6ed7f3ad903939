package alerts

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// burnAlert fires while the error ratio of both windows of one of its tiers is
// above the threshold: the long window shows that a relevant share of the
// budget is spent, the short one that errors still happen (SRE workbook,
// chapter 5, "Multiwindow, multi-burn-rate alerts"). Tiers that are joined by or
// follow each other without an end between them: none notifies after another
// has cleared.
func burnAlert(o *slo.SLO, of slo.BurnAlert) Alert {
	first := of.Tiers[0]
	a := Alert{
		Name:          o.AlertName(first),
		For:           of.For(),
		KeepFiringFor: of.KeepFiringFor(),
		Labels:        burnLabels(o.Service, first.Labels, o.Labels),
		Service:       o.Service,
		SLO:           o,
		Tiers:         of.Tiers, MutesDependents: o.MutesDependents,
		Runbook: o.Runbook, RunbookPos: o.RunbookPos,
		Pos:     o.Pos,
		Setting: tierSetting(first.Name, first.Pos),
	}
	for _, t := range of.Tiers {
		burning := burnsBy(o, t)
		if a.Expr != nil {
			burning = expr.Or(a.Expr, burning)
		}
		a.Expr = burning
	}
	if len(of.Tiers) == 1 {
		annotateTier(&a, first)
	} else {
		annotateJoined(&a)
	}
	return a
}

// burnsBy holds while a tier's budget burns too fast.
func burnsBy(o *slo.SLO, t slo.Tier) expr.Expr {
	above := func(window time.Duration) expr.Expr {
		// Written as people check it, factor times budget: (14.4 * 0.005).
		threshold := expr.Paren(expr.Mul(expr.Number(t.Factor()), expr.Number(t.Budget)))
		return expr.Greater(o.ErrorRatio(window), threshold)
	}
	return guarded(o, t, expr.And(above(t.Long), above(t.Short)))
}

func annotateTier(a *Alert, t slo.Tier) {
	o := a.SLO
	annotate(a,
		fmt.Sprintf("%s burns its error budget more than %s times too fast", about(o), spec.FormatDecimal(t.Factor())),
		fmt.Sprintf("{{ $value | humanizePercentage }} of the events of the last %s were bad, and more than %s of those of the last %s. "+
			"The objective is %s over %s%s. Once this fires, at least %s of the budget is spent; at this rate it lasts %s.",
			spec.FormatDuration(t.Long), spec.FormatPercent(t.Threshold()), spec.FormatDuration(t.Short),
			spec.FormatPercent(o.Objective), spec.FormatDuration(t.Period), inWords(o.Summary), spec.FormatPercent(t.Share), lasts(t)))
}

func annotateJoined(a *Alert) {
	o := a.SLO
	var factors, ratios []string
	least := a.Tiers[0].Share
	for _, t := range a.Tiers {
		factors = append(factors, spec.FormatDecimal(t.Factor()))
		ratios = append(ratios, fmt.Sprintf("more than %s of the last %s and of the last %s",
			spec.FormatPercent(t.Threshold()), spec.FormatDuration(t.Long), spec.FormatDuration(t.Short)))
		if t.Share.Cmp(least) < 0 {
			least = t.Share
		}
	}
	annotate(a,
		fmt.Sprintf("%s burns its error budget more than %s times too fast", about(o), strings.Join(factors, " or ")),
		fmt.Sprintf("{{ $value | humanizePercentage }} of the events were bad; this fires at %s. The objective is %s over %s%s. Once this fires, at least %s of the budget is spent.",
			strings.Join(ratios, ", or at "), spec.FormatPercent(o.Objective), spec.FormatDuration(o.Service.Period), inWords(o.Summary), spec.FormatPercent(least)))
}

// inWords is an SLO's summary in parentheses, or nothing.
func inWords(summary string) string {
	if summary == "" {
		return ""
	}
	return " (" + literal(summary) + ")"
}

// lasts is how long the budget lasts when it burns at a tier's factor, in whole minutes.
func lasts(t slo.Tier) string {
	return spec.FormatDuration(t.Lasts(t.Threshold()).Truncate(time.Minute))
}

// guarded adds the low-traffic guard: fewer bad events in the long window than
// the SLO asks for fire nothing. Errors are guarded and not requests, since few
// requests that all fail are an outage as well.
func guarded(o *slo.SLO, t slo.Tier, burning expr.Expr) expr.Expr {
	if o.MinErrors == 0 {
		return burning
	}
	enough := expr.AtLeast(o.Errors(t.Long), expr.Number(big.NewRat(int64(o.MinErrors), 1)))
	return expr.AndOn(expr.Paren(burning), expr.Paren(enough), o.Per...)
}
