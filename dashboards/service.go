package dashboards

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/slo"
)

// serviceDashboard shows one service: how its SLOs stand, then the one that is
// chosen, then what its other alerts watch, and what it is scaled by.
func serviceDashboard(s *alerts.Service, over *overview) *page {
	p := newPage(s.DashboardUID(), s.Name, "SLOs and alerts of "+s.Name+ownedBy(s)+".", s.Name)
	p.Annotations.List = append(p.Annotations.List, fired(s))
	if over != nil {
		p.Links = append(p.Links, dashboardLink("All SLOs", over.uid))
	}
	if len(s.SLOs) > 0 {
		p.Templating.List = append(append(p.Templating.List, chosenSLO(s)), chosenGroups(s)...)
		view := sloView{s}
		p.add(size{columns, uint32(min(3+len(s.SLOs), 10))}, view.all())
		p.heading("SLO ${slo}")
		view.figures(p)
		p.add(half, view.budget())
		burn := view.burn()
		burn.Id = given(uint32(alerts.BurnPanel))
		p.add(half, burn)
		if view.isCounted() {
			p.add(half, view.events())
		}
		for _, panel := range latencies(s) {
			p.add(half, panel)
		}
	}
	if len(s.Thresholds) > 0 {
		p.heading("Alerts on thresholds")
		for _, panel := range limits(s) {
			p.add(third, panel)
		}
	}
	if panels := autoscaling(s); len(panels) > 0 {
		p.heading("Autoscaling")
		for _, panel := range panels {
			p.add(third, panel)
		}
	}
	return p
}

// The sizes of graphs: two beside each other, or three.
var half, third = size{columns / 2, 8}, size{columns / 3, 7}

func ownedBy(s *alerts.Service) string {
	if s.Owner == "" {
		return ""
	}
	return ", owned by " + s.Owner
}

// chosenSLO is the variable that an alert's link to the dashboard sets.
func chosenSLO(s *alerts.Service) dashboard.VariableModel {
	v := dashboard.VariableModel{
		Type: dashboard.VariableTypeQuery, Name: "slo", Label: given("SLO"), Datasource: given(dataSource),
		Refresh: given(dashboard.VariableRefreshOnDashboardLoad), Sort: given(dashboard.VariableSortAlphabeticalAsc),
	}
	text := "label_values(" + printed(s.Recorded(slo.ObjectiveMetric, nil)) + ", " + s.SLOLabel + ")"
	v.Query, v.Definition = &dashboard.StringOrMap{String: given(text)}, given(text)
	first := s.SLOs[0].Name
	v.Current = &dashboard.VariableOption{Text: dashboard.StringOrArrayOfString{String: given(first)}, Value: dashboard.StringOrArrayOfString{String: given(first)}}
	return v
}

// fired marks when alerts of the service fired: those of the chosen SLO, and
// those of no SLO.
func fired(s *alerts.Service) dashboard.AnnotationQuery {
	firing := firingAlerts(s.Service, nil)
	if len(s.SLOs) > 0 {
		firing = firingAlerts(s.Service, labels.MustNewMatcher(labels.MatchRegexp, s.SLOLabel, variable("slo")+"|"))
	}
	text := printed(firing)
	return dashboard.AnnotationQuery{
		Name: "Alerts", Datasource: given(dataSource), Enable: true, IconColor: colourBad, Expr: given(text),
		TitleFormat: given("{{alertname}}"), TextFormat: given("{{severity}} {{component}} {{instance}}"),
		Target: prometheus.Dataquery{Expr: text, RefId: given("alerts"), Range: given(true)},
	}
}

// firingAlerts selects the alerts of a service that fire.
func firingAlerts(s *slo.Service, of *labels.Matcher) expr.Selector {
	selector := s.Recorded("ALERTS", of)
	return expr.Narrow(selector, expr.Equal("alertstate", "firing"))
}

// tierOf is a burn-rate tier that SLOs of a service have.
type tierOf struct {
	slo.Tier
	factor float64
}

// tiers are those of all SLOs of a service, each once, the slowest first.
func tiers(s *alerts.Service) []tierOf {
	type numbers struct {
		name                string
		long, short, period time.Duration
		share               *big.Rat // SLOs without tiers of their own have the service's
	}
	var all []tierOf
	seen := map[numbers]bool{}
	for _, o := range s.SLOs {
		for _, t := range o.Tiers {
			if n := (numbers{t.Name, t.Long, t.Short, t.Period, t.Share}); !seen[n] {
				seen[n] = true
				factor, _ := t.Factor().Float64()
				all = append(all, tierOf{t, factor})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b tierOf) int { return a.Factor().Cmp(b.Factor()) })
	return slices.CompactFunc(all, func(a, b tierOf) bool { return a.key() == b.key() })
}

func (t tierOf) key() string { return fmt.Sprint(t.Name, t.factor, t.Long, t.Short) }
