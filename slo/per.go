package slo

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// GroupLabel is a label that cannot tell groups apart.
var GroupLabel = &diag.Kind{Name: "group-label", Severity: diag.Error, Doc: `An SLO is grouped by a label that cannot tell groups apart.

Each group of series that have the labels of per in common is an SLO of its own, with alerts that carry those labels. They must
be labels of every metric that the indicator reads, in which series differ, and none that the spec sets itself.`}

// checkPer reports labels that an SLO cannot be grouped by.
func checkPer(doc *Spec, o *SLO, r *diag.Report) bool {
	before, readable := r.Len(), true
	for i, l := range doc.Per {
		if l.Text == "" {
			readable = false // reported where it was read
			continue
		}
		if slices.Contains(o.Per[:i], l.Text) {
			r.Add(GroupLabel, l.Pos(), "leave it out", "label %q stands here twice", l.Text)
			continue
		}
		checkGroupLabel(l, o, r)
	}
	return readable && r.Len() == before
}

func checkGroupLabel(l spec.Ident, o *SLO, r *diag.Report) {
	s := o.Service
	reserved := []string{s.ServiceLabel, s.SLOLabel, alertName, model.MetricNameLabel, model.BucketLabel, model.QuantileLabel}
	switch {
	case slices.Contains(reserved, l.Text):
		r.Add(GroupLabel, l.Pos(), "group by a label of what is measured", "label %q says something else already", l.Text)
		return
	case o.setsLabel(l.Text):
		r.Add(GroupLabel, l.Pos(), "leave it out of labels", "the spec sets label %q on the alerts, for all groups alike", l.Text)
		return
	}
	for _, stream := range o.SLI.Streams() {
		text := fragment{l.Node}
		if !s.Catalogue.checkLabels(text, stream.Metric, []*labels.Matcher{expr.Equal(l.Text, "")}, r) {
			return
		}
		fixed := slices.ContainsFunc(stream.Match, func(m *labels.Matcher) bool { return m.Name == l.Text && m.Type == labels.MatchEqual })
		if fixed {
			r.Add(GroupLabel, l.Pos(), "leave it out, or select more", "%s has the same label %s in all series that are selected", stream.Metric, l.Text)
			return
		}
	}
}

// setsLabel tells whether the spec sets a label on some alert of the SLO.
func (s *SLO) setsLabel(name string) bool {
	sets := []spec.Labels{s.Service.Labels, s.Service.Absence.Labels, s.Labels}
	for _, t := range s.Service.Declared.Tiers {
		sets = append(sets, t.Labels)
	}
	return slices.ContainsFunc(sets, func(set spec.Labels) bool { return set.Get(name) != nil })
}

// GroupTemplate says in an alert's texts which group it is about: tenant
// {{ $labels.tenant }}, or nothing.
func (s *SLO) GroupTemplate() string {
	var parts []string
	for _, l := range s.Per {
		parts = append(parts, l+" {{ $labels."+l+" }}")
	}
	return strings.Join(parts, ", ")
}

// Groups is how many groups the catalogue has of what the SLO measures. It is
// false where the catalogue does not know.
func (s *SLO) Groups() (int, bool) {
	if len(s.Per) == 0 {
		return 1, true
	}
	seen := map[string]bool{}
	known := false
	for _, selector := range s.SLI.Inputs()[0] {
		for _, lset := range s.Service.Catalogue.Series(selector) {
			group, all := lset.MatchLabels(true, s.Per...), true
			for _, l := range s.Per {
				all = all && lset.Has(l)
			}
			if !all {
				return 0, false // a label that scraping adds
			}
			seen[group.String()], known = true, true
		}
	}
	return len(seen), known
}

func idents(of []spec.Ident) []string {
	var texts []string
	for _, i := range of {
		texts = append(texts, i.Text)
	}
	return texts
}
