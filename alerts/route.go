package alerts

import (
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Route is a node of the routing tree, as Alertmanager walks it: depth first; a
// child that matches stops its siblings unless it continues; the node itself
// receives only what none of its children matched.
type Route struct {
	Match        []Matcher
	To           string // or "" for that of the node above
	Continue     bool
	Active, Mute []string // intervals; unlike all else they are not inherited
	Grouping     Grouping
	Routes       []Route
	Pos          diag.Pos
	HoursPos     diag.Pos // where the spec has its intervals
}

// Matcher is a label with the values that match.
type Matcher struct {
	Label  string
	Values []string
	// Set, in place of values, matches every value but the empty one.
	Set bool
}

func (m Matcher) matches(labels map[string]string) bool {
	if m.Set {
		return labels[m.Label] != ""
	}
	return slices.Contains(m.Values, labels[m.Label])
}

func matchesAll(matchers []Matcher, labels map[string]string) bool {
	return !slices.ContainsFunc(matchers, func(m Matcher) bool { return !m.matches(labels) })
}

// Landing is a node at which an alert ends, with what it inherits.
type Landing struct {
	To           string
	Active, Mute []string
	Grouping     Grouping
	// Default tells that no route matched.
	Default bool
}

// Land are the nodes at which an alert with these labels ends, in order.
func (routing *Routing) Land(labels map[string]string) []Landing {
	landed := routing.Root.land(labels, routing.Root.To, Grouping{})
	for i := range landed {
		landed[i].Default = len(landed) == 1 && !slices.ContainsFunc(routing.Root.Routes, func(r Route) bool { return matchesAll(r.Match, labels) })
	}
	return landed
}

func (route *Route) land(labels map[string]string, to string, above Grouping) []Landing {
	if !matchesAll(route.Match, labels) {
		return nil
	}
	if route.To != "" {
		to = route.To
	}
	g := route.Grouping.over(above)
	var all []Landing
	for i := range route.Routes {
		child := &route.Routes[i]
		landed := child.land(labels, to, g)
		all = append(all, landed...)
		if len(landed) > 0 && !child.Continue {
			break
		}
	}
	if len(all) == 0 {
		all = append(all, Landing{To: to, Active: route.Active, Mute: route.Mute, Grouping: g})
	}
	return all
}

// ReceiversOf are those that an alert with these labels reaches, in order.
func (routing *Routing) ReceiversOf(labels map[string]string) []string {
	var to []string
	for _, l := range routing.Land(labels) {
		to = append(to, l.To)
	}
	return to
}

// route makes a node of a route of the spec. Several receivers are its
// children, each of which continues with the next; those of a team match the
// team's alerts. The node itself then receives only what belongs to no team.
func (routing *Routing) route(doc *RouteSpec, r *diag.Report) Route {
	node := Route{
		Match: matchers(doc.Match), Continue: doc.Continue, Pos: doc.Pos(),
		Active: intervalNames(doc.Active, routing.Intervals, r), Mute: intervalNames(doc.Mute, routing.Intervals, r),
		Grouping: doc.resolve(routing.Root.Grouping, r), HoursPos: doc.KeyPos("active"),
	}
	if len(doc.Mute) > 0 {
		node.HoursPos = doc.KeyPos("mute")
	}
	for _, t := range doc.To {
		routing.checkTarget(t, r)
	}
	if len(doc.To) == 1 && !doc.To[0].ofTeam {
		node.To = doc.To[0].Text.Text
		return node
	}
	for _, t := range doc.To {
		// Intervals are not inherited: who is told has them.
		child := Route{To: t.Text.Text, Continue: true, Active: node.Active, Mute: node.Mute, Pos: t.Pos(), HoursPos: node.HoursPos}
		if !t.ofTeam {
			node.Routes = append(node.Routes, child)
			continue
		}
		for _, team := range routing.teams.order {
			of := child
			of.Match = []Matcher{{Label: routing.teams.label, Values: []string{team}}}
			of.To = teamReceiver(team, t.receiver)
			node.Routes = append(node.Routes, of)
		}
	}
	if last := len(node.Routes) - 1; last >= 0 {
		node.Routes[last].Continue = false
	}
	return node
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
