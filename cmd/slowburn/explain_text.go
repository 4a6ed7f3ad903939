package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// explanationText lays out what an alert means: a page of facts and tables.
func explanationText(x alerts.Explanation) string {
	p := &explanationPage{}
	p.line("%s", x.Alert)
	p.line("")
	p.head(x)
	if x.Burn != nil {
		p.burn(x)
	}
	for i := range x.OrBurn {
		x.Burn = &x.OrBurn[i]
		p.section("Or by tier " + x.Burn.Tier + ", " + burnWords(x))
		p.burn(x)
	}
	if x.Absence != nil {
		p.absence(x)
	}
	if x.Threshold != nil {
		p.threshold(x)
	}
	p.cost(x)
	return p.String()
}

// burn says what one tier means.
func (p *explanationPage) burn(x alerts.Explanation) {
	p.ratios(x)
	p.budget(x)
	p.outage(x)
	p.traffic(x)
}

type explanationPage struct{ strings.Builder }

func (p *explanationPage) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *explanationPage) section(title string) { p.line("\n%s", title) }

// table prints rows in aligned columns, indented.
func (p *explanationPage) table(rows [][]string) {
	t := tabwriter.NewWriter(p, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(t, "  "+strings.Join(row, "\t"))
	}
	_ = t.Flush() // into memory
}

func (p *explanationPage) head(x alerts.Explanation) {
	service := x.Service
	if x.Owner != "" {
		service += ", owned by " + x.Owner
	}
	objective := x.SLO
	if x.Summary != "" {
		objective += ": " + x.Summary
	}
	rows := [][]string{{"service", service}}
	if x.SLO != "" {
		rows = append(rows, []string{"SLO", objective})
		if len(x.Per) > 0 {
			rows = append(rows, []string{"per", strings.Join(x.Per, ", ") + ": each group is an SLO of its own, and is judged alone"})
		}
		rows = append(rows,
			[]string{"objective", fmt.Sprintf("%s over %s: a budget of %s", percent(x.Objective), duration(x.Period), percent(x.Budget))},
			[]string{"counts", x.Events})
	}
	if t := x.Threshold; t != nil {
		rows = append(rows, []string{"fires", "while " + t.Condition})
	}
	if b := x.Burn; b != nil {
		if b.BadEvents != "" {
			rows = append(rows, []string{"bad ones", b.BadEvents})
		}
		rows = append(rows, []string{"fires", burnWords(x)})
	}
	if a := x.Absence; a != nil {
		rows = append(rows, []string{"fires", "when metrics that the SLO is measured by have been gone for " + duration(a.For)})
	}
	wait := "none: it fires at once"
	if x.Delay.For > 0 {
		wait = duration(x.Delay.For)
	}
	rows = append(rows, []string{"for", wait})
	if x.Burn != nil && x.Delay.KeepFiring > 0 {
		rows = append(rows, []string{"keeps firing", duration(x.Delay.KeepFiring) + " longer than the table says"})
	}
	rows = append(rows, []string{"labels", labelList(x.Labels)})
	for _, optional := range [][]string{
		{"tells", diag.Mask(strings.Join(x.Receivers, ", "))}, {"runbook", strings.TrimSpace(x.Runbook + " " + x.RunbookURL)}, {"dashboard", x.DashboardURL},
	} {
		if optional[1] != "" {
			rows = append(rows, optional)
		}
	}
	p.table(rows)
}

func burnWords(x alerts.Explanation) string {
	b := x.Burn
	over := "over " + duration(b.Long)
	if b.Short > 0 {
		over += " and over " + duration(b.Short)
	}
	words := fmt.Sprintf("when more than %s of events were bad %s: factor %s × budget %s",
		percent(b.Threshold), over, decimal(b.Factor), percent(x.Budget))
	if b.MinErrors > 0 {
		words += fmt.Sprintf(", and at least %s over %s", countWord(b.MinErrors, "bad event"), duration(b.Long))
	}
	return words
}

func (p *explanationPage) ratios(x alerts.Explanation) {
	b := x.Burn
	p.section("When it fires: errors begin at once, after none, with enough traffic (below)")
	if b.NeedsObjective != nil {
		p.line("  It can never fire: no more than 100%% of events can be bad. A factor of %s needs an objective above %s.", decimal(b.Factor), percent(*b.NeedsObjective))
	}
	rows := [][]string{{"ERROR RATIO", "BUDGET'S RATE", "FIRES AFTER", "CLEARS AFTER THEIR END", "BUDGET SPENT BY THEN"}}
	for _, r := range b.ByRatio {
		ratio, fires, clears, spent := percent(r.Errors), "never", "-", "-"
		if r.JustAbove {
			ratio = "just above " + ratio
		}
		if r.FiresAfter != nil {
			fires, clears, spent = duration(*r.FiresAfter), duration(*r.ClearsAfter), percent(*r.Spent)
		}
		rows = append(rows, []string{ratio, decimal(r.Rate) + "×", fires, clears, spent})
	}
	p.table(rows)
}

func (p *explanationPage) budget(x alerts.Explanation) {
	b := x.Burn
	p.section("The budget")
	if b.NeedsObjective == nil {
		p.line("  When it fires, %s of the budget is spent: %s × %s / %s.", percent(b.SpentWhenFiring), decimal(b.Factor), duration(b.Long), duration(x.Period))
		p.line("  At the threshold all of it lasts %s, in a full outage %s.", duration(b.LastsAtThreshold), duration(b.LastsInOutage))
		return
	}
	p.line("  In a full outage it lasts %s.", duration(b.LastsInOutage))
}

// outage says what the arithmetic leaves out.
func (p *explanationPage) outage(x alerts.Explanation) {
	o := x.Burn.Outage
	if o == nil {
		return
	}
	p.section("In reality")
	early := ""
	if x.Delay.Slice == 0 {
		early = fmt.Sprintf(" Or up to %s earlier, since rate() extrapolates.", duration(x.Delay.Scrape))
	}
	p.line("  Up to %s later: %s.%s", duration(x.Delay.Total), delayWords(x.Delay), early)
	p.line("  A full outage fires it after %s by arithmetic, and within %s; then Alertmanager waits (group_wait).", duration(o.FiresAfter), duration(o.FiresWithin))
	if o.FiresAfterErrors == 0 {
		p.line("  If %s of events fail all the time, as the budget allows, it fires all the time: its threshold is not above that.", percent(x.Budget))
		return
	}
	p.line("  If %s of events fail all the time, as the budget allows, a full outage fires it after %s.", percent(x.Budget), duration(o.FiresAfterErrors))
}

func delayWords(d alerts.Delay) string {
	words := fmt.Sprintf("scrape interval %s + evaluation interval %s", duration(d.Scrape), duration(d.Evaluation))
	if d.For > 0 {
		words += " + for " + duration(d.For)
	}
	if d.Slice > 0 {
		words += " + slice " + duration(d.Slice)
	}
	return words
}

func (p *explanationPage) traffic(x alerts.Explanation) {
	t, b := x.Burn.Traffic, x.Burn
	if t == nil {
		return
	}
	p.section("The least traffic")
	bound := fmt.Sprintf("%d / (%s × %s)", t.Errors, percent(b.Threshold), duration(b.Long))
	if t.Errors == 1 {
		p.line("  Below %s events an hour, one single failure fires it: %s.", decimal(t.Least), bound)
	} else {
		p.line("  Below %s events an hour, a burn at the threshold is fewer than %d bad events in %s: %s.", decimal(t.Least), t.Errors, duration(b.Long), bound)
		p.line("  There the guard (minErrors) decides. It hides a full outage that ends before %d events failed.", t.Errors)
	}
	rows := [][]string{{"EVENTS AN HOUR", "TIME FOR " + strings.ToUpper(countWord(t.Errors, "failure")), "FULL OUTAGE FIRES AFTER"}}
	for _, r := range t.ByTraffic {
		fires := fmt.Sprintf("never: %s holds fewer", duration(b.Long))
		if r.FiresAfter != nil {
			fires = duration(*r.FiresAfter)
		}
		rows = append(rows, []string{strconv.Itoa(r.Events), duration(r.ErrorsTake), fires})
	}
	p.table(rows)
}

// absence says what the alert on missing metrics sees, and what it does not.
func (p *explanationPage) absence(x alerts.Explanation) {
	p.section("What must be gone")
	for _, s := range x.Absence.Gone {
		p.line("  every series of %s", s)
	}
	if len(x.Absence.Gone) > 1 {
		p.line("  One of them is enough.")
	}
	if x.Absence.Remembered > 0 {
		p.line("  Of any group that was measured within the last %s: one that left for good is missed for so long. Or of all groups.", duration(x.Absence.Remembered))
	}
	p.line("  Within %s it fires: %s. Where a series ends without a staleness", duration(x.Delay.Total), delayWords(x.Delay))
	p.line("  marker (federation, remote write), Prometheus takes its last sample for the current one up to 5m longer.")
	p.section("What it hides, and what hides from it")
	p.line("  While the metrics are gone, no other alert of this SLO can fire.")
	p.line("  Metrics that are gone for less than %s, and those of some instances but not of all, are not noticed.", duration(x.Absence.For))
	p.line("  Bad events need no series: a service that never failed has none. A classifier that matches nothing any more is not noticed.")
}

// threshold says how soon a condition is noticed.
func (p *explanationPage) threshold(x alerts.Explanation) {
	t := x.Threshold
	p.section("When it fires")
	p.line("  %s", t.Expr)
	if len(t.ByShare) > 0 {
		rows := [][]string{{"BAD EVENTS", "FIRES AFTER"}}
		for _, r := range t.ByShare {
			rows = append(rows, []string{percent(r.Share), duration(r.FiresAfter)})
		}
		p.table(rows)
	}
	p.line("  Within %s of the condition: %s.", duration(x.Delay.Total), delayWords(x.Delay))
	if t.For > 0 {
		p.line("  A condition that holds for less than %s fires nothing.", duration(t.For))
	}
	if t.KeepFiringFor > 0 {
		p.line("  It goes on for %s after the condition has ceased to hold.", duration(t.KeepFiringFor))
	}
}

func (p *explanationPage) cost(x alerts.Explanation) {
	c := x.Cost
	p.section("What it costs: samples read by each evaluation")
	rows := [][]string{{"RULE", "EVERY", "READS", "BACK TO", "SERIES", "SAMPLES"}}
	for _, r := range c.Reads {
		back, series, samples := "newest", "?", fmt.Sprintf("%d each", r.Samples)
		if r.Back > 0 {
			back = duration(r.Back)
		}
		if r.Series != nil {
			series, samples = strconv.Itoa(*r.Series), strconv.Itoa(*r.Series*r.Samples)
		}
		rows = append(rows, []string{r.Rule, duration(r.Every), r.Selector, back, series, samples})
	}
	p.table(rows)
	total := fmt.Sprintf("%d samples", c.Samples)
	if c.Uncounted > 0 {
		total += fmt.Sprintf(", and %d if each selector that could not be counted has one series", c.Uncounted)
	}
	counted := "There is no metric catalogue to count series in."
	if c.Catalogue {
		counted = "Series are those of the metric catalogue, the page of one instance: multiply by how many there are."
	}
	p.line("  In all %s. %s", total, counted)
	shared := ""
	if x.SLO != "" {
		shared = " Other alerts of the SLO may share recording rules."
	}
	p.line("  The samples of a selector are series × window / interval, for each window that the rule reads.%s", shared)
}

func labelList(labels map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		list = append(list, name+"="+strconv.Quote(labels[name]))
	}
	return strings.Join(list, ", ")
}

func duration(s alerts.Seconds) string { return spec.FormatDuration(time.Duration(s)) }
func percent(q alerts.Fraction) string { return spec.FormatPercent(q.Rat) }
func decimal(q alerts.Fraction) string { return spec.FormatDecimal(q.Rat) }

// sloCostText lays out what the rules of an SLO cost.
func sloCostText(c alerts.SLOCost) string {
	p := &explanationPage{}
	p.line("%s %s: what its rules cost Prometheus", c.Service, c.SLO)
	p.line("")
	rows := [][]string{{"GROUP", "EVERY", "RULES", "SERIES", "SAMPLES READ EACH TIME", "A MINUTE"}}
	for _, g := range c.Groups {
		rows = append(rows, []string{g.Group, duration(g.Every), strconv.Itoa(g.Rules), strconv.Itoa(g.Series), strconv.Itoa(g.Samples), whole(g.SamplesPerMinute)})
	}
	rows = append(rows, []string{"all", "", strconv.Itoa(c.Rules), strconv.Itoa(c.Series), "", whole(c.SamplesPerMinute)})
	p.table(rows)
	if len(c.Per) > 0 {
		members := "Nobody has counted them: these are the figures of one."
		if c.Members != nil {
			members = fmt.Sprintf("The metric catalogue has %d of them.", *c.Members)
		}
		p.line("\nEach %s is an SLO of its own. %s Every further one records %d series, and may raise each alert once more.",
			strings.Join(c.Per, " and "), members, c.SeriesPerMember)
	}
	var windows []string
	for _, w := range c.RawWindows {
		windows = append(windows, duration(w))
	}
	p.line("\nThe same error ratios by raw windows (%s) every %s would read %s samples a minute: %s times as many.",
		strings.Join(windows, ", "), duration(c.RawEvery), whole(c.RawSamplesPerMinute), whole(c.RawSamplesPerMinute/c.SamplesPerMinute))
	if c.Catalogue {
		p.line("Series are those of the metric catalogue, the page of one instance: multiply by how many there are.")
	} else {
		p.line("Without a metric catalogue nobody has counted series: these are the samples of one for each selector.")
	}
	return p.String()
}

func whole(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
