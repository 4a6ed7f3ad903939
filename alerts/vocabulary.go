package alerts

import (
	"fmt"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// labelSet are the labels of the alerts of one tier, or of absence, of one SLO.
type labelSet struct {
	labels  spec.Labels
	per     []string // labels that each group has a value of its own for
	setting Setting
}

// labelSets are those of all alerts that the spec asks for, also of those that
// could not be built since something else in the spec is wrong.
func (s *Service) labelSets() []labelSet {
	var sets []labelSet
	for _, o := range s.Declared.SLOs {
		if o.Off {
			continue
		}
		identity := s.IdentityOf(o.Name)
		for _, t := range s.Declared.Tiers {
			sets = append(sets, labelSet{burnLabels(s.Service, t.Labels, o.Labels).With(identity), o.Per, tierSetting(t.Name, t.Pos)})
		}
		if s.Absence.Enabled {
			sets = append(sets, labelSet{absenceLabels(s.Service, o.Labels).With(identity), o.Per, absenceSetting(s.Service)})
		}
	}
	for _, a := range s.DeclaredAlerts {
		if !a.Off {
			sets = append(sets, labelSet{a.Labels.With(spec.NewLabels(s.ServiceLabel, s.Name)), nil, Setting{"alert " + a.Name, a.Pos}})
		}
	}
	return sets
}

// burnLabels are the labels of a tier's alert; of one name the last wins.
func burnLabels(s *slo.Service, tier, o spec.Labels) spec.Labels {
	return s.Labels.With(tier).With(o)
}

func tierSetting(name string, at diag.Pos) Setting { return Setting{"tier " + name, at} }

// absenceLabels are the labels of an SLO's alert on absence, but its identity.
func absenceLabels(s *slo.Service, o spec.Labels) spec.Labels {
	return s.Labels.With(o).With(s.Absence.Labels)
}

func absenceSetting(s *slo.Service) Setting { return Setting{"absence", s.Absence.Pos} }

// labelNames are the labels that routes and inhibitions may name.
type labelNames struct {
	vocabulary spec.Choices
	names      []string
	doubtful   []string // that SLOs are grouped by which could not be resolved
	partial    bool     // there are others
}

func knownLabels(doc *RoutingSpec, routed Routed) labelNames {
	services := routed.Services
	known := labelNames{vocabulary: doc.Labels, partial: routed.Partial, names: append(idents(doc.OtherLabels), "alertname")}
	for _, c := range doc.Labels {
		known.names = append(known.names, c.Name.Text)
	}
	if len(services) == 0 { // the routing of a folder without services may be that of services elsewhere
		known.names = append(known.names, slo.DefaultServiceLabel, slo.DefaultSLOLabel)
	}
	for _, s := range services {
		known.names = append(known.names, s.ServiceLabel, s.SLOLabel)
		for _, set := range s.labelSets() {
			for _, l := range set.labels {
				known.names = append(known.names, l.Name.Text)
			}
			known.names = append(known.names, set.per...)
		}
		for _, o := range s.Declared.SLOs {
			if !o.Off && !slices.ContainsFunc(s.Service.SLOs, func(resolved *slo.SLO) bool { return resolved.Name == o.Name }) {
				known.doubtful = append(known.doubtful, o.Per...)
			}
		}
	}
	slices.Sort(known.names)
	known.names = slices.Compact(known.names)
	return known
}

// check holds matched labels against those that alerts carry, and their values
// against the vocabulary; of labels that it does not name every value may be.
func (k labelNames) check(match spec.Choices, r *diag.Report) {
	for _, m := range match {
		k.checkName(m.Name.Text, m.Name.Pos(), r)
		values := valuesOf(k.vocabulary, m.Name.Text)
		for _, v := range m.Values {
			if values != nil && !v.IsUnreadable() && !slices.Contains(values, v.Text) {
				r.Add(spec.UnknownReference, v.Pos(), spec.Suggest(v.Text, values), "the vocabulary has no %s %q", m.Name.Text, v.Text)
			}
		}
	}
}

// placed is a label's name at its place.
type placed interface {
	String() string
	Pos() diag.Pos
}

func checkLabelNames[T placed](k labelNames, names []T, r *diag.Report) {
	for _, n := range names {
		k.checkName(n.String(), n.Pos(), r)
	}
}

// checkTeamLabel reports a label that the vocabulary lacks: its values are the teams.
func (k labelNames) checkTeamLabel(label spec.Ident, r *diag.Report) {
	if len(k.vocabulary) == 0 {
		k.checkName(label.Text, label.Pos(), r)
		return
	}
	var words []string
	for _, c := range k.vocabulary {
		words = append(words, c.Name.Text)
	}
	if label.Text != "" && !slices.Contains(words, label.Text) {
		help := "add it to labels, with the teams as its values"
		if near := spec.Nearest(label.Text, words); near != "" {
			help = fmt.Sprintf("did you mean %q?", near)
		}
		r.Add(spec.UnknownReference, label.Pos(), help, "the vocabulary has no label %q", label.Text)
	}
}

// checkName reports a label that no alert carries. Alertmanager takes it for
// empty on every alert, so that it never matches, or always agrees.
func (k labelNames) checkName(name string, at diag.Pos, r *diag.Report) {
	if name == "" || k.partial || slices.Contains(k.names, name) {
		return
	}
	if spec.Nearest(name, k.doubtful) != "" {
		return // right here, and reported where it is wrong
	}
	help := spec.Suggest(name, k.names) + "; if"
	if strings.HasSuffix(help, "?; if") {
		help = strings.TrimSuffix(help, "; if") + " If"
	}
	r.Add(spec.UnknownReference, at, help+" alerts from elsewhere carry it, add it to otherLabels", "no alert has a label %q", name)
}

// checkLabels reports vocabulary labels that alerts lack.
func checkLabels(vocabulary spec.Choices, set labelSet, r *diag.Report) {
	for _, want := range vocabulary {
		values := valuesOf(vocabulary, want.Name.Text)
		label := set.labels.Get(want.Name.Text)
		switch {
		case slices.Contains(set.per, want.Name.Text):
		case label == nil:
			r.Add(MissingLabel, set.setting.Pos, fmt.Sprintf("add labels: {%s: %s}, here or to the whole service", want.Name.Text, values[0]), "the alerts of %s have no label %q", set.setting.Name, want.Name.Text)
		case !label.Value.IsUnreadable() && !slices.Contains(values, label.Value.Text):
			at := label.Value.Pos()
			if label.Value.Value() == nil { // not set by the spec, but part of the identity
				at = want.Name.Pos()
			}
			r.Add(MissingLabel, at, spec.Suggest(label.Value.Text, values), "the vocabulary has no %s %q", want.Name.Text, label.Value.Text)
		}
	}
}

func valuesOf(vocabulary spec.Choices, label string) []string {
	for _, c := range vocabulary {
		if c.Name.Text == label {
			return matchers(spec.Choices{c})[0].Values
		}
	}
	return nil
}
