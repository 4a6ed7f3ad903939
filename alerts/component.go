package alerts

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// ComponentsSpec are the parts of a service, and which need which.
type ComponentsSpec struct {
	// Components are the parts of the service. While an alert of one fires, those of the parts that need it are muted.
	Components []ComponentSpec `json:"components,omitempty"`
}

// ComponentSpec is a part of a service.
type ComponentSpec struct {
	spec.Node
	// Name of the component; SLOs and alerts belong to it by the key component.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Needs are the components that must be up before this one starts.
	Needs []spec.Name `json:"needs,omitempty"`
}

// DependencyCycle is a circle of components that need each other.
var DependencyCycle = &diag.Kind{Name: "dependency-cycle", Severity: diag.Error, Doc: `Components need each other in a circle.

None of them could be started first; and while one is down, each of their alerts would mute the next, until nobody hears of
any. Take the need out that does not hold when things start.`}

// Component is a part of a service, with all that it needs, also through others.
type Component struct {
	Name  string
	Needs []string // sorted
	Pos   diag.Pos // of the key needs, or of the component
}

// ResolveComponents resolves the components of a service.
func (doc ComponentsSpec) Resolve(s *Service, r *diag.Report) []Component {
	needs := map[string][]spec.Name{}
	places := map[string]diag.Pos{}
	var names []string
	for _, c := range doc.Components {
		if slices.Contains(names, c.Name.Text) {
			r.Add(slo.DuplicateName, c.Name.Pos(), "rename one of them", "component %q exists already", c.Name.Text)
			continue
		}
		names = append(names, c.Name.Text)
		needs[c.Name.Text] = c.Needs
		places[c.Name.Text] = c.KeyPos("needs")
	}
	for _, name := range names {
		for _, n := range needs[name] {
			checkComponent(n, names, r)
		}
	}
	if len(names) > 0 {
		s.checkComponents(names, r)
	}
	var list []Component
	for _, name := range names {
		all := reachable(name, needs)
		if slices.Contains(all, name) {
			continue
		}
		list = append(list, Component{name, all, places[name]})
	}
	reportCycles(names, needs, r)
	return list
}

// checkComponents reports SLOs and alerts of components that there are not.
func (s *Service) checkComponents(names []string, r *diag.Report) {
	for _, o := range s.Declared.SLOs {
		checkComponent(o.Component, names, r)
	}
	for _, a := range s.Thresholds {
		if name := a.Threshold.Component; name != "" && !slices.Contains(names, name) {
			r.Add(spec.UnknownReference, a.Threshold.ComponentPos, spec.Suggest(name, names), "there is no component %q", name)
		}
	}
}

func checkComponent(name spec.Name, known []string, r *diag.Report) {
	if name.Text != "" && !slices.Contains(known, name.Text) {
		r.Add(spec.UnknownReference, name.Pos(), spec.Suggest(name.Text, known), "there is no component %q", name.Text)
	}
}

// reachable are all that a component needs, itself among them if it stands in a circle.
func reachable(name string, needs map[string][]spec.Name) []string {
	var all []string
	var visit func(string)
	visit = func(of string) {
		for _, n := range needs[of] {
			if !slices.Contains(all, n.Text) {
				all = append(all, n.Text)
				visit(n.Text)
			}
		}
	}
	visit(name)
	slices.Sort(all)
	return all
}

// reportCycles reports each circle once, where the need stands that closes it.
func reportCycles(names []string, needs map[string][]spec.Name, r *diag.Report) {
	const (
		unseen = iota
		open
		done
	)
	state := map[string]int{}
	var path []string
	var visit func(string)
	visit = func(name string) {
		state[name] = open
		path = append(path, name)
		for _, n := range needs[name] {
			switch state[n.Text] {
			case unseen:
				visit(n.Text)
			case open:
				circle := append(slices.Clone(path[slices.Index(path, n.Text):]), n.Text)
				r.Add(DependencyCycle, n.Pos(), "take one of the needs out", "components need each other in a circle: %s", strings.Join(circle, " → "))
			}
		}
		path = path[:len(path)-1]
		state[name] = done
	}
	for _, name := range names {
		if state[name] == unseen {
			visit(name)
		}
	}
}
