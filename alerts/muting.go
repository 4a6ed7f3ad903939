package alerts

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// Muting finds the alerts that mute one, without comparing each with each:
// there may be tens of thousands.
type Muting struct {
	inhibit []Inhibition
	sets    [][]map[string]string // the forms of each alert
	soonest []time.Duration       // when each fires in the worst outage
	sources []sources             // of each inhibition
}

// sources are the alerts that an inhibition's source matches, by the values of
// those of its equal labels that never vary; the one that fires first comes first.
type sources struct {
	fixed   []string
	several bool // some alert stands among them in several forms
	by      map[string][]form
}

// form is an alert as it fires.
type form struct {
	alert int
	set   map[string]string
}

// varying are the labels of which an alert has the values that series have.
func (a Alert) varying() []string {
	switch {
	case a.SLO != nil:
		return a.SLO.Per
	case a.Threshold != nil:
		return a.Threshold.of.words().Per
	}
	return nil
}

// forms are the labels that an alert may fire with: those of any group, and
// for some alerts those without a group, when nothing is left that would have one.
func (a Alert) forms() []map[string]string {
	set := a.LabelSet()
	varying := a.varying()
	for _, name := range varying {
		set[name] = anyGroup
	}
	sets := []map[string]string{set}
	if len(varying) > 0 && (a.isAbsence() || a.Threshold != nil && a.Threshold.of.words().Gone) {
		gone := maps.Clone(set)
		for _, name := range varying {
			delete(gone, name)
		}
		sets = append(sets, gone)
	}
	return sets
}

// Muting makes the index of all alerts.
func (routing *Routing) Muting(all []Alert) *Muting {
	m := &Muting{inhibit: routing.Inhibit}
	varies := map[string]bool{}
	for _, a := range all {
		for _, label := range a.varying() {
			varies[label] = true
		}
		m.sets = append(m.sets, a.forms())
		m.soonest = append(m.soonest, a.soonest())
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(m.soonest[i], m.soonest[j]) })
	for _, in := range routing.Inhibit {
		fixed := slices.DeleteFunc(slices.Clone(in.Equal), func(label string) bool { return varies[label] })
		of := sources{fixed: fixed, by: map[string][]form{}}
		for _, i := range order {
			matched := 0
			for _, set := range m.sets[i] {
				if matchesAll(in.Source, set) {
					matched++
					of.several = of.several || matched > 1
					key := of.key(set)
					of.by[key] = append(of.by[key], form{i, set})
				}
			}
		}
		m.sources = append(m.sources, of)
	}
	return m
}

// key are the values on which source and target must agree.
func (s sources) key(labels map[string]string) string {
	var b strings.Builder
	for _, name := range s.fixed {
		b.WriteString(labels[name])
		b.WriteByte(0)
	}
	return b.String()
}

// Of are the alerts that mute the one of an index, by their index, with the
// inhibition that does it; for each inhibition the one that fires first comes first.
func (m *Muting) Of(target int) iter.Seq2[int, int] { return m.find(target, false) }

// First is Of without all but the first for each inhibition.
func (m *Muting) First(target int) iter.Seq2[int, int] { return m.find(target, true) }

func (m *Muting) find(target int, first bool) iter.Seq2[int, int] {
	return func(yield func(source, inhibition int) bool) {
		for n := range m.inhibit {
			var seen map[int]bool // by this inhibition, where an alert may mute in several forms
			if len(m.sets[target]) > 1 || m.sources[n].several {
				seen = map[int]bool{}
			}
			for source := range m.by(n, target) {
				if seen[source] {
					continue
				}
				if seen != nil {
					seen[source] = true
				}
				if !yield(source, n) {
					return
				}
				if first {
					break
				}
			}
		}
	}
}

// by are the sources that mute a target by one inhibition.
func (m *Muting) by(n, target int) iter.Seq[int] {
	in := m.inhibit[n]
	return func(yield func(source int) bool) {
		for _, set := range m.sets[target] {
			if !matchesAll(in.Target, set) {
				continue
			}
			for _, source := range m.sources[n].by[m.sources[n].key(set)] {
				if in.Mutes(source.set, set) && !yield(source.alert) {
					return
				}
			}
		}
	}
}
