package check

import (
	"fmt"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var unreachableRoute = &Check{
	Kind: diag.Kind{Name: "unreachable-route", Severity: diag.Warning, Doc: `No alert comes to a route, since routes before it take all that it matches.

Alertmanager tries the routes of a list in order; the first that matches ends it, unless it has continue: true. Put the
narrower route first, or let the wider one continue.`},
	Bad: `route:
  receiver: chat
  routes:
    - {matchers: [team=~"data.*"], receiver: chat}
    - {matchers: [team="data-lake"], receiver: phone}
receivers: [{name: chat}, {name: phone}]
`,
	Good: `route:
  receiver: chat
  routes:
    - {matchers: [team="data-lake"], receiver: phone}
    - {matchers: [team=~"data.*"], receiver: chat}
receivers: [{name: chat}, {name: phone}]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			for _, route := range t.Routes() {
				if route.Parent == nil || t.reach(route.Parent).verdict == amconfig.No {
					continue
				}
				if r := t.reach(route); r.verdict != amconfig.No || r.contradiction {
					continue
				}
				if stop := t.covers(route); stop != nil {
					p.Report(route.Value.Pos, route.Value.Pos, "put this one first, or let the other continue", "no alert comes to this route: the one %s takes all that it matches", p.where(stop))
				} else {
					p.Report(route.Value.Pos, route.Value.Pos, "put this one first, or let one of the others continue", "no alert comes to this route: together, those before it take all that it matches")
				}
			}
		}
	},
}

// where says where a route stands.
func (p *RoutesPass) where(route *amconfig.Route) string {
	if p.options.Where != nil {
		return p.options.Where(route)
	}
	return fmt.Sprintf("in line %d", route.Value.Pos.Line)
}

// covers is a route before one that takes all that it matches, alone; or nil.
func (t *tree) covers(route *amconfig.Route) *amconfig.Route {
	matches := must(route)
	pinned := pinnedBy(matches)
	for node := route; node.Parent != nil; node = node.Parent {
		for _, stop := range t.before(node, pinned) {
			if _, verdict := t.solver.Find(matches, stop.Matchers); verdict == amconfig.No {
				return stop
			}
		}
	}
	return nil
}
