package check

import (
	"slices"

	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var wideInhibition = &Check{
	Kind: diag.Kind{Name: "wide-inhibition", Severity: diag.Warning, Doc: `One alert mutes the less urgent alerts of everything else.

Source and target tell alerts apart by their urgency only, and no label must be the same on both: while one page fires anywhere,
nobody hears of any ticket. Name the labels that tie the two together: equal, which is same in a spec. An inhibition is
taken to be meant where its source or its target is about a name, a service, a team or anything else; that pages are muted so is muted-page.`},
	Bad: `route: {receiver: chat}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
`,
	Good: `route: {receiver: chat}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [service]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			urgency := p.urgencyLabels(t)
			for _, in := range t.Inhibit {
				// The operator lets an AlertmanagerConfig mute in its namespace only.
				if t.Resource || len(in.Equal) > 0 || !only(urgency, slices.Concat(in.Source, in.Target)) || p.mutesAnyPage(t, in) {
					continue
				}
				if source, target, verdict := t.pair(in, nil, nil); verdict == amconfig.Yes {
					p.Report(in.Value.Pos, in.Value.Pos, "name labels that both must have the same value of, such as service", "one alert with %s mutes those with %s of everything else", describe(source), describe(target))
				}
			}
		}
	},
}

// urgencyLabels are those that say how urgent an alert is, and not what it is about.
func (p *RoutesPass) urgencyLabels(t *tree) []string {
	var names []string
	for _, usual := range usualPages {
		names = append(names, usual.label)
	}
	for _, page := range p.pagesOf(t) {
		names = append(names, page[0].Name)
	}
	return names
}

// only tells whether matchers speak of no other labels than these.
func only(names []string, matchers labels.Matchers) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !slices.Contains(names, m.Name) })
}

// mutesAnyPage tells whether a page is among the targets: then muted-page reports it.
func (p *RoutesPass) mutesAnyPage(t *tree, in *amconfig.Inhibition) bool {
	return slices.ContainsFunc(p.pagesOf(t), func(page labels.Matchers) bool {
		_, _, verdict := t.pair(in, nil, page)
		return verdict == amconfig.Yes
	})
}
