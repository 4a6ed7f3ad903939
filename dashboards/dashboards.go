// Package dashboards shows services as Grafana dashboards: how much of each
// error budget is left, how fast it burns beside what alerts fire at, what
// threshold alerts measure beside their limits, and what workloads are scaled by.
//
// Its input are services with their alerts, its output dashboards in Grafana's
// own types. What they show comes from the recorded series and from the alerts'
// expressions themselves, so that a graph and an alert cannot differ.
package dashboards

import (
	"slices"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"slowburn/alerts"
	"slowburn/internal/diag"
)

// Model is Grafana's classic form of a dashboard: what every version of it in
// use loads from files, sidecars among them.
//
//lint:ignore SA1019 the second form is not for files yet, and older Grafanas do not know it
type Model = dashboard.Dashboard

// Dashboard is a dashboard, and the name that its resources have.
type Dashboard struct {
	*Model
	Name  string   // of files and resources: its uid
	Pos   diag.Pos // of what asks for it
	Owner int      // the index of the service whose settings it has
}

// All are the dashboards of services that are compiled together: one of each,
// and an overview of their SLOs, if there are any.
func All(services []*alerts.Service) []Dashboard {
	var all []Dashboard
	over := newOverview(services)
	add := func(p *page, at diag.Pos, owner int) {
		all = append(all, Dashboard{p.Model, *p.Uid, at, owner})
	}
	for i, s := range services {
		if at, ok := asksFor(s); ok {
			add(serviceDashboard(s, over), at, i)
		}
	}
	if over != nil {
		add(over.dashboard(), over.services[0].All()[0].Pos, slices.Index(services, over.services[0]))
	}
	return all
}

// asksFor is the first place in the spec of a service that there is something to
// show of, if there is one.
func asksFor(s *alerts.Service) (diag.Pos, bool) {
	if all := s.All(); len(all) > 0 {
		return all[0].Pos, true
	}
	if len(autoscaling(s)) > 0 {
		return s.Autoscalers[0].Pos, true
	}
	return diag.Pos{}, false
}

// given is a pointer to a value, which Grafana's types want for what may be left out.
func given[T any](v T) *T { return &v }
