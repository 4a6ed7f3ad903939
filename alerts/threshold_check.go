package alerts

import (
	"slices"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// checkDuration reports a duration that Prometheus cannot keep.
func checkDuration(d spec.Duration, r *diag.Report) {
	if d.Duration%time.Millisecond != 0 {
		r.Add(spec.BadValue, d.Pos(), "use whole milliseconds", "Prometheus counts in milliseconds, which %s is no multiple of", d)
	}
}

// checkAlertLabels reports labels that are not the alert's to set.
func checkAlertLabels(d *AlertSpec, s *slo.Service, r *diag.Report) {
	for _, l := range d.Labels {
		switch l.Name.Text {
		case s.ServiceLabel:
			r.Add(slo.ReservedLabel, l.Name.Pos(), "leave it out, or rename the other one: identity: {service: NAME}", "label %q holds the service's name", l.Name.Text)
		case s.SLOLabel:
			r.Add(slo.ReservedLabel, l.Name.Pos(), "leave it out, or rename the other one: identity: {slo: NAME}", "label %q holds the name of an SLO", l.Name.Text)
		case "alertname":
			r.Add(slo.ReservedLabel, l.Name.Pos(), "leave it out: it is the alert's name", "label %q is set by Prometheus", l.Name.Text)
		}
	}
	if l := d.Labels.Get(slo.ComponentLabel); l != nil && d.Component.Text != "" {
		r.Add(slo.ReservedLabel, l.Name.Pos(), "leave one of them out", "label %q is set by component already", slo.ComponentLabel)
	}
}

// checkNames reports two alerts of one name, those of SLOs among them.
func checkNames(s *Service, doc *AlertsSpec, r *diag.Report) {
	seen := map[string]diag.Pos{}
	for _, o := range s.SLOs {
		for _, a := range append(slices.Clone(o.Burn), o.Absence...) {
			seen[a.Name] = a.Pos
		}
	}
	for _, d := range doc.Alerts {
		if d.Name.Text == "" {
			continue
		}
		if first, ok := seen[d.Name.Text]; ok {
			r.Add(slo.DuplicateName, d.Name.Pos(), "rename one of them", "alert %q exists already, at %s", d.Name.Text, first)
			continue
		}
		seen[d.Name.Text] = d.Name.Pos()
	}
}

// checkPer reports labels to keep that a metric does not have.
func checkPer(per []spec.Ident, of slo.Selector, c *slo.Catalogue, r *diag.Report) bool {
	ok := true
	for _, label := range per {
		if of.Selector == nil || label.Text == "" || c.HasLabel(of.Selector.Name, label.Text) {
			continue
		}
		known := append(c.Labels(of.Selector.Name), c.TargetLabels()...)
		r.Add(slo.UnknownLabel, label.Pos(), spec.Suggest(label.Text, known), "%s has no label %q", of.Selector.Name, label.Text)
		ok = false
	}
	return ok
}

// checkMembers reports a label that tells members apart, and that the alert sets
// itself: all members would have the same value, and Prometheus refuses two
// alerts that are alike.
func checkMembers(d *AlertSpec, a Alert, per []string, r *diag.Report) bool {
	for _, label := range per {
		if l := a.Labels.Get(label); l != nil {
			at := d.Pos()
			if own := d.Labels.Get(label); own != nil {
				at = own.Name.Pos()
			}
			r.Add(slo.ReservedLabel, at, "use another label for the members, or for the alert (identity renames service)", "members differ in the label %q, which the alert sets to %q", label, l.Value.Text)
			return false
		}
	}
	return true
}
