package alerts

import (
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// CheckTested holds the labels of alerts that tests of routes make up against
// what alerts carry. A label that no alert here carries may be one of its series.
func CheckTested(doc *RoutingSpec, routed Routed, tested []spec.Labels, r *diag.Report) {
	known, values := knownLabels(doc, routed), valuesOfAlerts(routed)
	for _, labels := range tested {
		for _, l := range labels {
			words := valuesOf(doc.Labels, l.Name.Text)
			switch near := spec.Nearest(l.Name.Text, known.names); {
			case words != nil && !l.Value.IsUnreadable() && !slices.Contains(words, l.Value.Text):
				r.Add(spec.UnknownReference, l.Value.Pos(), spec.Suggest(l.Value.Text, words), "the vocabulary has no %s %q", l.Name.Text, l.Value.Text)
			case near != "" && !slices.Contains(known.names, l.Name.Text):
				known.checkName(l.Name.Text, l.Name.Pos(), r)
			case near != "" && !isFromElsewhere(labels, routed.Services):
				checkTestedValue(l, values[l.Name.Text], r)
			}
		}
	}
}

// checkTestedValue reports a value that is nearly that of an alert, and so was
// probably meant to be it. Alerts from elsewhere may have any other.
func checkTestedValue(l spec.Label, values []string, r *diag.Report) {
	if near := spec.Nearest(l.Value.Text, values); near != "" && !slices.Contains(values, l.Value.Text) {
		r.Add(spec.UnknownReference, l.Value.Pos(), spec.Suggest(l.Value.Text, values), "no alert has %s=%q", l.Name.Text, l.Value.Text)
	}
}

// isFromElsewhere tells whether labels are those of a service that is not among these.
func isFromElsewhere(labels spec.Labels, services []*Service) bool {
	return !slices.ContainsFunc(services, func(s *Service) bool {
		of := labels.Get(s.ServiceLabel)
		return of == nil || of.Value.Text == s.Name
	})
}

// valuesOfAlerts are the names of alerts, and the components and SLOs that they
// have, as far as all of them are known. They are none where something is off: it may
// be tested for the environments in which it is not.
func valuesOfAlerts(routed Routed) map[string][]string {
	if routed.Partial {
		return nil
	}
	values := map[string][]string{}
	for _, s := range routed.Services {
		isOff := func(d slo.Declaration) bool { return d.Off }
		if len(s.SLOs) < len(s.Declared.SLOs) || slices.ContainsFunc(s.DeclaredAlerts, isOff) {
			return nil
		}
		for _, a := range s.All() {
			values["alertname"] = append(values["alertname"], a.Name)
		}
		for _, a := range s.DeclaredAlerts {
			values["alertname"] = append(values["alertname"], a.Name)
		}
		for _, o := range s.Declared.SLOs {
			values[s.SLOLabel] = append(values[s.SLOLabel], o.Name)
		}
		for _, c := range s.Components {
			values[slo.ComponentLabel] = append(values[slo.ComponentLabel], c.Name)
		}
	}
	return values
}
