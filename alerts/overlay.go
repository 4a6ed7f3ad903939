package alerts

import (
	"strings"

	"slowburn/internal/spec"
)

// RoutingLists are the lists of a routing that overlays patch by name. Nothing
// in an item says whether it is a patch, or new and whole: a receiver is told,
// a team is called by a label, an interval is kept by a route.
func RoutingLists() []spec.NamedList {
	of := func(team bool) func(*spec.Value) []string {
		return func(doc *spec.Value) []string {
			var names []string
			for _, name := range told(doc) {
				if name, ofTeam := strings.CutPrefix(name, teamPrefix); ofTeam == team {
					names = append(names, name)
				}
			}
			return names
		}
	}
	return []spec.NamedList{
		{Key: "receivers", Item: "receiver", Referred: of(false), Refer: "name a new one in a route"},
		{
			Key: "teams", Item: "team", Referred: calledTeams, Refer: "add a new one to the vocabulary",
			Inner: []spec.NamedList{{Key: "receivers", Item: "receiver of the team", Referred: of(true), Refer: "name a new one in a route"}},
		},
		{Key: "intervals", Item: "interval", Referred: keptIntervals, Refer: "name a new one in a route"},
	}
}

// told are the receivers that a document tells.
func told(doc *spec.Value) []string {
	names := scalars(doc.Get("default"))
	names = append(names, scalars(doc.Get("watchdog").Get("to"))...)
	for _, route := range routesOf(doc) {
		names = append(names, scalars(route.Get("to"))...)
	}
	return names
}

func calledTeams(doc *spec.Value) []string {
	var names []string
	if labels := doc.Get("labels"); labels != nil {
		for _, f := range labels.Fields() {
			names = append(names, scalars(f.Value)...)
		}
	}
	return names
}

func keptIntervals(doc *spec.Value) []string {
	var names []string
	for _, route := range routesOf(doc) {
		names = append(append(names, scalars(route.Get("active"))...), scalars(route.Get("mute"))...)
	}
	return names
}

func routesOf(doc *spec.Value) []*spec.Value {
	if routes := doc.Get("routes"); routes != nil {
		return routes.Items()
	}
	return nil
}

// scalars are a scalar, or the scalars of a list.
func scalars(v *spec.Value) []string {
	switch {
	case v == nil:
		return nil
	case v.Kind != spec.List:
		return []string{v.Text}
	}
	var all []string
	for _, item := range v.Items() {
		all = append(all, item.Text)
	}
	return all
}
