package alerts

import (
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
		routing.GroupBy = []string{slo.DefaultServiceLabel, slo.DefaultSLOLabel}
		if len(services) > 0 {
			routing.GroupBy = []string{services[0].ServiceLabel, services[0].SLOLabel}
		}
	}
	var names []string
	for i := range doc.Receivers {
		names = append(names, routing.addReceiver(&doc.Receivers[i], names, r))
	}
	checkReceiver(doc.Default, names, r)
	known := knownLabels(doc, services)
	known.checkNames(doc.GroupBy, r)
	for _, route := range doc.Routes {
		checkReceiver(route.To, names, r)
		known.check(route.Match, r)
		routing.Routes = append(routing.Routes, Route{matchers(route.Match), route.To.Text, route.Continue})
	}
	for _, in := range doc.Inhibit {
		known.check(in.When, r)
		known.check(in.Mute, r)
		known.checkNames(in.Same, r)
		if list := in.Value().Get("same"); list != nil && list.Kind == spec.List && len(in.Same) == 0 {
			r.Add(spec.BadValue, list.Pos, "list labels, such as service and slo, or leave the key out", "an empty list lets one alert mute those of everything else")
		}
		routing.Inhibit = append(routing.Inhibit, Inhibition{matchers(in.When), matchers(in.Mute), idents(in.Same)})
	}
	for _, s := range services {
		for _, set := range s.labelSets() {
			checkLabels(doc.Labels, set, r)
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
	for _, l := range a.Identity().With(a.Labels) {
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
