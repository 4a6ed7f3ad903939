package alerts

import (
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// TeamSpec is a team with receivers of its own. A route that tells team/NAME
// tells the receiver NAME of the team that the alert's team label names.
type TeamSpec struct {
	spec.Node
	// Name of the team: the value of the team label.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Receivers of the team.
	Receivers []ReceiverSpec `json:"receivers" jsonschema:"required"`
}

// Targets are whom a route tells: a receiver, or a list of them; team/NAME is
// the receiver NAME of the team that the alert's label names.
type Targets []Target

// Target is one of them.
type Target struct {
	spec.Text
	receiver string
	ofTeam   bool
}

// DecodeSpec implements spec.Decoder.
func (ts *Targets) DecodeSpec(v *spec.Value, r *diag.Report) {
	items := []*spec.Value{v}
	if v.Kind == spec.List {
		items = v.Items()
	}
	if len(items) == 0 {
		r.Add(spec.BadValue, v.Pos, "name a receiver", "a route that tells nobody")
	}
	for _, item := range items {
		var t Target
		t.DecodeSpec(item, r)
		t.receiver, t.ofTeam = strings.CutPrefix(t.Text.Text, teamPrefix)
		if slices.ContainsFunc(*ts, func(o Target) bool { return o.Text.Text == t.Text.Text }) {
			r.Add(slo.DuplicateName, item.Pos, "name it once", "%q is told already", t.Text.Text)
			continue
		}
		*ts = append(*ts, t)
	}
}

// Fallback is the receiver of what no route matches.
type Fallback struct{ spec.Name }

// DecodeSpec implements spec.Decoder.
func (f *Fallback) DecodeSpec(v *spec.Value, r *diag.Report) {
	if strings.HasPrefix(v.Text, teamPrefix) {
		r.Add(spec.BadValue, v.Pos, "name a receiver; a route without match can tell "+v.Text, "what no route matches may be of no team")
		return
	}
	f.Name.DecodeSpec(v, r)
}

const teamPrefix = "team/"

// JSONSchema describes targets to editors.
func (Targets) JSONSchema() *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{text, {Type: "array", Items: text, MinItems: new(uint64(1))}}}
}

// teamReceiver names a team's receiver in Alertmanager's flat list.
func teamReceiver(team, receiver string) string { return team + "-" + receiver }

// teams are the receivers of each team, as the spec has them.
type teams struct {
	label string
	order []string
	of    map[string][]string // receivers of a team, by its name
}

// addTeams resolves the receivers of all teams.
func (routing *Routing) addTeams(doc *RoutingSpec, in setting, r *diag.Report) {
	routing.teams = teams{label: doc.TeamLabel.Text, of: map[string][]string{}}
	values := valuesOf(doc.Labels, doc.TeamLabel.Text)
	for i := range doc.Teams {
		team := &doc.Teams[i]
		name := team.Name.Text
		switch {
		case slices.Contains(routing.teams.order, name):
			r.Add(slo.DuplicateName, team.Name.Pos(), "rename one of them", "team %q exists already", name)
		case name != "" && values != nil && !slices.Contains(values, name):
			r.Add(spec.UnknownReference, team.Name.Pos(), spec.Suggest(name, values), "the vocabulary has no %s %q", doc.TeamLabel.Text, name)
		}
		routing.teams.order = append(routing.teams.order, name)
		for j := range team.Receivers {
			receiver := &team.Receivers[j]
			routing.addReceiver(receiver, teamReceiver(name, receiver.Name.Text), in, r)
			routing.teams.of[name] = append(routing.teams.of[name], receiver.Name.Text)
		}
	}
	for _, c := range doc.Labels {
		for _, v := range c.Values {
			if len(doc.Teams) > 0 && c.Name.Text == doc.TeamLabel.Text && !slices.Contains(routing.teams.order, v.Text) {
				r.Add(spec.UnknownReference, doc.TeamLabel.Pos(), "add it to teams, or to the vocabulary what they are called", "no team is called %q", v.Text)
			}
		}
	}
	if len(doc.Teams) > 0 && doc.TeamLabel.Text == "" {
		r.Add(spec.MissingKey, doc.KeyPos("teams"), "add teamLabel: LABEL", "nothing says which label names the team")
	}
}

// names are those of receivers that any team has.
func (t teams) names() []string {
	var names []string
	for _, team := range t.order {
		names = append(names, t.of[team]...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// check reports a target that does not exist, and a receiver that a team lacks.
func (routing *Routing) checkTarget(t Target, r *diag.Report) {
	name := t.Text.Text
	switch {
	case name == "" || t.IsUnreadable():
	case !t.ofTeam:
		routing.checkReceiver(t.Text, r)
	case !slices.Contains(routing.teams.names(), t.receiver):
		var known []string
		for _, n := range routing.teams.names() {
			known = append(known, teamPrefix+n)
		}
		r.Add(spec.UnknownReference, t.Pos(), spec.Suggest(name, known), "no team has a receiver %q", t.receiver)
	default:
		for _, team := range routing.teams.order {
			if !slices.Contains(routing.teams.of[team], t.receiver) {
				r.Add(spec.UnknownReference, t.Pos(), spec.Suggest(t.receiver, routing.teams.of[team]), "team %q has no receiver %q", team, t.receiver)
			}
		}
	}
}
