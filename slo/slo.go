package slo

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// Service is a resolved service: every default filled in.
type Service struct {
	Name, Owner                                string
	ScrapeInterval, EvaluationInterval, Period time.Duration
	SumsAbove                                  time.Duration // longer windows are added up from recorded sums
	ServiceLabel, SLOLabel                     string        // names of the labels that recorded series carry
	Labels                                     spec.Labels
	Absence                                    Absence
	Catalogue                                  *Catalogue
	Signals                                    []Signal
	SLOs                                       []*SLO
	Declared                                   Declared

	runbookLink, dashboardLink string
}

// Declared is what the spec has, also what is switched off or cannot be
// resolved: to refer to it is no mistake, and its labels can be checked.
type Declared struct {
	SLOs, Tiers []Declaration
}

// Declaration is an SLO or a tier as the spec has it.
type Declaration struct {
	Name      string    // or "" where it could not be read
	Alert     string    // of a tier: what it is a tier of
	Component spec.Name // of an SLO that has one
	Per       []string  // of an SLO: labels that it is grouped by
	Labels    spec.Labels
	Pos       diag.Pos
	Off       bool
}

// Names are the names of declarations. There are none where one could not be
// read: whatever has no other referent may refer to it.
func Names(of []Declaration) []string {
	var names []string
	for _, d := range of {
		if d.Name == "" {
			return nil
		}
		names = append(names, d.Name)
	}
	return names
}

// BurnAlerts are the names of the alerts that tiers are of, as Names.
func (d Declared) BurnAlerts() []string {
	var names []string
	for _, t := range d.Tiers {
		if t.Alert == "" {
			return nil
		}
		if !slices.Contains(names, t.Alert) {
			names = append(names, t.Alert)
		}
	}
	return names
}

// SLO is a resolved objective.
type SLO struct {
	Service              *Service
	Name, Title, Summary string
	Objective            *big.Rat // share of events that must be good
	SLI                  SLI
	Kind                 string // of the indicator, as the spec names it
	Tiers                []Tier
	MinErrors            int
	Per                  []string // labels of which each combination is an SLO of its own
	Labels               spec.Labels
	MutesDependents      *bool  // what the spec says about its alerts, or nil
	Runbook              string // name of the page, or ""
	Pos                  diag.Pos
	RunbookPos           diag.Pos
	ObjectivePos         diag.Pos
}

// Tier is a burn-rate tier, applied to one SLO.
type Tier struct {
	Name   string
	Alert  string // that it is a tier of
	Labels spec.Labels
	Pos    diag.Pos
	// For is how long the condition must hold, KeepFiringFor how long the alert goes on when it does no longer.
	For, KeepFiringFor time.Duration
	Burn
}

// BurnAlert is an alert on an SLO's burn rate: it fires while any of its tiers
// does. Labels and times are those of each of them.
type BurnAlert struct {
	Name  string // ends the alert's name, as in APIAvailabilitySLOFastBurn
	Tiers []Tier
}

// BurnAlerts are the SLO's tiers, joined to alerts, in the order of the spec.
func (s *SLO) BurnAlerts() []BurnAlert {
	var all []BurnAlert
	for _, t := range s.Tiers {
		at := slices.IndexFunc(all, func(a BurnAlert) bool { return a.Name == t.Alert })
		if at < 0 {
			all = append(all, BurnAlert{Name: t.Alert})
			at = len(all) - 1
		}
		all[at].Tiers = append(all[at].Tiers, t)
	}
	return all
}

// For is how long the condition of one of the tiers must hold.
func (a BurnAlert) For() time.Duration { return a.Tiers[0].For }

// KeepFiringFor is how long the alert goes on when none of the conditions holds any longer.
func (a BurnAlert) KeepFiringFor() time.Duration { return a.Tiers[0].KeepFiringFor }

// Absence is when missing metrics are an alert.
type Absence struct {
	Enabled bool
	For     time.Duration
	Labels  spec.Labels
	Pos     diag.Pos
}

// RecordingRule is a series that Prometheus computes.
type RecordingRule struct {
	Record string
	Expr   expr.Expr
	Labels spec.Labels
}

// Budget is the share of events that may be bad: 1 - objective.
func (s *SLO) Budget() *big.Rat { return new(big.Rat).Sub(big.NewRat(1, 1), s.Objective) }

// isCounted tells whether events can be counted, and not only their share.
func (s *SLO) isCounted() bool { return s.SLI.Errors(SumInterval) != nil }

// Windows are the windows of all tiers, ascending, each once.
func (s *SLO) Windows() []time.Duration {
	var windows []time.Duration
	for _, t := range s.Tiers {
		windows = append(windows, t.Short, t.Long)
	}
	slices.Sort(windows)
	return slices.Compact(windows)
}

// RecordingRules record the error ratio over every window that an alert reads.
// They carry the SLO's identity and nothing that an edit of objective, owner or
// labels could change.
func (s *SLO) RecordingRules() []RecordingRule {
	var rules []RecordingRule
	for _, w := range s.Windows() {
		rules = append(rules, RecordingRule{ErrorRatioMetric(w), s.ratioOver(w), s.Identity()})
	}
	return rules
}

// ErrorRatio selects the recorded error ratio over a window.
func (s *SLO) ErrorRatio(window time.Duration) expr.Selector {
	return s.own(ErrorRatioMetric(window))
}

// own selects a series that is recorded of this SLO.
func (s *SLO) own(metric string) expr.Selector {
	var of []*labels.Matcher
	for _, l := range s.Identity() {
		of = append(of, expr.Equal(l.Name.Text, l.Value.Text))
	}
	return expr.Select(metric, of...)
}

// Identity are the labels that name the SLO, in its recorded series and alerts.
func (s *SLO) Identity() spec.Labels { return s.Service.IdentityOf(s.Name) }

// IdentityOf are the labels that name an SLO of the service.
func (s *Service) IdentityOf(slo string) spec.Labels {
	return spec.NewLabels(s.ServiceLabel, s.Name, s.SLOLabel, slo)
}

// RunbookURL is the address of a runbook, or "" where the spec gives none.
func (s *Service) RunbookURL(name string) string {
	if name == "" {
		return ""
	}
	return strings.ReplaceAll(s.runbookLink, "{name}", name)
}

// DashboardURL is the address of the service's dashboard, or "" where the spec
// gives none.
func (s *Service) DashboardURL() string {
	return strings.ReplaceAll(s.dashboardLink, "{uid}", s.DashboardUID())
}

// DashboardURL is the address of the service's dashboard, set to an SLO.
func (s *SLO) DashboardURL() string {
	link := s.Service.DashboardURL()
	if link == "" {
		return ""
	}
	separator := "?"
	if strings.Contains(link, "?") {
		separator = "&"
	}
	return link + separator + "var-slo=" + s.Name
}
