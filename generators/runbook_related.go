package generators

import (
	"fmt"
	"slices"
	"strings"
)

// related leads to the pages that have to do with this one, each with the reason.
func (p *page) related() string {
	var b strings.Builder
	for _, other := range p.all.pages {
		if other == p || other.NotText {
			continue
		}
		if reasons := p.relation(other); len(reasons) > 0 {
			fmt.Fprintf(&b, "- [%s](%s.md): %s.\n", escape(other.Title()), other.Name, strings.Join(reasons, "; "))
		}
	}
	if b.Len() == 0 {
		return "No other page has to do with this one."
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// relation says what two pages have in common.
func (p *page) relation(other *page) []string {
	var reasons []string
	add := func(format string, names []string) {
		if len(names) > 0 {
			reasons = append(reasons, fmt.Sprintf(format, namesOf(names)))
		}
	}
	add("its %s mutes alerts of this page", p.muting(p.alerts, other.alerts))
	add("its %s is muted by alerts of this page", other.mutedOf(p.alerts))
	add("about %s, too", common(p.components(), other.components()))
	if slices.Contains(other.leadsTo(), p.Name) {
		reasons = append(reasons, "leads here")
	}
	return reasons
}

// muting are the names of those of sources that mute one of targets.
func (p *page) muting(targets, sources []linkedAlert) []string {
	var names []string
	for _, target := range targets {
		for _, by := range target.mutedBy {
			name := p.all.alerts[by].Name
			if slices.ContainsFunc(sources, func(s linkedAlert) bool { return s.Name == name }) {
				names = append(names, escape(name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// mutedOf are the names of the page's alerts that one of sources mutes.
func (p *page) mutedOf(sources []linkedAlert) []string {
	var names []string
	for _, a := range p.alerts {
		if len(p.muting([]linkedAlert{a}, sources)) > 0 {
			names = append(names, escape(a.Name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// components are the parts of the service that the page's alerts are about.
func (p *page) components() []string {
	var names []string
	for _, a := range p.alerts {
		if a.Threshold != nil && a.Threshold.Component != "" {
			names = append(names, escape(a.Threshold.Component))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// leadsTo are the names of the pages that this one links to.
func (p *page) leadsTo() []string {
	var names []string
	for _, l := range p.Links {
		if file, _, ok := l.Relative(); ok {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(file, "./"), ".md"))
		}
	}
	return names
}

func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(name string) bool { return !slices.Contains(b, name) })
}
