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

// alertsOf are those of an SLO, as the spec says.
func alertsOf(o *slo.SLO) alerts.SLOAlerts {
	single := *o.Service
	single.SLOs = []*slo.SLO{o}
	return alerts.Build(&single).SLOs[0]
}

// labels are those that the spec gives an alert of the subject, beside those of its group.
func (s Subject) labels(alert string) map[string]string {
	all := []alerts.Alert{}
	if s.Alert != nil {
		all = append(all, *s.Alert)
	} else {
		of := alertsOf(s.SLO)
		all = append(of.Burn, of.Absence...)
	}
	for _, a := range all {
		if a.Name == alert {
			set := a.LabelSet()
			if s.SLO != nil {
				for _, l := range s.SLO.Per {
					delete(set, l)
				}
			}
			return set
		}
	}
	return nil
}
