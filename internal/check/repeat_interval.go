package check

import (
	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var repeatInterval = &Check{
	Kind: diag.Kind{Name: "repeat-interval", Severity: diag.Warning, Doc: `A route repeats notifications sooner than it looks at them.

Alertmanager looks at a group every group_interval and only then decides whether repeat_interval is over. A shorter one is
never kept; one that is no multiple is kept late.`},
	Bad: `route: {receiver: chat, group_interval: 1h, repeat_interval: 30m}
receivers: [{name: chat}]
`,
	Good: `route: {receiver: chat, group_interval: 5m, repeat_interval: 30m}
receivers: [{name: chat}]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			for _, route := range t.Routes() {
				own := route.Value.Get("repeat_interval") != nil || route.Value.Get("group_interval") != nil
				if route.Repeat >= route.Interval || !own && route.Parent != nil {
					continue
				}
				at := amconfig.Pos(route.Value, "repeat_interval")
				if route.Value.Get("repeat_interval") == nil {
					at = amconfig.Pos(route.Value, "group_interval")
				}
				p.Report(at, route.Value.Pos, "write "+spec.FormatDuration(route.Interval)+" or more", "a group is looked at every %s: it is not repeated after %s",
					spec.FormatDuration(route.Interval), spec.FormatDuration(route.Repeat))
			}
		}
	},
}
