package check

import (
	"maps"
	"slices"
	"sort"

	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/amconfig"
)

// tree is a routing tree with what was found out about it.
type tree struct {
	*amconfig.Config
	solver *amconfig.Solver
	// siblings are, for each node, its children that stop what comes after them.
	siblings map[*amconfig.Route]*stops
	reached  map[*amconfig.Route]reach
}

// stops are the children of a node that do not continue, to look up those that
// may match what another child matches: by the first label that they pin.
type stops struct {
	place  map[*amconfig.Route]int // of every child
	pinned map[[2]string][]*amconfig.Route
	others []*amconfig.Route
}

// reach says whether any alert comes to a node.
type reach struct {
	verdict amconfig.Verdict
	// contradiction tells that no alert matches the node and those above it;
	// otherwise a node before it stops all.
	contradiction bool
	alert         amconfig.Labels // an example
}

func newTree(c *amconfig.Config) *tree {
	t := &tree{Config: c, solver: amconfig.NewSolver(), siblings: map[*amconfig.Route]*stops{}, reached: map[*amconfig.Route]reach{}}
	for _, route := range c.Routes() {
		s := &stops{place: map[*amconfig.Route]int{}, pinned: map[[2]string][]*amconfig.Route{}}
		for i, child := range route.Routes {
			s.place[child] = i
			if child.Continue {
				continue
			}
			if i := slices.IndexFunc(child.Matchers, isEqual); i >= 0 {
				key := [2]string{child.Matchers[i].Name, child.Matchers[i].Value}
				s.pinned[key] = append(s.pinned[key], child)
			} else {
				s.others = append(s.others, child)
			}
		}
		t.siblings[route] = s
	}
	return t
}

func isEqual(m *labels.Matcher) bool { return m.Type == labels.MatchEqual }

// maxStops is how many nodes before one are looked at. To leave some out can
// only hide that it is never reached.
const maxStops = 100

// maxLooked is how many of those that pin no label are considered at all.
const maxLooked = 300

// pinnedBy are the labels of which matchers allow one value.
func pinnedBy(matchers labels.Matchers) map[string]string {
	pinned := map[string]string{}
	for _, m := range matchers {
		if isEqual(m) {
			pinned[m.Name] = m.Value
		}
	}
	return pinned
}

// before are the siblings of a node that may stop what it would match, an alert
// that has the pinned labels.
func (t *tree) before(route *amconfig.Route, pinned map[string]string) []*amconfig.Route {
	s := t.siblings[route.Parent]
	if s.place[route] == 0 {
		return nil
	}
	var found []*amconfig.Route
	// consider takes those that stand before the node and do not surely miss it.
	consider := func(candidates []*amconfig.Route) {
		n := sort.Search(len(candidates), func(i int) bool { return s.place[candidates[i]] >= s.place[route] })
		for _, c := range candidates[:min(n, maxLooked)] {
			misses := slices.ContainsFunc(c.Matchers, func(m *labels.Matcher) bool {
				value, ok := pinned[m.Name]
				return ok && !m.Matches(value)
			})
			if !misses && len(found) < maxStops {
				found = append(found, c)
			}
		}
	}
	for _, name := range sortedKeys(pinned) {
		consider(s.pinned[[2]string{name, pinned[name]}])
	}
	consider(s.others)
	slices.SortFunc(found, func(a, b *amconfig.Route) int { return s.place[a] - s.place[b] })
	return found
}

// must is what an alert must match to come to a node.
func must(route *amconfig.Route) labels.Matchers {
	var all labels.Matchers
	for node := route; node != nil; node = node.Parent {
		all = append(all, node.Matchers...)
	}
	return all
}

// path is what an alert must match to come to a node, and what it must not.
func (t *tree) path(route *amconfig.Route) (matches labels.Matchers, mustNot []labels.Matchers) {
	matches = must(route)
	pinned := pinnedBy(matches)
	for node := route; node.Parent != nil; node = node.Parent {
		for _, stop := range t.before(node, pinned) {
			mustNot = append(mustNot, stop.Matchers)
		}
	}
	return matches, mustNot
}

// reach tells whether an alert can come to a node.
func (t *tree) reach(route *amconfig.Route) reach {
	if known, ok := t.reached[route]; ok {
		return known
	}
	matches, mustNot := t.path(route)
	var r reach
	if _, verdict := t.solver.Find(matches); verdict == amconfig.No {
		r = reach{verdict: amconfig.No, contradiction: true}
	} else {
		r.alert, r.verdict = t.solver.Find(matches, mustNot...)
	}
	t.reached[route] = r
	return r
}

// lands is an alert that a node receives, of those that match extra: it comes
// there, and none of the node's children matches.
func (t *tree) lands(route *amconfig.Route, extra labels.Matchers) (amconfig.Labels, amconfig.Verdict) {
	matches, mustNot := t.path(route)
	for _, child := range route.Routes {
		mustNot = append(mustNot, child.Matchers)
	}
	return t.solver.Find(append(matches, extra...), mustNot...)
}

// asked are all matchers of a configuration.
func (t *tree) asked() []labels.Matchers {
	var all []labels.Matchers
	for _, route := range t.Routes() {
		all = append(all, route.Matchers)
	}
	for _, in := range t.Inhibit {
		all = append(all, in.Source, in.Target)
	}
	return all
}

// named tells whether a node, or one above it, is for alerts of certain names.
func named(route *amconfig.Route) bool {
	for node := route; node != nil; node = node.Parent {
		if slices.ContainsFunc(node.Matchers, func(m *labels.Matcher) bool {
			return m.Name == amconfig.AlertName && (m.Type == labels.MatchEqual || m.Type == labels.MatchRegexp)
		}) {
			return true
		}
	}
	return false
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// mentions tells whether matchers say anything about a label.
func mentions(matchers labels.Matchers, name string) bool {
	return slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return m.Name == name })
}
