package slo

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"slowburn/internal/spec"
)

// Every name that the compiler invents is made in this file: of recorded
// series, alerts, rule groups, dashboards and files.

// The labels that name an SLO, unless a spec's identity renames them.
const (
	DefaultServiceLabel = "service"
	DefaultSLOLabel     = "slo"
)

// ComponentLabel is the label of alerts that names the part of the service that
// they are about.
const ComponentLabel = "component"

// ErrorRatioMetric is the recorded share of bad events in a window. Sloth
// introduced this form, and dashboards for it are in wide use.
func ErrorRatioMetric(window time.Duration) string {
	return "slo:sli_error:ratio_rate" + spec.PrometheusDuration(window)
}

// What is recorded of an SLO besides error ratios. Where Sloth has a series for
// it, the name is Sloth's, so that its dashboards show ours.
const (
	objectiveMetric       = "slo:objective:ratio"
	budgetMetric          = "slo:error_budget:ratio"
	periodMetric          = "slo:time_period:days"
	currentBurnMetric     = "slo:current_burn_rate:ratio"
	periodBurnMetric      = "slo:period_burn_rate:ratio"
	countedMetric         = "slo:sli_event:counted" // 1 whenever events are counted
	eventsMetric          = "slo:sli_event:increase1m"
	errorsMetric          = "slo:sli_error:increase1m"
	allEventsMetric       = "slo:sli_event:total" // since the SLO began
	allErrorsMetric       = "slo:sli_error:total"
	remainingBudgetMetric = "slo:period_error_budget_remaining:ratio"
)

// AlertName is the name of a tier's alert, which may be that of other tiers too.
func (s *SLO) AlertName(t Tier) string { return s.Title + "SLO" + t.Alert }

// AbsenceAlertName is the name of the alert on an SLO's missing metrics.
func (s *SLO) AbsenceAlertName() string { return s.Title + "SLOMetricsAbsent" }

// GroupName is the name of an SLO's rule group of a purpose (burnrate, absence).
func (s *SLO) GroupName(purpose string) string {
	return s.Service.Name + "-" + s.Name + "-" + purpose
}

// AlertsGroupName is the name of the n-th group, from 0, of a service's
// threshold alerts.
func (s *Service) AlertsGroupName(n int) string {
	if n == 0 {
		return s.Name + "-" + Thresholds
	}
	return s.Name + "-" + Thresholds + "-" + strconv.Itoa(n+1)
}

// ResourceName is the Kubernetes name of a service's rules of a purpose, and
// begins the name of their file.
func (s *Service) ResourceName(purpose string) string { return s.Name + "-" + purpose }

// DashboardUID is the uid of a service's dashboard.
func (s *Service) DashboardUID() string { return shortUID("slo-", s.Name) }

// OverviewUID is the uid of the dashboard that shows the SLOs of services.
func OverviewUID(services []string) string {
	return shortUID("slo-overview-", strings.Join(services, "-"))
}

// shortUID is a dashboard's uid, of which Grafana allows 40 characters: one that
// is longer ends in a hash.
func shortUID(prefix, name string) string {
	uid := prefix + name
	if len(uid) > 40 {
		sum := sha256.Sum256([]byte(name))
		uid = uid[:31] + "-" + hex.EncodeToString(sum[:4])
	}
	return uid
}
