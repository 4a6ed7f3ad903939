package alerts

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"
)

// Muting finds the alerts that mute one, without comparing each with each:
// there may be tens of thousands.
type Muting struct {
	inhibit []Inhibition
	sets    []map[string]string
	soonest []time.Duration // when each fires in the worst outage
	// sources are, for each inhibition, those of its alerts that agree on equal,
	// by the values of those labels; the one that fires first comes first.
	sources []map[string][]int
}

// someValue stands for that of a label which series bring: it may be the same on
// two alerts.
const someValue = "\x00"

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

// Muting makes the index of all alerts.
func (routing *Routing) Muting(all []Alert) *Muting {
	m := &Muting{inhibit: routing.Inhibit}
	for _, a := range all {
		set := a.LabelSet()
		for _, name := range a.varying() {
			if set[name] == "" {
				set[name] = someValue
			}
		}
		m.sets = append(m.sets, set)
		m.soonest = append(m.soonest, a.soonest())
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(m.soonest[i], m.soonest[j]) })
	for _, in := range routing.Inhibit {
		of := map[string][]int{}
		for _, i := range order {
			if matchesAll(in.Source, m.sets[i]) {
				key := in.key(m.sets[i])
				of[key] = append(of[key], i)
			}
		}
		m.sources = append(m.sources, of)
	}
	return m
}

// key are the values on which source and target must agree.
func (in Inhibition) key(labels map[string]string) string {
	var b strings.Builder
	for _, name := range in.Equal {
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
		for n, in := range m.inhibit {
			if !matchesAll(in.Target, m.sets[target]) {
				continue
			}
			for _, i := range m.sources[n][in.key(m.sets[target])] {
				if !in.Mutes(m.sets[i], m.sets[target]) {
					continue
				}
				if !yield(i, n) {
					return
				}
				if first {
					break
				}
			}
		}
	}
}
