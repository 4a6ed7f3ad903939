package alerts

import (
	"strings"

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
	// Summary says in words what is wrong when it fires; what tells members apart is added. Default: the alert's name, in words.
	Summary spec.Text `json:"summary,omitempty"`
	// Component is the part of the service that the alert is about. It becomes a label.
	Component spec.Name `json:"component,omitempty"`
	// MutesDependents says whether the alert means that its component does not work now, so that those of the components
	// that need it are muted meanwhile. Default: where it pages, unless it tells of what is to come (expiry, volume) or is
	// an expression; of the others, if it is of kind down.
	MutesDependents *bool `json:"mutesDependents,omitempty"`
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
	Kind      string // as the spec names it
	Condition string // in words: when it holds
	Component string
	Member    string // which of those that the spec lists, or ""
	// ComponentPos is where the spec names the component.
	ComponentPos diag.Pos
	// Written is the expression as the spec has it, of kind expr, or nil.
	Written *spec.Value
	// Annotations are those that the spec adds.
	Annotations spec.Labels

	of Kind
	// listed is the label whose values the spec lists, or "".
	listed string
	group  string // label that tells the member from others of the component, or ""
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

// written is the expression that the spec has under the key of a kind, or nil.
func (d *AlertSpec) written(key string) *spec.Value {
	if v := d.Value().Get(key); v != nil && v.Kind == spec.String {
		return v
	}
	return nil
}

// resolveAlert makes the rules of one alert: one, or one for each listed member.
func resolveAlert(d *AlertSpec, s *slo.Service, r *diag.Report) []Alert {
	kinds, keys := d.chosen()
	switch len(kinds) {
	case 0:
		if !spec.Means(d.Value(), kindKeys()) {
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
	usable := notTooLong(d.For, r) && notTooLong(d.KeepFiringFor, r)
	kind := kinds[0]
	if !kind.resolve(s, r) || !usable {
		return nil
	}
	parts := []part{{kind: kind, component: d.Component.Text}}
	if of, ok := kind.(divided); ok {
		parts = of.parts(d.Component.Text)
	}
	var made []Alert
	for _, p := range parts {
		labels, at := d.ownLabels(s).With(p.labels), d.Component.Pos()
		if p.componentPos != (diag.Pos{}) {
			at = p.componentPos
		}
		if p.component != "" {
			labels = labels.With(spec.NewLabels(slo.ComponentLabel, p.component))
		}
		a := Alert{
			Name: d.Name.Text, Service: s, For: d.For.Duration, Labels: labels.With(spec.NewLabels(s.ServiceLabel, s.Name)),
			Runbook: d.Runbook.Text, RunbookPos: d.Runbook.Pos(), Pos: d.Pos(), Setting: Setting{d.Name.Text, d.Pos()},
			KeepFiringFor: d.KeepFiringFor.Duration, MutesDependents: d.MutesDependents,
			Threshold: &Threshold{Kind: keys[0], Component: p.component, ComponentPos: at, Member: p.member, Written: d.written(keys[0]), Annotations: d.Annotations, of: p.kind, group: p.group, listed: p.listed},
		}
		if !checkMembers(d, a, p.kind.words().Per, r) {
			return nil
		}
		if d.MutesDependents != nil && labels.Get(slo.ComponentLabel) == nil {
			slo.ReportNoDependents(d.KeyPos("mutesDependents"), r)
		}
		a.Expr = p.kind.condition()
		describe(&a, d)
		made = append(made, a)
	}
	return made
}
