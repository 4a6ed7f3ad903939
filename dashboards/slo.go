package dashboards

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// sloView shows the SLOs of a service, and the chosen one.
type sloView struct{ *alerts.Service }

// ofSLO selects what is recorded of the chosen SLO.
func (v sloView) ofSLO(metric string) expr.Selector {
	return v.Recorded(metric, expr.Equal(v.SLOLabel, variable("slo")))
}

// chosen selects what is recorded of the chosen groups of the chosen SLO.
func (v sloView) chosen(metric string) expr.Selector {
	return expr.Narrow(v.ofSLO(metric), chosenValues(v.groups())...)
}

// groups are the labels by which SLOs of the service are grouped.
func (v sloView) groups() []string { return groupLabels(v.Service) }

// all is the table of the service's SLOs. A click chooses one.
func (v sloView) all() dashboard.Panel {
	recorded := func(metric string) expr.Expr { return v.Recorded(metric, nil) }
	identity := []string{v.ServiceLabel, v.SLOLabel}
	return list{
		title:       "SLOs of " + v.Name + ", the worst first",
		description: "What was promised, what was kept over the last " + v.period() + ", and what of the error budget is left. A click on a name shows that SLO below.",
		by:          append([]string{v.SLOLabel}, v.groups()...), worst: budgetTitle, columns: sloColumns(recorded, identity, v.shortest(), v.Service),
		clicked: v.SLOLabel,
		opens:   "/d/" + v.DashboardUID() + "?var-slo=${__data.fields." + v.SLOLabel + "}&${datasource:queryparam}&${__url_time_range}",
	}.panel()
}

const budgetTitle = "Budget left"

// sloColumns are what is told of an SLO, or of each of its groups, in a table.
// What is the same for all groups is recorded once for the SLO, which the labels
// of its identity name.
func sloColumns(recorded func(metric string) expr.Expr, identity []string, short time.Duration, of ...*alerts.Service) []column {
	left := func() expr.Expr { return recorded(slo.RemainingBudgetMetric) }
	objective := expr.AddEach(expr.Mul(expr.Number(new(big.Rat)), left()), recorded(slo.ObjectiveMetric), identity...)
	// 1 - spent * (1 - objective): periods differ, and with them the names of recorded ratios.
	spent := expr.Paren(expr.Sub(expr.Number(one), left()))
	good := expr.Sub(expr.Number(one), expr.MulEach(spent, recorded(slo.BudgetMetric), identity...))
	columns := []column{
		{title: "Objective", unit: unitShare, of: objective, decimals: given(decimals(of...))},
		{title: "Good events", unit: unitShare, of: good, least: true, decimals: given(goodDecimals(of...))},
		{title: budgetTitle, unit: unitShare, of: left(), least: true, levels: budgetLevels()},
	}
	if short > 0 {
		columns = append(columns, column{title: "Burn rate now", unit: unitTimes, of: recorded(slo.CurrentBurnMetric), levels: burnLevels()})
	}
	return columns
}

// budgetLevels colour what is left of a budget: red where there is nothing.
func budgetLevels() *dashboard.ThresholdsConfig {
	return levels(colourBad, level{0, colourWarning}, level{0.25, colourFine})
}

// burnLevels colour a burn rate: above 1 the budget will not last.
func burnLevels() *dashboard.ThresholdsConfig { return levels(colourFine, level{1, colourWarning}) }

// figures are the answer in numbers.
func (v sloView) figures(p *page) {
	width := uint32(columns / 4)
	add := func(f figure) { p.add(size{width, 4}, f.panel()) }
	add(figure{
		title: budgetTitle, unit: unitShare, levels: budgetLevels(), queries: []query{{of: v.chosen(slo.RemainingBudgetMetric), legend: legend("", v.groups())}},
		description: "The share of the error budget of the last " + v.period() + " that is not spent. Below zero the objective is missed.",
	})
	add(figure{
		title: "Good events and objective", unit: unitShare, levels: levels(colourPlain), decimals: given(goodDecimals(v.Service)),
		queries: []query{
			{of: expr.Sub(expr.Number(one), v.chosen(slo.ErrorRatioMetric(v.Period))), legend: legend("good", v.groups())},
			{of: v.ofSLO(slo.ObjectiveMetric), legend: "objective"},
		},
		description: "The share of good events in the last " + v.period() + ", and what was promised.",
	})
	if short := v.shortest(); short > 0 {
		add(figure{
			title: "Burn rate now", unit: unitTimes, levels: v.tierLevels(colourFine), queries: []query{{of: v.chosen(slo.CurrentBurnMetric), legend: legend("", v.groups())}},
			description: "How many times faster than the objective allows errors happen, over the last " + spec.FormatDuration(short) + ". At 1 the budget lasts exactly as long as the period.",
		})
	}
	firing := expr.Count(firingAlerts(v.Service.Service, expr.Equal(v.SLOLabel, variable("slo"))))
	add(figure{
		title: "Alerts firing", unit: unitNumber, levels: levels(colourPlain, level{1, colourBad}), queries: []query{{of: firing}}, none: "0",
		description: "Alerts of this SLO that fire now.", links: v.alertLinks(),
	})
}

// budget is how the budget was spent over the period.
func (v sloView) budget() dashboard.Panel {
	return graph{
		title: "Budget left over " + v.period(), unit: unitShare, from: spec.PrometheusDuration(v.Period),
		description: "At each instant, what was left of the error budget of the " + v.period() + " before it. At zero the objective is missed.",
		queries:     []query{{of: v.chosen(slo.RemainingBudgetMetric), legend: legend("left", v.groups()), every: slo.PeriodInterval}},
		limits:      levels(colourNone, level{0, colourBad}), floor: given(0.0), ceiling: given(1.0),
	}.panel()
}

// burn is how fast the budget burns, beside what alerts fire at.
func (v sloView) burn() dashboard.Panel {
	var queries []query
	for _, w := range v.windows() {
		rate := expr.DivEach(v.chosen(slo.ErrorRatioMetric(w)), v.ofSLO(slo.BudgetMetric), v.ServiceLabel, v.SLOLabel)
		queries = append(queries, query{of: rate, legend: legend(spec.FormatDuration(w), v.groups()), every: v.EvaluationInterval})
	}
	var fires []string
	ceiling := 1.0
	for i, t := range tiers(v.Service) {
		fires = append(fires, fmt.Sprintf("%s fires while the rates over %s are above %s.", plain(t.Alert), windowsOf(t), spec.FormatDecimal(t.Factor())))
		if i == 0 {
			ceiling = t.factor
		}
	}
	return graph{
		title: "Burn rate by window", unit: unitTimes, queries: queries, limits: v.tierLevels(colourNone), links: v.runbookLinks(),
		description: "How many times faster than the objective allows the error budget burns. " + strings.Join(fires, " "),
		floor:       given(0.0), ceiling: given(ceiling),
	}.panel()
}

func windowsOf(t tierOf) string {
	if t.Short == 0 {
		return spec.FormatDuration(t.Long)
	}
	return spec.FormatDuration(t.Long) + " and " + spec.FormatDuration(t.Short)
}

// tierLevels are the factors at which alerts fire, the fastest in red.
func (v sloView) tierLevels(below string) *dashboard.ThresholdsConfig {
	var above []level
	all := tiers(v.Service)
	for i, t := range all {
		l := level{t.factor, colourWarning}
		if i == len(all)-1 {
			l.colour = colourBad
		}
		if i > 0 && above[len(above)-1].from == l.from {
			above = above[:len(above)-1]
		}
		above = append(above, l)
	}
	return levels(below, above...)
}

// events is the traffic, and how much of it is bad.
func (v sloView) events() dashboard.Panel {
	rate := func(metric string) expr.Expr { return expr.Rate(v.chosen(metric), rateInterval) }
	return graph{
		title: "Events a second", unit: unitPerSecond, stacked: true, floor: given(0.0), none: v.notCounted(),
		description: "Good and bad events a second, as the objective counts them.",
		queries: []query{
			{of: rate(slo.AllErrorsMetric), legend: legend("bad", v.groups()), every: slo.SumInterval},
			{of: expr.Sub(rate(slo.AllEventsMetric), rate(slo.AllErrorsMetric)), legend: legend("good", v.groups()), every: slo.SumInterval},
		},
		overrides: []dashboard.DashboardFieldConfigSourceOverrides{overrideLike("^bad", fixedColour(colourBad)), overrideLike("^good", fixedColour(colourFine))},
	}.panel()
}

// isCounted tells whether events of some SLO are counted.
func (v sloView) isCounted() bool {
	return slices.ContainsFunc(v.SLOs, func(o alerts.SLOAlerts) bool { return o.IsCounted() })
}

// notCounted is what is shown of an SLO whose events are not, if there is one.
func (v sloView) notCounted() string {
	if slices.ContainsFunc(v.SLOs, func(o alerts.SLOAlerts) bool { return !o.IsCounted() }) {
		return "events are not counted"
	}
	return ""
}

func (v sloView) period() string { return spec.FormatDuration(v.Period) }

// windows are those of all SLOs, ascending, each once.
func (v sloView) windows() []time.Duration {
	var all []time.Duration
	for _, o := range v.SLOs {
		all = append(all, o.Windows()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// shortest is the window of the current burn rate, or 0 where there is none.
func (v sloView) shortest() time.Duration {
	for _, w := range v.windows() {
		return w
	}
	return 0
}

// runbookLinks lead to the runbooks of the SLOs.
func (v sloView) runbookLinks() []dashboard.DashboardLink {
	var all []dashboard.DashboardLink
	for _, o := range v.SLOs {
		if address := v.RunbookURL(o.Runbook); address != "" {
			all = append(all, runbookLink(o.Name, address))
		}
	}
	return all
}

// alertLinks lead to the alerts of the SLOs.
func (v sloView) alertLinks() []dashboard.DashboardLink {
	var all []dashboard.DashboardLink
	for _, o := range v.SLOs {
		for _, a := range append(slices.Clone(o.Burn), o.Absence...) {
			all = append(all, alertLink(a.Name))
		}
	}
	return all
}
