package check

import (
	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var unusedReceiver = &Check{
	Kind: diag.Kind{Name: "unused-receiver", Severity: diag.Warning, Doc: `No route tells a receiver.

Somebody set it up and expects to hear of alerts. Name it in a route, or remove it.`},
	Bad: `route: {receiver: chat}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
  - {name: phone, webhook_configs: [{url: "http://phone.example.com"}]}
`,
	Good: `route:
  receiver: chat
  routes: [{matchers: [severity="page"], receiver: phone}]
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
  - {name: phone, webhook_configs: [{url: "http://phone.example.com"}]}
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			used := map[string]bool{}
			for _, route := range t.Routes() {
				used[route.Receiver] = true
			}
			for _, receiver := range t.Receivers {
				if !used[receiver.Name] {
					p.Report(amconfig.Pos(receiver.Value, "name"), receiver.Value.Pos, "name it in a route, or remove it", "no route tells the receiver %q", receiver.Name)
				}
			}
		}
	},
}
