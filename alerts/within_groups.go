package alerts

import (
	"slices"
	"strings"
)

// withinGroups are the inhibitions that one of the spec makes. With per, an SLO
// is one SLO for each group: alerts of the same SLO are those of the same group,
// and an order that fails mutes nothing that mails have to say. One inhibition
// is for the SLOs of each combination of labels, and one for those without.
func withinGroups(in Inhibition, services []*Service) []Inhibition {
	groupings, plain := in.groupings(services)
	if len(groupings) == 0 {
		return []Inhibition{newInhibition(in)}
	}
	var labels []string
	for _, g := range groupings {
		labels = append(labels, g...)
	}
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if plain {
		groupings = append([][]string{nil}, groupings...)
	}
	var list []Inhibition
	for _, g := range groupings {
		of := in
		of.Source, of.Equal = slices.Clone(in.Source), append(slices.Clone(in.Equal), g...)
		for _, label := range labels {
			if !slices.Contains(g, label) {
				of.Source = append(of.Source, Matcher{Label: label, Values: []string{""}})
			}
		}
		list = append(list, newInhibition(of))
	}
	return list
}

// groupings are the labels by which SLOs are grouped that an inhibition is
// within, beyond those on which its alerts agree anyway; plain tells whether it
// is within SLOs without such, too.
func (in Inhibition) groupings(services []*Service) (groupings [][]string, plain bool) {
	for _, s := range services {
		if !slices.Contains(in.Equal, s.SLOLabel) {
			continue
		}
		for _, o := range s.SLOs {
			more := slices.DeleteFunc(slices.Clone(o.Per), func(label string) bool { return slices.Contains(in.Equal, label) })
			slices.Sort(more)
			switch {
			case len(more) == 0:
				plain = true
			case !slices.ContainsFunc(groupings, func(g []string) bool { return slices.Equal(g, more) }):
				groupings = append(groupings, more)
			}
		}
	}
	slices.SortFunc(groupings, func(a, b []string) int { return strings.Compare(strings.Join(a, " "), strings.Join(b, " ")) })
	return groupings, plain
}
