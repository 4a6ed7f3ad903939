package check

import (
	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var contradictoryMatchers = &Check{
	Kind: diag.Kind{Name: "contradictory-matchers", Severity: diag.Warning, Doc: `A route, or a side of an inhibition, matches no alert that can exist.

Its matchers contradict each other, or those of the routes above it: an alert has one value of each label. Of regular
expressions it is computed whether any text matches all of them. The operator gives an AlertmanagerConfig alerts of its own
namespace alone, unless the Alertmanager resource has another alertmanagerConfigMatcherStrategy: check the two together, or
silence the finding with that reason.`},
	Bad: `route:
  receiver: chat
  routes:
    - matchers: [severity="page"]
      receiver: chat
      routes:
        - {matchers: [severity=~"ticket|info"], receiver: log}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
  - {name: log, webhook_configs: [{url: "http://log.example.com"}]}
`,
	Good: `route:
  receiver: chat
  routes:
    - matchers: [severity=~"page|ticket"]
      receiver: chat
      routes:
        - {matchers: [severity=~"ticket|info"], receiver: log}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
  - {name: log, webhook_configs: [{url: "http://log.example.com"}]}
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			p.foreignNamespaces(t)
			for _, route := range t.Routes() {
				if route.Parent == nil || t.reach(route.Parent).verdict == amconfig.No || !t.reach(route).contradiction {
					continue
				}
				why := "its matchers contradict those of the routes above it"
				if _, verdict := t.solver.Find(route.Matchers); verdict == amconfig.No {
					why = "its matchers contradict each other"
				}
				p.Report(route.Value.Pos, route.Value.Pos, "mend them, or remove the route", "no alert can match this route: %s", why)
			}
			for _, in := range t.Inhibit {
				for _, side := range []struct {
					name     string
					matchers labels.Matchers
				}{{"source", in.Source}, {"target", in.Target}} {
					if _, verdict := t.solver.Find(side.matchers); verdict == amconfig.No {
						p.Report(in.Value.Pos, in.Value.Pos, "mend them, or remove the inhibition", "no alert can be the %s of this inhibition: its matchers contradict each other", side.name)
					}
				}
			}
		}
	},
}

// namespaceLabel is by which the operator tells whose alerts an AlertmanagerConfig gets.
const namespaceLabel = "namespace"

// foreignNamespaces reports routes of an AlertmanagerConfig for alerts of another
// namespace, which never come to it.
func (p *RoutesPass) foreignNamespaces(t *tree) {
	if t.Namespace == "" || p.options.AnyNamespace {
		return
	}
	for _, route := range t.Routes() {
		if t.reach(route).verdict == amconfig.No {
			continue // which is told otherwise
		}
		for _, m := range route.Matchers {
			if m.Name == namespaceLabel && !m.Matches(t.Namespace) {
				p.Report(amconfig.MatcherPos(route.Value, "", m), route.Value.Pos, "put the route into a resource of that namespace",
					"no alert comes to this route: the operator gives this resource those of namespace %q alone", t.Namespace)
			}
		}
	}
}
