package generators

import (
	"fmt"
	"slices"
	"strings"

	"slowburn/alerts"
	"slowburn/internal/spec"
)

// maxNamed is how many alerts a fact names before it says "and more".
const maxNamed = 8

// audience says who is told of an alert, by what and when, and which alerts keep
// it quiet.
func (p *page) audience(a linkedAlert) []string {
	if p.routing == nil {
		return nil
	}
	var whens []string
	told := map[string][]string{} // by when
	for _, l := range p.routing.Land(a.LabelSet()) {
		when := fmt.Sprintf("after %s, %s; again every %s", spec.FormatDuration(l.Grouping.Wait), hours(l, "at all times"), spec.FormatDuration(l.Grouping.Repeat))
		if told[when] == nil {
			whens = append(whens, when)
		}
		told[when] = append(told[when], p.receiver(l.To))
	}
	var facts []string
	for _, when := range whens {
		facts = append(facts, fmt.Sprintf("Tells %s %s.", strings.Join(told[when], " and "), when))
	}
	var muting []string
	for _, other := range a.mutedBy {
		muting = append(muting, escape(p.all.alerts[other].Name))
	}
	if len(muting) > 0 {
		facts = append(facts, "Muted while one of these fires: "+namesOf(slices.Compact(muting))+".")
	}
	return facts
}

// receiver is one with the ways by which it is told.
func (p *page) receiver(name string) string {
	text := escape(name)
	for _, r := range p.routing.Receivers {
		if r.Name != name {
			continue
		}
		var ways []string
		for _, w := range r.Ways {
			ways = append(ways, escape(strings.TrimSpace(w.Kind+" "+w.Target)))
		}
		if len(ways) > 0 {
			text += " (" + strings.Join(ways, ", ") + ")"
		}
	}
	return text
}

// linkedAlert is an alert with those that mute it, by their index, sorted by name.
type linkedAlert struct {
	alerts.Alert
	mutedBy []int
}

// link looks up what mutes each of the alerts.
func (all *pages) link() []linkedAlert {
	var muting *alerts.Muting
	if all.routing != nil {
		muting = all.routing.Muting(all.alerts)
	}
	linked := make([]linkedAlert, len(all.alerts))
	for i, a := range all.alerts {
		linked[i].Alert = a
		if muting == nil {
			continue
		}
		for source := range muting.Of(i) {
			linked[i].mutedBy = append(linked[i].mutedBy, source)
		}
		slices.SortStableFunc(linked[i].mutedBy, func(a, b int) int { return strings.Compare(all.alerts[a].Name, all.alerts[b].Name) })
	}
	return linked
}

// namesOf are names in a sentence; of many, the first.
func namesOf(names []string) string {
	if len(names) > maxNamed {
		return strings.Join(names[:maxNamed], ", ") + " and more"
	}
	return strings.Join(names, ", ")
}
