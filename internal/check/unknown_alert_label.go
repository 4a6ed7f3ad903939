package check

import (
	"fmt"
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var unknownAlertLabel = &Check{
	Kind: diag.Kind{Name: "unknown-alert-label", Severity: diag.Warning, Doc: `A label of group_by or equal is one that no alert has.

Alertmanager takes it for empty on every alert: it groups nothing, and as a label that must be equal it always is, so that one
alert mutes those of everything else. The labels of alerts are known where the rules are checked together with the configuration.
Labels that Prometheus adds to every alert are listed in .slowburn.yaml under externalLabels.`},
	Bad: `route: {receiver: chat, group_by: [alertname, servce]}
receivers: [{name: chat, webhook_configs: [{url: "http://chat.example.com"}]}]
`,
	Good: `route: {receiver: chat, group_by: [alertname, service]}
receivers: [{name: chat, webhook_configs: [{url: "http://chat.example.com"}]}]
`,
	Routes: func(p *RoutesPass) {
		if len(p.Alerts) == 0 {
			return
		}
		for _, t := range p.Trees {
			for _, route := range t.Routes() {
				p.reportUnknown(route.Value.Get("group_by"), route.Value.Pos, "it groups nothing")
			}
			for _, in := range t.Inhibit {
				p.reportUnknown(in.Value.Get("equal"), in.Value.Pos, "it is equal on all")
			}
		}
	},
}

// reportUnknown reports the labels of a list that no alert has.
func (p *RoutesPass) reportUnknown(list *spec.Value, scope diag.Pos, effect string) {
	if list == nil {
		return
	}
	for _, item := range list.Items() {
		name := item.Text
		if name == "..." || slices.ContainsFunc(p.Alerts, func(a knownAlert) bool { return a.may.has(name) }) {
			continue
		}
		help := "name one that they have"
		if near := spec.Nearest(name, p.fixedLabels()); near != "" {
			help = fmt.Sprintf("did you mean %q?", near)
		}
		p.Report(item.Pos, scope, help, "no alert has a label %q: %s", name, effect)
	}
}

// fixedLabels are the labels that rules set, or that their expressions leave.
func (p *RoutesPass) fixedLabels() []string {
	names := map[string]bool{}
	for _, a := range p.Alerts {
		for name := range a.fixed {
			names[name] = true
		}
		if !a.may.open {
			for _, name := range a.may.list() {
				names[name] = true
			}
		}
	}
	return sortedKeys(names)
}
