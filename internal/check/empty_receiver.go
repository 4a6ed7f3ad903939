package check

import (
	"slices"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var emptyReceiver = &Check{
	Kind: diag.Kind{Name: "empty-receiver", Severity: diag.Warning, Doc: `A page comes to a receiver that tells nobody.

A receiver without integrations swallows what it gets. For alerts that nobody needs to hear of that is meant; a page should
reach somebody. Which alerts are pages is told by pages in a spec or in .slowburn.yaml, by the rules that are checked together
with the configuration, and otherwise by what its matchers speak of: severity page or critical, or priority P1. Routes for alerts
of certain names are taken to be meant. A configuration in which no receiver has an integration is told of once, if it speaks of
pages: it loads, it looks finished, and nobody is ever woken. One that is a sketch says so in a comment that silences this.`},
	Bad: `route:
  receiver: "null"
  routes: [{matchers: [severity="warning"], receiver: chat}]
receivers: [{name: "null"}, {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}]
`,
	Good: `route:
  receiver: chat
  routes: [{matchers: [severity="info"], receiver: "null"}]
receivers: [{name: "null"}, {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			if !t.hasIntegrations() {
				p.reportNobody(t)
				continue
			}
			for _, route := range t.Routes() {
				receiver := t.Receiver(route.Receiver)
				if receiver == nil || len(receiver.Integrations) > 0 || named(route) {
					continue
				}
				if alert := p.pageAt(t, route); alert != nil {
					p.Report(amconfig.Pos(route.Value, "receiver"), route.Value.Pos, "send it to somebody", "a page such as %s comes to %q, which tells nobody", describe(alert), route.Receiver)
				}
			}
		}
	},
}

// pageAt is a page that a node receives, or nil.
func (p *RoutesPass) pageAt(t *tree, route *amconfig.Route) amconfig.Labels {
	for _, page := range p.pagesOf(t) {
		if alert, verdict := t.lands(route, page); verdict == amconfig.Yes {
			return alert
		}
	}
	return nil
}

// reportNobody reports a configuration in which nobody is told of anything.
func (p *RoutesPass) reportNobody(t *tree) {
	for _, route := range t.Routes() {
		if alert := p.pageAt(t, route); alert != nil {
			at := amconfig.Pos(t.Value, "receivers")
			p.Report(at, at, "give one an integration, such as webhook_configs", "no receiver tells anybody, so a page such as %s reaches nobody", describe(alert))
			return
		}
	}
}

// hasIntegrations tells whether anybody is told at all.
func (t *tree) hasIntegrations() bool {
	return slices.ContainsFunc(t.Receivers, func(r *amconfig.Receiver) bool { return len(r.Integrations) > 0 })
}
