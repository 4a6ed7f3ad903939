// Package slo turns specs into resolved service-level objectives: what counts
// as an event and what as a bad one, over which windows, how fast the error
// budget burns, and the recording rules that measure it.
//
// Its input is a decoded document of kind Service, its output a Service whose
// SLOs carry everything that alerts, dashboards and generators need.
package slo

import (
	"embed"

	"slowburn/internal/spec"
)

// Sources are the files that declare spec types; their comments document the JSON Schema.
//
//go:embed document.go signal.go sli*.go
var Sources embed.FS

// ServiceSpec is one service: what it promises and how it is measured.
type ServiceSpec struct {
	spec.Node
	// Name of the service. It becomes a label of every recorded series and part of file names.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Owner answers for the service: a team or a role. It shows in runbooks.
	Owner spec.Text `json:"owner,omitempty"`
	// Metrics is the metric catalogue, a file beside this one: a captured /metrics page. With it, a metric, label or
	// bucket that does not exist is a finding.
	Metrics spec.Text `json:"metrics,omitempty"`
	// TargetLabels are the labels that scraping adds to those of the catalogue. Default: job and instance.
	TargetLabels []spec.Text `json:"targetLabels,omitempty"`
	// ScrapeInterval is how often Prometheus scrapes the service. Default: 30s.
	ScrapeInterval spec.Duration `json:"scrapeInterval,omitempty"`
	// EvaluationInterval is how often the burn-rate rules are evaluated. Default: the scrape interval.
	EvaluationInterval spec.Duration `json:"evaluationInterval,omitempty"`
	// SumsAbove is the longest window that is read from the counters themselves. Longer ones are added up from what is
	// recorded every minute, which costs a small part of it and lags by up to a minute. Default: 1h.
	SumsAbove spec.Duration `json:"sumsAbove,omitempty"`
	// Period over which the objectives hold, rolling. Default: 30d.
	Period spec.Duration `json:"period,omitempty"`
	// Labels are set on every alert of the service.
	Labels spec.Labels `json:"labels,omitempty"`
	// Links say where runbooks and dashboards are published.
	Links LinksSpec `json:"links,omitempty"`
	// Identity names the labels that recorded series carry.
	Identity IdentitySpec `json:"identity,omitempty"`
	// Burn are the tiers of burn-rate alerts that every SLO of the service has. Default: those of the SRE workbook, as two
	// alerts: FastBurn (severity page) for 2% of the budget in 1h or 5% in 6h, SlowBurn (ticket) for 10% in 1d or in 3d.
	Burn []TierSpec `json:"burn,omitempty"`
	// Absence sets the alert that fires when an SLO's metrics are gone.
	Absence AbsenceSpec `json:"absence,omitempty"`
	// Signals are measurements with names that SLOs and alerts share.
	Signals []SignalSpec `json:"signals,omitempty"`
	// SLOs are the promises.
	SLOs []Spec `json:"slos,omitempty"`
}

// LinksSpec are address patterns.
type LinksSpec struct {
	// Runbook is the address of a runbook; {name} stands for its name.
	Runbook spec.Text `json:"runbook,omitempty"`
	// Dashboard is the address of a dashboard; {uid} stands for its uid.
	Dashboard spec.Text `json:"dashboard,omitempty"`
}

// IdentitySpec names the labels that say what a recorded series belongs to.
type IdentitySpec struct {
	// Service is the label that holds the service's name. Default: service.
	Service spec.Ident `json:"service,omitempty"`
	// SLO is the label that holds the SLO's name. Default: slo.
	SLO spec.Ident `json:"slo,omitempty"`
}

// TierSpec is one burn-rate alert: it fires when the budget burns so fast that a share of it is spent within a window.
type TierSpec struct {
	spec.Node
	// Name of the tier; it ends the alert's name, as in APIAvailabilitySLOFastBurn.
	Name spec.Ident `json:"name" jsonschema:"required"`
	// Budget is the share of the error budget that is spent when the alert fires.
	Budget spec.Ratio `json:"budget,omitempty"`
	// Factor is how many times faster than allowed the budget burns when the alert fires, in place of budget: 14.4.
	Factor spec.Decimal `json:"factor,omitempty"`
	// Windows are two: the long one, in which the share is spent, and the short one, which ends the alert soon after
	// the errors end.
	Windows []spec.Duration `json:"windows" jsonschema:"required"`
	// Alert joins tiers: those of one alert become one rule, which fires while any of them does. Default: the name.
	Alert spec.Ident `json:"alert,omitempty"`
	// For is how long the budget must burn too fast before the alert fires. Default: not at all, the windows wait long
	// enough.
	For spec.Duration `json:"for,omitempty"`
	// KeepFiringFor is how long the alert goes on after the budget has ceased to burn too fast. Default: not at all.
	KeepFiringFor spec.Duration `json:"keepFiringFor,omitempty"`
	// Labels are set on the tier's alerts: those that routing asks for.
	Labels spec.Labels `json:"labels,omitempty"`
}

// AbsenceSpec is the alert on missing metrics: without it, an SLO whose metrics are gone would look perfect.
type AbsenceSpec struct {
	spec.Node
	// Enabled can switch the alert off.
	Enabled *bool `json:"enabled,omitempty"`
	// For is how long the metrics must be gone. Default: 10m.
	For spec.Duration `json:"for,omitempty"`
	// Labels are set on the alert: those that routing asks for.
	Labels spec.Labels `json:"labels,omitempty"`
}

// Spec is one service-level objective.
type Spec struct {
	spec.Node
	// Name of the SLO. It becomes a label of its recorded series.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Enabled can switch the SLO off, in an overlay for one environment say.
	Enabled *bool `json:"enabled,omitempty"`
	// Title begins the names of the SLO's alerts. Default: the name in camel case.
	Title spec.Ident `json:"title,omitempty"`
	// Per makes one SLO of each group of series that have these labels in common: one per tenant, zone or topic. Each is
	// measured, judged and alerted on alone.
	Per []spec.Ident `json:"per,omitempty"`
	// Summary says in words which events are good. It shows in alerts and runbooks.
	Summary spec.Text `json:"summary,omitempty"`
	// Objective is the share of events that must be good, such as 99.5%.
	Objective spec.Ratio `json:"objective" jsonschema:"required"`
	// Runbook is the name of the page that tells what to do: a file in the folder runbooks, without .md.
	Runbook spec.Name `json:"runbook,omitempty"`
	// MinErrors is the number of bad events in the long window below which no burn-rate alert fires. It keeps a single
	// failure at low traffic from waking anyone, and hides outages that cause fewer. Default: no guard.
	MinErrors spec.Count `json:"minErrors,omitempty"`
	// Component is the part of the service that the SLO is about; it becomes a label of the alerts.
	Component spec.Name `json:"component,omitempty"`
	// MutesDependents says whether the SLO's alerts, but that on missing metrics, mean that its component does not work
	// now, so that those of the components that need it are muted meanwhile. Default: those that page do.
	MutesDependents *bool `json:"mutesDependents,omitempty"`
	// Labels are set on the SLO's alerts.
	Labels spec.Labels `json:"labels,omitempty"`
	SLISpec
}

// labels are those of the SLO's alerts, its component among them.
func (s *Spec) labels() spec.Labels {
	if s.Component.Text == "" {
		return s.Labels
	}
	return s.Labels.With(spec.NewLabels(ComponentLabel, s.Component.Text))
}

func (s *Spec) isOff() bool { return s.Enabled != nil && !*s.Enabled }
