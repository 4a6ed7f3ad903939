package generators

import (
	"slices"
	"strings"

	"slowburn/alerts"
)

// maxNamed is how many alerts a fact names before it says "and more".
const maxNamed = 8

// audience says who is told of an alert, and which alerts keep it quiet.
func (p *page) audience(a alerts.Alert) []string {
	if p.routing == nil {
		return nil
	}
	facts := []string{"Tells " + escape(strings.Join(p.routing.ReceiversOf(a.LabelSet()), ", ")) + "."}
	var muting []string
	for _, other := range p.all.mutedBy(a) {
		muting = append(muting, escape(other.Name))
	}
	if len(muting) > 0 {
		facts = append(facts, "Muted while one of these fires: "+namesOf(slices.Compact(muting))+".")
	}
	return facts
}

// mutedBy are the alerts that mute one, sorted by name.
func (all *pages) mutedBy(target alerts.Alert) []alerts.Alert {
	if all.routing == nil {
		return nil
	}
	var found []alerts.Alert
	labels := target.LabelSet()
	for _, source := range all.alerts {
		set := source.LabelSet()
		if slices.ContainsFunc(all.routing.Inhibit, func(in alerts.Inhibition) bool { return in.Mutes(set, labels) }) {
			found = append(found, source)
		}
	}
	slices.SortStableFunc(found, func(a, b alerts.Alert) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// namesOf are names in a sentence; of many, the first.
func namesOf(names []string) string {
	if len(names) > maxNamed {
		return strings.Join(names[:maxNamed], ", ") + " and more"
	}
	return strings.Join(names, ", ")
}
