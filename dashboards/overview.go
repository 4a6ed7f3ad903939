package dashboards

import (
	"math/big"
	"slices"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// overview shows the SLOs of all services that are compiled together.
type overview struct {
	services []*alerts.Service // those with SLOs
	uid      string
}

// newOverview is nil where there are no SLOs.
func newOverview(services []*alerts.Service) *overview {
	o := &overview{services: slices.DeleteFunc(slices.Clone(services), func(s *alerts.Service) bool { return len(s.SLOs) == 0 })}
	if len(o.services) == 0 {
		return nil
	}
	var names []string
	for _, s := range o.services {
		names = append(names, s.Name)
	}
	o.uid = slo.OverviewUID(names)
	return o
}

// The labels of an overview: those of the first service stand for those of all.
func (o *overview) serviceLabel() string { return o.services[0].ServiceLabel }
func (o *overview) sloLabel() string     { return o.services[0].SLOLabel }

func (o *overview) dashboard() *page {
	p := newPage(o.uid, "SLOs: "+strings.Join(o.names(), ", "), "All SLOs, the worst first.")
	for _, s := range o.services {
		p.Links = append(p.Links, dashboardLink(s.Name, s.DashboardUID()))
	}
	o.figures(p)
	p.add(size{columns, uint32(min(4+o.count(), 16))}, o.table())
	p.add(size{columns, 9}, o.budgets())
	return p
}

func (o *overview) names() []string {
	var names []string
	for _, s := range o.services {
		names = append(names, s.Name)
	}
	return names
}

func (o *overview) count() int {
	n := 0
	for _, s := range o.services {
		n += len(s.SLOs)
	}
	return n
}

// figures count what is wrong.
func (o *overview) figures(p *page) {
	zero := expr.Number(new(big.Rat))
	add := func(f figure) {
		f.unit, f.none, f.levels = unitNumber, "0", levels(colourPlain, level{1, colourBad})
		p.add(size{columns / 2, 4}, f.panel())
	}
	add(figure{
		title:       "SLOs in trouble",
		description: "How many SLOs miss their objective, since nothing is left of the error budget of the period, and how many spend theirs faster than the objective allows, just now.",
		queries: []query{
			{of: expr.Count(expr.Less(o.recorded(slo.RemainingBudgetMetric), zero)), legend: "without budget"},
			{of: expr.Count(expr.Greater(o.recorded(slo.CurrentBurnMetric), expr.Number(one))), legend: "burn too fast"},
		},
	})
	add(figure{
		title: "Alerts firing", description: "How many alerts of these services fire now.",
		queries: []query{{of: expr.Count(o.recorded("ALERTS", expr.Equal("alertstate", "firing")))}},
	})
}

// table are all SLOs.
func (o *overview) table() dashboard.Panel {
	l := list{
		title: "All SLOs, the worst first", by: append([]string{o.serviceLabel(), o.sloLabel()}, groupLabels(o.services...)...), worst: budgetTitle, clicked: o.sloLabel(),
		columns:     sloColumns(func(metric string) expr.Expr { return o.recorded(metric) }, []string{o.serviceLabel(), o.sloLabel()}, o.services[0].EvaluationInterval, o.services...),
		description: "What was promised, what was kept over the period, what of the error budget is left, and how fast it burns now. A click on an SLO shows its service.",
	}
	if o.areNamed() {
		fields := "${__data.fields."
		l.opens = "/d/slo-" + fields + o.serviceLabel() + "}?var-slo=" + fields + o.sloLabel() + "}&${datasource:queryparam}&${__url_time_range}"
	}
	return l.panel()
}

// areNamed tells whether a service's name is in the uid of its dashboard.
func (o *overview) areNamed() bool {
	return !slices.ContainsFunc(o.services, func(s *alerts.Service) bool { return s.DashboardUID() != "slo-"+s.Name })
}

// worstShown is how many budgets are drawn.
const worstShown = 10

// budgets are those that have the least left.
func (o *overview) budgets() dashboard.Panel {
	longest := o.services[0].Period
	for _, s := range o.services {
		longest = max(longest, s.Period)
	}
	return graph{
		title: "Budgets with the least left", unit: unitShare, from: spec.PrometheusDuration(longest),
		description: "At each instant, the SLOs with the least of their error budget left, ten at most. At zero the objective is missed.",
		queries:     []query{{of: expr.BottomK(worstShown, o.recorded(slo.RemainingBudgetMetric)), legend: legend("{{"+o.serviceLabel()+"}} {{"+o.sloLabel()+"}}", groupLabels(o.services...)), every: slo.PeriodInterval}},
		limits:      levels(colourNone, level{0, colourBad}), floor: given(0.0), ceiling: given(1.0),
	}.panel()
}

// recorded are the series of all services, under the labels of the first one.
func (o *overview) recorded(metric string, matchers ...*labels.Matcher) expr.Expr {
	var all expr.Expr
	for _, same := range o.byIdentity() {
		one := relabelled(expr.Narrow(selectorOf(same, metric), matchers...), same[0].ServiceLabel, o.serviceLabel())
		one = relabelled(one, same[0].SLOLabel, o.sloLabel())
		if all == nil {
			all = one
		} else {
			all = expr.Or(all, one)
		}
	}
	return all
}

// selectorOf selects a series of services that name their labels alike.
func selectorOf(of []*alerts.Service, metric string) expr.Selector {
	var names []string
	for _, s := range of {
		names = append(names, s.Name) // letters, digits and dashes
	}
	return expr.Select(metric, labels.MustNewMatcher(labels.MatchRegexp, of[0].ServiceLabel, strings.Join(names, "|")))
}

// byIdentity are the services by the labels that they name.
func (o *overview) byIdentity() [][]*alerts.Service {
	var groups [][]*alerts.Service
	for _, s := range o.services {
		i := slices.IndexFunc(groups, func(g []*alerts.Service) bool {
			return g[0].ServiceLabel == s.ServiceLabel && g[0].SLOLabel == s.SLOLabel
		})
		if i < 0 {
			groups, i = append(groups, nil), len(groups)
		}
		groups[i] = append(groups[i], s)
	}
	return groups
}

// relabelled has the value of one label in another one.
func relabelled(e expr.Expr, from, to string) expr.Expr {
	if from == to {
		return e
	}
	return expr.CopyLabel(e, from, to)
}
