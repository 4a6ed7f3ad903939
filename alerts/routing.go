package alerts

import (
	"fmt"
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// MissingLabel is an alert that does not speak the vocabulary.
var MissingLabel = &diag.Kind{Name: "missing-label", Severity: diag.Error, Doc: `An alert lacks a label of the vocabulary, or has a value that the vocabulary lacks.

The routing document lists labels that every alert must carry, since routes and inhibitions decide by them. Set them in the
tier, in absence, in the SLO or in the service.`}

// Routing is a resolved routing document.
type Routing struct {
	Name       string
	Vocabulary spec.Choices
	Receivers  []Receiver
	Routes     []Route
	Default    string
	Inhibit    []Inhibition
	GroupBy    []string
	Pos        diag.Pos
}

// Route sends alerts that match to a receiver.
type Route struct {
	Match    []Matcher
	To       string
	Continue bool
}

// Inhibition mutes targets while a source fires and they agree on Equal.
type Inhibition struct {
	Source, Target []Matcher
	Equal          []string
}

// Matcher is a label with the values that match.
type Matcher struct {
	Label  string
	Values []string
}

// BuildRouting resolves a routing document and holds the alerts against its vocabulary.
func BuildRouting(doc *RoutingSpec, services []*Service, r *diag.Report) *Routing {
	routing := &Routing{Name: doc.Name.Text, Vocabulary: doc.Labels, Default: doc.Default.Text, Pos: doc.Pos(), GroupBy: idents(doc.GroupBy)}
	if len(routing.GroupBy) == 0 {
		routing.GroupBy = []string{"service", "slo"}
		if len(services) > 0 {
			routing.GroupBy = []string{services[0].ServiceLabel, services[0].SLOLabel}
		}
	}
	var names []string
	for i := range doc.Receivers {
		names = append(names, routing.addReceiver(&doc.Receivers[i], names, r))
	}
	checkReceiver(doc.Default, names, r)
	for _, route := range doc.Routes {
		checkReceiver(route.To, names, r)
		checkVocabulary(doc.Labels, route.Match, r)
		routing.Routes = append(routing.Routes, Route{matchers(route.Match), route.To.Text, route.Continue})
	}
	for _, in := range doc.Inhibit {
		checkVocabulary(doc.Labels, in.When, r)
		checkVocabulary(doc.Labels, in.Mute, r)
		routing.Inhibit = append(routing.Inhibit, Inhibition{matchers(in.When), matchers(in.Mute), idents(in.Same)})
	}
	for _, s := range services {
		for _, a := range s.All() {
			checkLabels(doc.Labels, a, r)
		}
	}
	return routing
}

func (routing *Routing) addReceiver(doc *ReceiverSpec, names []string, r *diag.Report) string {
	name := doc.Name.Text
	if slices.Contains(names, name) {
		r.Add(slo.DuplicateName, doc.Name.Pos(), "rename one of them", "receiver %q exists already", name)
	}
	receiver := Receiver{Name: name}
	for _, w := range doc.ways() {
		w.check(r)
		key, entry := w.config()
		receiver.Configs = append(receiver.Configs, ReceiverConfig{key, entry})
	}
	if len(receiver.Configs) == 0 {
		r.Add(spec.MissingKey, doc.Pos(), "add slack or pagerduty", "receiver %q tells nobody", name)
	}
	routing.Receivers = append(routing.Receivers, receiver)
	return name
}

// ReceiversOf are those that an alert with these labels reaches, in order.
func (routing *Routing) ReceiversOf(labels map[string]string) []string {
	var to []string
	for _, route := range routing.Routes {
		if matchesAll(route.Match, labels) {
			to = append(to, route.To)
			if !route.Continue {
				return to
			}
		}
	}
	if len(to) == 0 {
		to = append(to, routing.Default)
	}
	return to
}

// Mutes tells whether an alert with labels source mutes one with labels target.
func (in Inhibition) Mutes(source, target map[string]string) bool {
	if !matchesAll(in.Source, source) || !matchesAll(in.Target, target) || matchesAll(in.Source, target) {
		return false // what is source and target at once is exempt, as in Alertmanager
	}
	return !slices.ContainsFunc(in.Equal, func(label string) bool { return source[label] != target[label] })
}

func matchesAll(matchers []Matcher, labels map[string]string) bool {
	return !slices.ContainsFunc(matchers, func(m Matcher) bool { return !slices.Contains(m.Values, labels[m.Label]) })
}

// LabelSet are the labels that an alert is routed by.
func (a Alert) LabelSet() map[string]string {
	set := map[string]string{"alertname": a.Name}
	for _, l := range a.SLO.Identity().With(a.Labels) {
		set[l.Name.Text] = l.Value.Text
	}
	return set
}

func matchers(choices spec.Choices) []Matcher {
	var list []Matcher
	for _, c := range choices {
		m := Matcher{Label: c.Name.Text}
		for _, v := range c.Values {
			m.Values = append(m.Values, v.Text)
		}
		list = append(list, m)
	}
	return list
}

func idents(list []spec.Ident) []string {
	var names []string
	for _, n := range list {
		names = append(names, n.Text)
	}
	return names
}

func checkReceiver(name spec.Name, known []string, r *diag.Report) {
	if name.Text == "" || slices.Contains(known, name.Text) {
		return
	}
	r.Add(spec.UnknownReference, name.Pos(), spec.Suggest(name.Text, known), "there is no receiver %q", name.Text)
}

// checkVocabulary holds matched labels against the vocabulary. Labels that it
// does not name (alertname, service) are free.
func checkVocabulary(vocabulary, match spec.Choices, r *diag.Report) {
	for _, m := range match {
		values := valuesOf(vocabulary, m.Name.Text)
		for _, v := range m.Values {
			if values != nil && !slices.Contains(values, v.Text) {
				r.Add(spec.UnknownReference, v.Pos(), spec.Suggest(v.Text, values), "the vocabulary has no %s %q", m.Name.Text, v.Text)
			}
		}
	}
}

// checkLabels reports vocabulary labels that an alert lacks.
func checkLabels(vocabulary spec.Choices, a Alert, r *diag.Report) {
	for _, want := range vocabulary {
		values := valuesOf(vocabulary, want.Name.Text)
		label := a.Labels.Get(want.Name.Text)
		switch {
		case label == nil:
			r.Add(MissingLabel, a.Setting.Pos, fmt.Sprintf("add labels: {%s: %s}, here or to the whole service", want.Name.Text, values[0]), "the alerts of %s have no label %q", a.Setting.Name, want.Name.Text)
		case !slices.Contains(values, label.Value.Text):
			r.Add(MissingLabel, label.Value.Pos(), spec.Suggest(label.Value.Text, values), "the vocabulary has no %s %q", want.Name.Text, label.Value.Text)
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
