package alerts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// AlertsSpec are the threshold alerts of a service.
type AlertsSpec struct {
	// Alerts compare something that is measured with a limit, besides those that SLOs have.
	Alerts []AlertSpec `json:"alerts,omitempty"`
}

// AlertSpec is one threshold alert.
type AlertSpec struct {
	spec.Node
	// Name of the alert.
	Name spec.Ident `json:"name" jsonschema:"required"`
	// Enabled can switch the alert off, in one environment say.
	Enabled *bool `json:"enabled,omitempty"`
	// Summary says in words what is wrong when it fires. Default: the condition.
	Summary spec.Text `json:"summary,omitempty"`
	// Component is the part of the service that the alert is about. It becomes a label.
	Component spec.Name `json:"component,omitempty"`
	// For is how long the condition must hold before the alert fires. Default: it fires at once.
	For spec.Duration `json:"for,omitempty"`
	// KeepFiringFor is how long the alert goes on after the condition has ceased to hold. Default: not at all.
	KeepFiringFor spec.Duration `json:"keepFiringFor,omitempty"`
	// Labels are set on the alert: those that routing asks for.
	Labels spec.Labels `json:"labels,omitempty"`
	// Annotations are further texts that go with the alert. They are templates of Prometheus.
	Annotations spec.Labels `json:"annotations,omitempty"`
	// Runbook is the name of the page that tells what to do: a file in the folder runbooks, without .md.
	Runbook spec.Name `json:"runbook,omitempty"`
	KindSpec
}

func (d *AlertSpec) isOff() bool { return d.Enabled != nil && !*d.Enabled }

// Threshold is what a threshold alert compares, and how.
type Threshold struct {
	Kind          string // as the spec names it
	Condition     string // in words: when it holds
	KeepFiringFor time.Duration
	Component     string
	Member        string // which of those that the spec lists, or ""

	of Kind
}

// Imitate says which series a scenario of the alert needs, and by which
// arithmetic the alert fires.
func (a Alert) Imitate() Imitation {
	s := a.Service
	return a.Threshold.of.imitate(Timing{For: a.For, Scrape: s.ScrapeInterval, Evaluation: s.EvaluationInterval})
}

// Resolve makes the alerts of a service, those of its SLOs and those that the
// spec asks for. What cannot be made is reported.
func Resolve(doc *AlertsSpec, s *slo.Service, r *diag.Report) *Service {
	built := Build(s)
	s.Bind(&doc.Alerts, r)
	for i := range doc.Alerts {
		d := &doc.Alerts[i]
		built.DeclaredAlerts = append(built.DeclaredAlerts, slo.Declaration{Name: d.Name.Text, Labels: d.ownLabels(s), Pos: d.Pos(), Off: d.isOff()})
		checkAlertLabels(d, s, r)
		if d.isOff() {
			continue
		}
		built.Thresholds = append(built.Thresholds, resolveAlert(d, s, r)...)
	}
	checkNames(built, doc, r)
	return built
}

// ownLabels are the labels that the spec gives the alert.
func (d *AlertSpec) ownLabels(s *slo.Service) spec.Labels {
	labels := s.Labels
	if d.Component.Text != "" {
		labels = labels.With(spec.NewLabels(slo.ComponentLabel, d.Component.Text))
	}
	return labels.With(d.Labels)
}

// resolveAlert makes the rules of one alert: one, or one for each listed member.
func resolveAlert(d *AlertSpec, s *slo.Service, r *diag.Report) []Alert {
	kinds, keys := d.chosen()
	switch len(kinds) {
	case 0:
		if !d.misspelt() {
			r.Add(spec.MissingKey, d.Pos(), "add one of "+strings.Join(kindKeys(), ", "), "the alert compares nothing")
		}
		return nil
	case 1:
	default:
		r.Add(spec.UnknownKey, d.KeyPos(keys[1]), "keep one of them", "the alert has %d conditions: %s", len(kinds), strings.Join(keys, ", "))
		return nil
	}
	checkDuration(d.For, r)
	checkDuration(d.KeepFiringFor, r)
	kind := kinds[0]
	if !kind.resolve(s, r) {
		return nil
	}
	parts := []part{{kind: kind, component: d.Component.Text}}
	if of, ok := kind.(divided); ok {
		parts = of.parts(d.Component.Text)
	}
	var made []Alert
	for _, p := range parts {
		labels := d.ownLabels(s).With(p.labels)
		if p.component != "" {
			labels = labels.With(spec.NewLabels(slo.ComponentLabel, p.component))
		}
		a := Alert{
			Name: d.Name.Text, Service: s, For: d.For.Duration, Labels: labels.With(spec.NewLabels(s.ServiceLabel, s.Name)),
			Runbook: d.Runbook.Text, RunbookPos: d.Runbook.Pos(), Pos: d.Pos(), Setting: Setting{d.Name.Text, d.Pos()},
			Threshold: &Threshold{Kind: keys[0], KeepFiringFor: d.KeepFiringFor.Duration, Component: p.component, Member: p.member, of: p.kind},
		}
		if !checkMembers(d, a, p.kind.words().Per, r) {
			return nil
		}
		a.Expr = p.kind.condition()
		describe(&a, d)
		made = append(made, a)
	}
	return made
}

// misspelt tells whether a key was meant to be that of a kind, or the alert is
// no map of keys at all, which was reported where it was read.
func (d *AlertSpec) misspelt() bool {
	return d.Value() == nil || slices.ContainsFunc(d.Value().Fields, func(f spec.Field) bool {
		return spec.Nearest(f.Key.Text, kindKeys()) != ""
	})
}

// describe gives an alert its words.
func describe(a *Alert, d *AlertSpec) {
	words := a.Threshold.of.words()
	a.Threshold.Condition = words.Condition
	summary := cmp.Or(literal(d.Summary.Text), literal(words.Condition)) + words.member()
	description := "It fires while " + literal(words.Condition) + lasting(a.For) + "."
	if words.Value != "" {
		description = words.Value + " " + description
	}
	annotate(a, a.Service.Name+": "+summary, description)
	for _, n := range d.Annotations {
		a.Annotations = slices.DeleteFunc(a.Annotations, func(o Annotation) bool { return o.Name == n.Name.Text })
		a.Annotations = append(a.Annotations, Annotation{n.Name.Text, n.Value.Text})
	}
	slices.SortFunc(a.Annotations, func(a, b Annotation) int { return strings.Compare(a.Name, b.Name) })
}

// lasting says for how long a condition must hold, or nothing.
func lasting(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return ", for " + spec.FormatDuration(d)
}

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

// member is the part of an alert's summary that names the member that fires, a
// template.
func (w Words) member() string {
	var names []string
	for _, label := range w.Per {
		names = append(names, fmt.Sprintf("%s {{ $labels.%s }}", label, label))
	}
	text := " (" + strings.Join(names, ", ") + ")"
	switch {
	case len(names) == 0:
		return ""
	case w.Gone:
		return "{{ if $labels." + w.Per[0] + " }}" + text + "{{ end }}"
	}
	return text
}

// checkMembers reports a label that tells members apart, and that the alert sets
// itself: all members would have the same value, and Prometheus refuses two
// alerts that are alike.
func checkMembers(d *AlertSpec, a Alert, per []string, r *diag.Report) bool {
	for _, label := range per {
		if l := a.Labels.Get(label); l != nil {
			r.Add(slo.ReservedLabel, d.Pos(), "use another label for the members, or for the alert (identity renames service)", "members differ in the label %q, which the alert sets to %q", label, l.Value.Text)
			return false
		}
	}
	return true
}
