// Package alerts decides who is told what, and when: from resolved SLOs it
// makes alerts, from a routing document the tree that takes an alert to a
// person, and what is muted meanwhile.
package alerts

import (
	"slices"
	"strings"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/parallel"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Alert is an alerting rule with what it stands for.
type Alert struct {
	Name string
	Expr expr.Expr
	For  time.Duration
	// KeepFiringFor is how long it goes on when its expression holds no longer.
	KeepFiringFor time.Duration
	Labels        spec.Labels
	Annotations   []Annotation // sorted by name
	Service       *slo.Service
	SLO           *slo.SLO   // of an alert of an SLO, otherwise nil
	Tiers         []slo.Tier // of a burn-rate alert: any of them fires it; otherwise none
	Threshold     *Threshold // of a threshold alert, otherwise nil
	// MutesDependents is what the spec says about it, or nil.
	MutesDependents *bool
	Runbook         string // name of its page, or ""
	RunbookPos      diag.Pos
	Pos             diag.Pos // where the spec asks for it
	Setting         Setting  // where its labels are set
}

// Setting is the part of a spec that sets the labels of alerts: a tier, or absence.
type Setting struct {
	Name string
	Pos  diag.Pos
}

// Annotation is a text that goes with an alert; it is a template of Prometheus.
type Annotation struct{ Name, Text string }

// Service is a service with its alerts.
type Service struct {
	*slo.Service
	SLOs []SLOAlerts
	// Thresholds are the threshold alerts, in the order of the spec.
	Thresholds []Alert
	// DeclaredAlerts are those that the spec has, be they on or off, right or wrong.
	DeclaredAlerts []slo.Declaration
	Components     []Component
	Autoscalers    []Autoscaler
}

// SLOAlerts are the alerts of one SLO.
type SLOAlerts struct {
	*slo.SLO
	Burn    []Alert // one for each tier, or for several that are joined
	Absence []Alert // one, unless it is switched off
}

// Build makes the alerts of a service's SLOs.
func Build(s *slo.Service) *Service {
	built := &Service{Service: s, SLOs: make([]SLOAlerts, len(s.SLOs))}
	parallel.Each(len(s.SLOs), func(i int) { built.SLOs[i] = alertsOf(s.SLOs[i]) })
	return built
}

func alertsOf(o *slo.SLO) SLOAlerts {
	of := SLOAlerts{SLO: o}
	for _, a := range o.BurnAlerts() {
		of.Burn = append(of.Burn, burnAlert(o, a))
	}
	if o.Service.Absence.Enabled {
		of.Absence = append(of.Absence, absenceAlert(o))
	}
	return of
}

// All are the alerts of the service, in the order of the spec.
func (s *Service) All() []Alert {
	var all []Alert
	for _, o := range s.SLOs {
		all = append(append(all, o.Burn...), o.Absence...)
	}
	return append(all, s.Thresholds...)
}

// annotate makes an alert's annotations: its texts, and links where there are any.
func annotate(a *Alert, summary, description string) {
	a.Annotations = []Annotation{{"description", description}, {"summary", summary}}
	if link := a.DashboardURL(); link != "" {
		a.Annotations = append(a.Annotations, Annotation{"dashboard_url", link})
	}
	if link := a.Service.RunbookURL(a.Runbook); link != "" {
		a.Annotations = append(a.Annotations, Annotation{"runbook_url", link})
	}
	slices.SortFunc(a.Annotations, func(a, b Annotation) int { return strings.Compare(a.Name, b.Name) })
}

// DashboardURL is the address of the dashboard that shows what the alert is
// about, at its panel, or "" where the spec gives none.
func (a Alert) DashboardURL() string {
	if a.SLO != nil {
		return a.toPanel(a.SLO.DashboardURL())
	}
	return a.toPanel(a.Service.DashboardURL())
}

// Identity are the labels that tell the alert from others of its name.
func (a Alert) Identity() spec.Labels {
	if a.SLO != nil {
		return a.SLO.Identity()
	}
	// What a template makes of a value is not known before the alert fires.
	return slices.DeleteFunc(slices.Clone(a.Labels), func(l spec.Label) bool { return strings.Contains(l.Value.Text, "{{") })
}

// about names an SLO in an alert's summary, with the group that it is about.
func about(o *slo.SLO) string {
	name := o.Service.Name + " " + o.Name
	if group := o.GroupTemplate(); group != "" {
		name += " (" + group + ")"
	}
	return name
}

// literal is a text that a template prints as it stands.
func literal(text string) string {
	return strings.ReplaceAll(text, "{{", `{{ "{{" }}`)
}
