package slo

import (
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// ReservedLabel is a label that is not the spec's to set.
var ReservedLabel = &diag.Kind{Name: "reserved-label", Severity: diag.Error, Doc: `A spec sets a label that is set already.

Two labels, service and slo unless identity renames them, tell which SLO a recorded series and an alert belong to; an alert
with others would be told apart from its own series, in routes and inhibitions too. alertname is set by Prometheus.`}

// alertName is the label that Prometheus sets on every alert.
const alertName = "alertname"

// checkReserved reports labels of alerts that the compiler or Prometheus sets.
func checkReserved(doc *ServiceSpec, s *Service, r *diag.Report) {
	sets := []spec.Labels{doc.Labels, doc.Absence.Labels}
	for _, d := range append(s.Declared.Tiers, s.Declared.SLOs...) {
		sets = append(sets, d.Labels)
	}
	for _, set := range sets {
		for _, l := range set {
			switch l.Name.Text {
			case s.ServiceLabel:
				r.Add(ReservedLabel, l.Name.Pos(), "leave it out, or rename the other one: identity: {service: NAME}", "label %q holds the service's name", l.Name.Text)
			case s.SLOLabel:
				r.Add(ReservedLabel, l.Name.Pos(), "leave it out, or rename the other one: identity: {slo: NAME}", "label %q holds the SLO's name", l.Name.Text)
			case alertName:
				r.Add(ReservedLabel, l.Name.Pos(), "leave it out: title and tier make the alert's name", "label %q is set by Prometheus", alertName)
			}
		}
	}
}

// checkIdentity reports labels that cannot hold the identity of an SLO.
func checkIdentity(doc *ServiceSpec, s *Service, r *diag.Report) {
	if s.ServiceLabel == s.SLOLabel {
		r.Add(DuplicateName, doc.KeyPos("identity"), "name two labels", "label %q cannot hold both the service and the SLO", s.SLOLabel)
	}
	for _, name := range []spec.Ident{doc.Identity.Service, doc.Identity.SLO} {
		if name.Text == alertName || strings.HasPrefix(name.Text, "__") {
			r.Add(ReservedLabel, name.Pos(), "use another name", "label %q is set by Prometheus", name.Text)
		}
	}
}
