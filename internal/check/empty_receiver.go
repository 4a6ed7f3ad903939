package check

import (
	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var emptyReceiver = &Check{
	Kind: diag.Kind{Name: "empty-receiver", Severity: diag.Warning, Doc: `A page comes to a receiver that tells nobody.

A receiver without integrations swallows what it gets. For alerts that nobody needs to hear of that is meant; a page should
reach somebody. Which alerts are pages is told by severity page or critical, or priority P1, or by pages in a spec. Routes for
alerts of certain names are taken to be meant.`},
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
			for _, route := range t.Routes() {
				receiver := t.Receiver(route.Receiver)
				if receiver == nil || len(receiver.Integrations) > 0 || named(route) || !t.hasIntegrations() {
					continue
				}
				for _, page := range p.pagesOf(t) {
					alert, verdict := t.lands(route, page)
					if verdict != amconfig.Yes {
						continue
					}
					p.Report(amconfig.Pos(route.Value, "receiver"), route.Value.Pos, "send it to somebody", "a page such as %s comes to %q, which tells nobody", describe(alert), route.Receiver)
					break
				}
			}
		}
	},
}

// hasIntegrations tells whether anybody is told at all: otherwise it is a sketch.
func (t *tree) hasIntegrations() bool {
	for _, receiver := range t.Receivers {
		if len(receiver.Integrations) > 0 {
			return true
		}
	}
	return false
}
