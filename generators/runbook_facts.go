package generators

import (
	"fmt"
	"strings"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// facts says what each alert that links here means.
func (p *page) facts() string {
	var b strings.Builder
	var before *linkedAlert
	for i, a := range p.alerts {
		if before != nil && before.Name == a.Name {
			continue // another member of the same alert
		}
		if before != nil {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "**%s**\n\n", escape(a.Name))
		if members := p.membersOf(a.Alert); len(members) > 0 {
			fmt.Fprintf(&b, "- One alert for each of %s. Of the first:\n", escape(strings.Join(members, ", ")))
		}
		for _, fact := range p.factsOf(a, before) {
			fmt.Fprintf(&b, "- %s\n", fact)
		}
		before = &p.alerts[i]
		fmt.Fprintf(&b, "\n```promql\n%s\n```\n", verifyQuery(a.Alert))
	}
	if len(p.alerts) == 0 {
		return "No alert links to this page."
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// membersOf are the members that the spec lists for an alert.
func (p *page) membersOf(a alerts.Alert) []string {
	var members []string
	for _, o := range p.alerts {
		if o.Name == a.Name && o.Threshold != nil && o.Threshold.Member != "" {
			members = append(members, o.Threshold.Member)
		}
	}
	return members
}

// factsOf are the facts of an alert. What it has in common with the alert before
// it on the page is not said again: the page is read on a phone.
func (p *page) factsOf(a linkedAlert, before *linkedAlert) []string {
	var facts []string
	switch {
	case a.Threshold != nil:
		facts = thresholdFacts(a.Alert)
	case before != nil && before.SLO == a.SLO:
		facts = sloFacts(a.Alert)
	default:
		facts = append([]string{promise(a.SLO)}, sloFacts(a.Alert)...)
	}
	facts = append(facts, p.audience(a)...)
	if link := a.DashboardURL(); link != "" && (before == nil || before.DashboardURL() != link) {
		facts = append(facts, "Dashboard: <"+link+">")
	}
	return facts
}

// thresholdFacts say when a threshold alert fires.
func thresholdFacts(a alerts.Alert) []string {
	fires := "Fires while " + withCode(a.Threshold.Condition)
	if a.For > 0 {
		fires += ", when that has lasted for " + spec.FormatDuration(a.For)
	}
	facts := []string{fires + "."}
	if keep := a.KeepFiringFor; keep > 0 {
		facts = append(facts, fmt.Sprintf("Goes on for %s after that has ended.", spec.FormatDuration(keep)))
	}
	return facts
}

// promise is what an SLO promises.
func promise(o *slo.SLO) string {
	text := fmt.Sprintf("Objective: %s over %s", spec.FormatPercent(o.Objective), spec.FormatDuration(o.Service.Period))
	if o.Summary != "" {
		text += ": " + withCode(o.Summary)
	}
	return text + "."
}

// sloFacts say when an alert of an SLO fires, and what is lost by then.
func sloFacts(a alerts.Alert) []string {
	var facts []string
	for i, t := range a.Tiers {
		facts = append(facts, tierFacts(a, t, i > 0)...)
	}
	if len(a.Tiers) == 0 {
		facts = append(facts, fmt.Sprintf("Fires when the SLO's metrics have been gone for %s. No other alert of the SLO can fire meanwhile.", spec.FormatDuration(a.For)))
	}
	return facts
}

// tierFacts are those of one tier of a burn-rate alert.
func tierFacts(a alerts.Alert, t slo.Tier, further bool) []string {
	fires, outage := "Fires", "In a full outage it fires after %s, plus a scrape and an evaluation; it ends %s after the last error."
	if further {
		fires, outage = "Fires also", "In a full outage that is after %s, and until %s after the last error."
	}
	facts := []string{fmt.Sprintf("%s when more than %s of the events of the last %s, and of the last %s, were bad: the error budget burns more than %s times too fast.",
		fires, spec.FormatPercent(t.Threshold()), spec.FormatDuration(t.Long), spec.FormatDuration(t.Short), spec.FormatDecimal(t.Factor()))}
	if full, reset, ok := t.FullOutage(a.SLO.SLI.Slice()); ok {
		facts = append(facts, fmt.Sprintf(outage, spec.FormatDuration(full+a.For), spec.FormatDuration(reset+a.KeepFiringFor)))
	}
	facts = append(facts, fmt.Sprintf("By then %s of the budget is spent. A full outage of %s spends all of it.",
		spec.FormatPercent(t.Share), spec.FormatDuration(t.BudgetTime())))
	if a.SLO.MinErrors > 0 {
		facts = append(facts, fmt.Sprintf("Silent below %s in %s, whatever their share.", badEvents(a.SLO.MinErrors), spec.FormatDuration(t.Long)))
	}
	return facts
}

func badEvents(n int) string {
	if n == 1 {
		return "1 bad event"
	}
	return fmt.Sprintf("%d bad events", n)
}

// verifyQuery is a query that shows what the alert saw.
func verifyQuery(a alerts.Alert) string {
	if len(a.Tiers) == 0 {
		return expr.String(a.Expr)
	}
	return expr.String(a.SLO.ErrorRatio(a.Tiers[0].Long))
}
