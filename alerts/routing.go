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
	Pages      []Matcher
	Receivers  []Receiver // those of teams behind the others
	Intervals  []Interval
	Root       Route // tells the default
	Inhibit    []Inhibition
	Watchdog   *Watchdog
	Pos        diag.Pos

	teams teams
}

// alertNameLabel is the label that Prometheus sets on every alert.
const alertNameLabel = "alertname"

// Routed are the alerts that a routing is for, as far as they are known.
type Routed struct {
	Services []*Service
	// Partial tells that some of the specs could not be read: there are other
	// alerts, with labels that nobody knows.
	Partial bool
}

// BuildRouting resolves a routing document and holds the alerts against its vocabulary.
func BuildRouting(doc *RoutingSpec, routed Routed, r *diag.Report) *Routing {
	services := routed.Services
	routing := &Routing{
		Name: doc.Name.Text, Vocabulary: doc.Labels, Pages: matchers(doc.Pages), Pos: doc.Pos(),
		Intervals: resolveIntervals(doc.Intervals, r), Watchdog: doc.Watchdog.resolve(r),
	}
	routing.Root = Route{To: doc.Default.Text, Grouping: routing.rootGrouping(doc, services, r), Pos: doc.Pos()}
	routing.addReceivers(doc, r)
	routing.checkReceiver(spec.Text(doc.Default.Name), r)
	known := knownLabels(doc, routed)
	checkLabelNames(known, doc.GroupBy, r)
	known.check(doc.Pages, r)
	if doc.TeamLabel.Text != "" {
		known.checkTeamLabel(doc.TeamLabel, r)
	}
	if w := doc.Watchdog; w != nil {
		routing.checkReceiver(spec.Text(w.To), r)
		routing.Root.Routes = append(routing.Root.Routes, routing.Watchdog.route())
	}
	for i := range doc.Routes {
		route := &doc.Routes[i]
		known.check(route.Match, r)
		checkLabelNames(known, route.GroupBy, r)
		routing.Root.Routes = append(routing.Root.Routes, routing.route(route, r))
	}
	routing.addInhibitions(doc, services, known, r)
	var all []Alert
	for _, s := range services {
		all = append(all, s.All()...)
		for _, set := range s.labelSets() {
			checkLabels(doc.Labels, set, r)
		}
	}
	// Of alerts that something is wrong with it is not known when they fire.
	if !routed.Partial && !r.HasErrors() {
		routing.checkInhibitions(all, idents(doc.OtherLabels), r)
	}
	routing.checkCascades(services, r)
	return routing
}

// rootGrouping is how alerts are grouped unless a route says otherwise. Of one
// name are the members of an alert, and of others is news: whoever has
// acknowledged that a queue is deep must still be woken because a disk is full.
func (routing *Routing) rootGrouping(doc *RoutingSpec, services []*Service, r *diag.Report) Grouping {
	defaults := Grouping{
		By:   []string{alertNameLabel, slo.DefaultServiceLabel, slo.DefaultSLOLabel},
		Wait: defaultGroupWait, Interval: defaultGroupInterval, Repeat: defaultRepeatInterval,
	}
	if len(services) > 0 {
		defaults.By = []string{alertNameLabel, services[0].ServiceLabel}
		if slices.ContainsFunc(services, func(s *Service) bool { return len(s.Declared.SLOs) > 0 }) {
			defaults.By = append(defaults.By, services[0].SLOLabel)
		}
	}
	return doc.resolve(defaults, r).over(defaults)
}

func (routing *Routing) addReceivers(doc *RoutingSpec, r *diag.Report) {
	doc.Mail.check(r)
	in := setting{resolved: true, mail: doc.Mail}
	for i := range doc.Receivers {
		receiver := &doc.Receivers[i]
		of := in
		// That the watchdog is over says the opposite of what it is for.
		of.resolved = routing.Watchdog == nil || routing.Watchdog.To != receiver.Name.Text
		routing.addReceiver(receiver, receiver.Name.Text, of, r)
	}
	routing.addTeams(doc, in, r)
}

func (routing *Routing) addReceiver(doc *ReceiverSpec, name string, in setting, r *diag.Report) {
	if slices.Contains(routing.receiverNames(), name) {
		r.Add(slo.DuplicateName, doc.Name.Pos(), "rename one of them", "receiver %q exists already", name)
	}
	routing.Receivers = append(routing.Receivers, doc.resolve(name, in, r))
}

func (routing *Routing) receiverNames() []string {
	var names []string
	for _, to := range routing.Receivers {
		names = append(names, to.Name)
	}
	return names
}

// checkReceiver reports a name that is no receiver's.
func (routing *Routing) checkReceiver(name spec.Text, r *diag.Report) {
	known := routing.receiverNames()
	if name.Text == "" || slices.Contains(known, name.Text) {
		return
	}
	r.Add(spec.UnknownReference, name.Pos(), spec.Suggest(name.Text, known), "there is no receiver %q", name.Text)
}

func (routing *Routing) addInhibitions(doc *RoutingSpec, services []*Service, known labelNames, r *diag.Report) {
	for _, in := range doc.Inhibit {
		before := r.Len()
		known.check(in.When, r)
		known.check(in.Mute, r)
		checkLabelNames(known, in.Same, r)
		if list := in.Value().Get("same"); list != nil && list.Kind == spec.List && len(in.Same) == 0 {
			r.Add(spec.BadValue, list.Pos, "list labels, such as service and slo, or leave the key out", "an empty list lets one alert mute those of everything else")
		}
		routing.Inhibit = append(routing.Inhibit, withinGroups(Inhibition{
			Source: matchers(in.When), Target: matchers(in.Mute), Equal: idents(in.Same), Pos: in.Pos(),
			doubtful: r.Len() > before,
		}, services)...)
	}
	for _, s := range services {
		made := componentInhibitions(s, routing.Pages, routing.others())
		reportIdleNeeds(s, made, r)
		for _, in := range made {
			routing.Inhibit = append(routing.Inhibit, newInhibition(in))
		}
	}
}

// others match the alerts that wake nobody, where one label of the vocabulary
// tells; otherwise there are none.
func (routing *Routing) others() []Matcher {
	if len(routing.Pages) != 1 {
		return nil
	}
	page := routing.Pages[0]
	rest := slices.DeleteFunc(valuesOf(routing.Vocabulary, page.Label), func(v string) bool { return slices.Contains(page.Values, v) })
	if len(rest) == 0 {
		return nil
	}
	return []Matcher{{Label: page.Label, Values: rest}}
}

// Words match the values of the vocabulary: every alert has one of each label.
func (routing *Routing) Words() []Matcher { return matchers(routing.Vocabulary) }

// anyGroup stands for the value that a label has in the group that an alert is of.
const anyGroup = "<any>"

// LabelSet are the labels that an alert is routed by. Two alerts of one SLO are
// taken to be of one group.
func (a Alert) LabelSet() map[string]string {
	set := map[string]string{alertNameLabel: a.Name}
	if a.SLO != nil {
		for _, l := range a.SLO.Per {
			set[l] = anyGroup
		}
	}
	for _, l := range a.Identity().With(a.Labels) {
		set[l.Name.Text] = l.Value.Text
	}
	return set
}

func idents[T interface{ String() string }](list []T) []string {
	var names []string
	for _, n := range list {
		names = append(names, n.String())
	}
	return names
}
