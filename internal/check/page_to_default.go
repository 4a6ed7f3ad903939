package check

import (
	"slices"

	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var pageToDefault = &Check{
	Kind: diag.Kind{Name: "page-to-default", Severity: diag.Warning, Doc: `A page falls through to the default receiver, who is told of no other page.

Some routes are for pages, but none of them matches this one: it needs a label that the page may lack, or has another value of
it. Add a route for pages that the others do not match, or let the default be somebody who is woken. Where the rules are checked
together with the configuration, their alerts are looked at; otherwise whether such an alert is possible.`},
	Bad: `route:
  receiver: chat
  routes:
    - {matchers: [severity="page", team="web"], receiver: web-phone}
    - {matchers: [severity="page", team="data"], receiver: data-phone}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
  - {name: web-phone, webhook_configs: [{url: "http://web-phone.example.com"}]}
  - {name: data-phone, webhook_configs: [{url: "http://data-phone.example.com"}]}
`,
	Good: `route:
  receiver: chat
  routes:
    - {matchers: [severity="page", team="web"], receiver: web-phone}
    - {matchers: [severity="page"], receiver: data-phone}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
  - {name: web-phone, webhook_configs: [{url: "http://web-phone.example.com"}]}
  - {name: data-phone, webhook_configs: [{url: "http://data-phone.example.com"}]}
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			for _, page := range p.pagesOf(t) {
				told := t.toldOf(page)
				if len(told) == 0 || slices.Contains(told, t.Root.Receiver) {
					continue // no route is for pages, or the default is woken
				}
				p.reportDefault(t, page)
			}
		}
	},
}

// toldOf are the receivers of routes that are for pages: nothing else matches.
func (t *tree) toldOf(page labels.Matchers) []string {
	var names []string
	for _, route := range t.Routes() {
		if route.Parent == nil || named(route) {
			continue
		}
		_, pages := t.solver.Find(slices.Concat(must(route), page))
		_, others := t.solver.Find(must(route), page)
		if pages == amconfig.Yes && others == amconfig.No {
			names = append(names, route.Receiver)
		}
	}
	return names
}

// reportDefault reports pages that no child of the root matches.
func (p *RoutesPass) reportDefault(t *tree, page labels.Matchers) {
	at := amconfig.Pos(t.Root.Value, "receiver")
	const help = "add a route for all other pages"
	if len(p.Alerts) == 0 {
		if alert, verdict := t.lands(t.Root, page); verdict == amconfig.Yes {
			p.Report(at, t.Root.Value.Pos, help, "a page such as %s falls through to %q, who is told of no other page", describe(alert), t.Root.Receiver)
		}
		return
	}
	for _, a := range p.Alerts {
		known := a.matchers(t.asked())
		if !amconfig.Matches(page, a.fixed) || slices.ContainsFunc(t.Root.Routes, func(child *amconfig.Route) bool {
			_, verdict := t.solver.Find(slices.Concat(known, child.Matchers))
			return verdict != amconfig.No
		}) {
			continue
		}
		p.Report(at, t.Root.Value.Pos, help, "the page %s falls through to %q, who is told of no other page", a.rule.Alert, t.Root.Receiver)
	}
}
