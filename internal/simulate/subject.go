package simulate

import (
	"slowburn/alerts"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Subject is what a scenario happens to: an SLO with its alerts, or a threshold
// alert. One of the two is set.
type Subject struct {
	Service *slo.Service
	SLO     *slo.SLO
	Alert   *alerts.Alert
}

// Name is what reports call the subject.
func (s Subject) Name() string {
	switch {
	case s.SLO != nil:
		return s.SLO.Name
	case s.Alert.Threshold.Member != "":
		return s.Alert.Name + " " + s.Alert.Threshold.Member
	}
	return s.Alert.Name
}

// identity are the labels that all alerts of the subject carry.
func (s Subject) identity() spec.Labels {
	if s.SLO != nil {
		return s.SLO.Identity()
	}
	return s.Alert.Identity()
}
