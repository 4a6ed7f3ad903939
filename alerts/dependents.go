package alerts

import (
	"maps"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/slo"
)

// bearing is what an alert of a component means for those that need it.
type bearing int

const (
	// isUrgent: what wakes somebody does not work now, and what does not can wait.
	isUrgent bearing = iota
	// isDown: it does not work, whoever is told.
	isDown
	// bearsNothing: it works all the same, or nobody knows.
	bearsNothing
)

// bearer is a kind that means something else than being urgent.
type bearer interface{ bearing() bearing }

// mutesDependents tells whether the alert means that its component does not
// work now. A ticket lasts for days: a certificate that expires in three weeks
// must not mute for so long what others have to say.
func (a Alert) mutesDependents(page bool) bool {
	if a.isAbsence() {
		return false // that nothing is known is no outage
	}
	if a.MutesDependents != nil {
		return *a.MutesDependents
	}
	of := isUrgent
	if a.Threshold != nil {
		if b, ok := a.Threshold.of.(bearer); ok {
			of = b.bearing()
		}
	}
	return of == isDown || of == isUrgent && page
}

func (a Alert) isAbsence() bool { return a.SLO != nil && len(a.Tiers) == 0 }

// muter is an alert as it fires: one of a group has the group's labels, and one
// of all that is gone has none of them.
type muter struct {
	Alert
	set    map[string]string
	groups []string // labels that tell it from others of its component, sorted
}

// muters are the alerts of a service as they fire, those of its components.
func (s *Service) muters() []muter {
	var all []muter
	for _, a := range s.All() {
		for _, set := range a.forms() {
			m := muter{Alert: a, set: set}
			if set[slo.ComponentLabel] == "" {
				continue
			}
			if t := a.Threshold; t != nil && t.group != "" {
				m.groups = append(m.groups, t.group)
			}
			for _, label := range a.varying() {
				if set[label] != "" {
					m.groups = append(m.groups, label)
				}
			}
			all = append(all, m)
		}
	}
	return all
}

// carried are those of some labels that the alert has, sorted. A label whose
// value is the component tells nothing apart.
func (m muter) carried(labels []string) []string {
	var has []string
	for _, l := range labels {
		if m.set[l] != "" && (slices.Contains(m.groups, l) || m.set[l] != m.set[slo.ComponentLabel]) {
			has = append(has, l)
		}
	}
	return has
}

// dependence is components that need the same ones.
type dependence struct {
	service        *Service
	needs, members []string
	places         map[string]diag.Pos // by member
	forms          []muter             // those of alerts of the service
	groups         []string            // labels that any of the alerts is grouped by, sorted
}

// dependences are those of a service, in the order of its components.
func (s *Service) dependences() []*dependence {
	var order []*dependence
	forms := s.muters()
	byNeeds := map[string]*dependence{}
	for _, c := range s.Components {
		if len(c.Needs) == 0 {
			continue
		}
		key := strings.Join(c.Needs, " ")
		d := byNeeds[key]
		if d == nil {
			d = &dependence{service: s, needs: c.Needs, places: map[string]diag.Pos{}, forms: forms}
			byNeeds[key] = d
			order = append(order, d)
		}
		d.members = append(d.members, c.Name)
		d.places[c.Name] = c.Pos
	}
	for _, d := range order {
		for _, m := range d.forms {
			if of := m.set[slo.ComponentLabel]; slices.Contains(d.needs, of) || slices.Contains(d.members, of) {
				d.groups = append(d.groups, m.groups...)
			}
		}
		slices.Sort(d.groups)
		d.groups = slices.Compact(d.groups)
	}
	return order
}

// componentInhibitions are what the needs of a service's components make: an
// alert of what is needed mutes those of what needs it, never the other way
// round. Where the routing says which alerts wake somebody, one that does not
// never mutes one that does.
//
// An alert of one group (a tenant, a zone, an instance) mutes those of the same
// group alone: what needs all of the component may well do without one member,
// and if not, an alert of the whole component says so.
func componentInhibitions(s *Service, pages, others []Matcher) []Inhibition {
	var list []Inhibition
	for _, d := range s.dependences() {
		mutes := func(m muter) bool { return m.mutesDependents(len(pages) > 0 && matchesAll(pages, m.set)) }
		list = append(list, d.inhibitions(pages, nil, mutes)...)
		if len(pages) > 0 && len(others) > 0 {
			list = append(list, d.inhibitions(others, others, mutes)...)
		}
	}
	return list
}

// inhibitions are those by sources and targets that also match something: one
// for the alerts that mute of each combination of groups.
func (d *dependence) inhibitions(source, target []Matcher, mutes func(muter) bool) []Inhibition {
	needed := []Matcher{{Label: slo.ComponentLabel, Values: d.needs}, {Label: d.service.ServiceLabel, Values: []string{d.service.Name}}}
	needing := []Matcher{{Label: slo.ComponentLabel, Values: d.members}}
	sources := append(slices.Clone(needed), source...)
	in := Inhibition{
		Target: append(slices.Clone(needing), target...),
		Why:    strings.Join(d.needs, ", ") + " must be up before " + strings.Join(d.members, ", "),
		Pos:    d.places[d.members[0]], places: d.places,
	}
	var match []muter
	byGroups := map[string][]string{}
	for _, m := range d.forms {
		if !matchesAll(sources, m.set) {
			continue
		}
		match = append(match, m)
		if groups := m.carried(d.groups); mutes(m) {
			byGroups[strings.Join(groups, " ")] = groups
		}
	}
	var list []Inhibition
	for _, key := range slices.Sorted(maps.Keys(byGroups)) {
		if groups := byGroups[key]; len(groups) > 0 && !d.reaches(in.Target, groups) {
			continue
		}
		in.Equal = append([]string{d.service.ServiceLabel}, byGroups[key]...)
		in.Source = d.only(sources, match, func(m muter) bool { return mutes(m) && strings.Join(m.carried(d.groups), " ") == key })
		list = append(list, in)
	}
	return list
}

// reaches tells whether any target is of such groups.
func (d *dependence) reaches(target []Matcher, groups []string) bool {
	return slices.ContainsFunc(d.forms, func(m muter) bool {
		return matchesAll(target, m.set) && len(m.carried(groups)) == len(groups)
	})
}

// only adds to matchers what it takes to match none but some of those that they
// match: a label that the alerts of members have, their names, or both.
func (d *dependence) only(matchers []Matcher, match []muter, wanted func(muter) bool) []Matcher {
	made := slices.Clone(matchers)
	var want, rest []muter
	var names []string
	named := map[string]bool{}
	for _, m := range match {
		if !wanted(m) {
			rest = append(rest, m)
			continue
		}
		want = append(want, m)
		if !named[m.Name] {
			named[m.Name] = true
			names = append(names, m.Name)
		}
	}
	same := want[0].carried(d.groups)
	for _, label := range same {
		made = append(made, Matcher{Label: label, Set: true})
	}
	excluded := func(m muter) bool { return !matchesAll(made, m.set) }
	if rest = slices.DeleteFunc(rest, excluded); len(rest) > 0 {
		made = append(made, Matcher{Label: alertNameLabel, Values: names})
	}
	// An alert on what is gone has the name of those on its members.
	for _, m := range slices.DeleteFunc(rest, excluded) {
		for _, label := range m.carried(d.groups) {
			if !slices.Contains(same, label) && !excluded(m) {
				made = append(made, Matcher{Label: label, Values: []string{""}})
			}
		}
	}
	return made
}
