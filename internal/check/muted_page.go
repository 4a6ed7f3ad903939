package check

import (
	"slices"

	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var mutedPage = &Check{
	Kind: diag.Kind{Name: "muted-page", Severity: diag.Warning, Doc: `An inhibition mutes pages by accident.

An alert that wakes nobody mutes one that would; or, without equal, one alert mutes the pages of everything else; or source and
target both lack a label that must be equal, which Alertmanager takes for agreement. Add the labels that tie the two together,
and matchers that they are there (service!=""). Sources with certain names are taken to be meant, and so are targets with
certain names unless a rule that is checked together with the configuration makes one of them a page.`},
	Bad: `route: {receiver: chat}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
inhibit_rules:
  - source_matchers: [severity="warning"]
    target_matchers: [service="api"]
    equal: [service]
`,
	Good: `route: {receiver: chat}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
inhibit_rules:
  - source_matchers: [severity="critical", service!=""]
    target_matchers: [severity="warning"]
    equal: [service]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			for _, in := range t.Inhibit {
				if p.mutesByAccident(t, in) {
					continue
				}
				p.reportAgreement(t, in)
			}
		}
	},
}

// mutesByAccident reports an inhibition that by its matchers alone mutes pages
// which it should not.
func (p *RoutesPass) mutesByAccident(t *tree, in *amconfig.Inhibition) bool {
	if namesAlerts(in.Source) || namesAlerts(in.Target) && !p.anyPage(t, in.Target) {
		return false
	}
	for _, page := range p.pagesOf(t) {
		if !mentions(in.Source, page[0].Name) && len(in.Equal) > 0 {
			continue // what kind of alert a source is, nobody can tell
		}
		_, pages := t.solver.Find(slices.Concat(in.Source, page))
		source, target, verdict := t.pair(in, nil, page)
		a, b, known := p.knownPair(t, in, page)
		switch {
		case verdict != amconfig.Yes:
		case known && pages == amconfig.No:
			p.Report(in.Value.Pos, in.Value.Pos, "let it mute no pages", "%s wakes nobody, and mutes the page %s", a, b)
			return true
		case known && len(in.Equal) == 0:
			p.Report(in.Value.Pos, in.Value.Pos, "add equal with the labels that tie the two together", "without equal, %s mutes the pages of everything else, such as %s", a, b)
			return true
		case pages == amconfig.No:
			p.Report(in.Value.Pos, in.Value.Pos, "let it mute no pages", "%s wakes nobody, and mutes a page such as %s", describe(source), describe(target))
			return true
		case len(in.Equal) == 0:
			p.Report(in.Value.Pos, in.Value.Pos, "add equal with the labels that tie the two together", "without equal, %s mutes the pages of everything else, such as %s", describe(source), describe(target))
			return true
		}
	}
	return false
}

// knownPair are the names of an alert and of a page that it mutes, of the alerts
// that are known.
func (p *RoutesPass) knownPair(t *tree, in *amconfig.Inhibition, page labels.Matchers) (source, target string, ok bool) {
	var sources []knownAlert
	for _, a := range p.Every {
		if amconfig.Matches(in.Source, a.fixed) {
			sources = append(sources, a)
		}
	}
	for _, b := range p.Every {
		if !amconfig.Matches(in.Target, b.fixed) || !amconfig.Matches(page, b.fixed) {
			continue
		}
		for _, a := range sources {
			if a.rule != b.rule && in.Mutes(a.fixed, b.fixed) {
				return a.rule.Alert, b.rule.Alert, true
			}
		}
	}
	return "", "", false
}

// reportAgreement reports an inhibition by which an alert mutes a page since
// both lack a label.
func (p *RoutesPass) reportAgreement(t *tree, in *amconfig.Inhibition) {
	for _, target := range p.Alerts {
		if !p.isPage(t, target) {
			continue
		}
		for _, source := range p.Alerts {
			missing := slices.IndexFunc(in.Equal, func(name string) bool { return !source.may.has(name) && !target.may.has(name) })
			if missing < 0 || source.rule == target.rule || !in.Mutes(source.fixed, target.fixed) {
				continue
			}
			if slices.ContainsFunc(in.Equal, func(name string) bool {
				return source.may.has(name) && source.fixed[name] == "" || target.may.has(name) && target.fixed[name] == ""
			}) {
				continue // a label that series bring may differ
			}
			name := in.Equal[missing]
			p.Report(in.Value.Pos, in.Value.Pos, "add "+name+`!="" to the source's matchers`, "%s mutes the page %s, since both lack the label %q", source.rule.Alert, target.rule.Alert, name)
			return
		}
	}
}

// namesAlerts tells whether matchers are for alerts of certain names.
func namesAlerts(matchers labels.Matchers) bool {
	return named(&amconfig.Route{Matchers: matchers})
}

// anyPage tells whether one of the alerts that are known is surely matched, and
// surely a page.
func (p *RoutesPass) anyPage(t *tree, matchers labels.Matchers) bool {
	return slices.ContainsFunc(p.Every, func(a knownAlert) bool { return amconfig.Matches(matchers, a.fixed) && p.isPage(t, a) })
}
