package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var unknownAlertValue = &Check{
	Kind: diag.Kind{Name: "unknown-alert-value", Severity: diag.Warning, Doc: `A route or an inhibition is for alerts that no rule raises.

It asks for a value of a label, or for a label, that no alert has: mostly a word that is spelt otherwise in the rules, or what is
left of an alert that is gone. The alerts are known where the rules are checked together with the configuration,
and those of specs too; a label that a rule does not set may have any value, and a spec's vocabulary is foreseen. Labels that Prometheus adds to every alert are listed
in .slowburn.yaml under externalLabels; for alerts of rules that are elsewhere, silence the finding with that reason.`},
	Bad: `# with rules
route: {receiver: chat, routes: [{matchers: [severity="pgae"], receiver: phone}]}
receivers: [{name: chat, webhook_configs: [{url: "http://chat"}]}, {name: phone, webhook_configs: [{url: "http://phone"}]}]
`,
	Good: `# with rules
route: {receiver: chat, routes: [{matchers: [severity="page"], receiver: phone}]}
receivers: [{name: chat, webhook_configs: [{url: "http://chat"}]}, {name: phone, webhook_configs: [{url: "http://phone"}]}]
`,
	Routes: func(p *RoutesPass) {
		if len(p.Every) == 0 {
			return
		}
		for _, t := range p.Trees {
			u := unknownValues{p, map[string]bool{}}
			u.route(t.Root)
			for _, in := range t.Inhibit {
				u.matchers(in.Value, "source_", in.Source)
				u.matchers(in.Value, "target_", in.Target)
			}
		}
	},
}

// unknownValues looks for matchers that match no alert.
type unknownValues struct {
	*RoutesPass
	known map[string]bool // by matcher: some alert may match it
}

// route reports a node, or those below it where the node itself has alerts.
func (u unknownValues) route(route *amconfig.Route) {
	if u.matchers(route.Value, "", route.Matchers) {
		return
	}
	for _, child := range route.Routes {
		u.route(child)
	}
}

// matchers reports those that match no alert, and tells whether there are any.
// That no alert has all of them together is no mistake: a route stands ready.
func (u unknownValues) matchers(of *spec.Value, prefix string, own labels.Matchers) bool {
	found := false
	for _, m := range own {
		if !u.anyMatches(m) && !u.isLiteralRegexp(m) { // of which literal-regexp says what is wrong
			help, message := u.explain(m)
			u.Report(amconfig.MatcherPos(of, prefix, m), of.Pos, help, "%s", message)
			found = true
		}
	}
	return found
}

// anyMatches tells whether an alert may match, by what is known of it.
func (u unknownValues) anyMatches(m *labels.Matcher) bool {
	id := m.String()
	if _, ok := u.known[id]; !ok {
		u.known[id] = slices.ContainsFunc(u.options.Foreseen[m.Name], m.Matches) || slices.ContainsFunc(u.Every, func(a knownAlert) bool {
			value, fixed := a.fixed[m.Name]
			return !fixed && a.may.has(m.Name) || m.Matches(value)
		})
	}
	return u.known[id]
}

// explain says what no alert has, and what was probably meant.
func (u unknownValues) explain(m *labels.Matcher) (help, message string) {
	values := map[string]bool{}
	for _, a := range u.Every {
		if value := a.fixed[m.Name]; value != "" {
			values[value] = true
		}
	}
	if len(values) == 0 && m.Name != amconfig.AlertName {
		help = "name one that they have"
		if near := spec.Nearest(m.Name, u.fixedLabels()); near != "" {
			help = fmt.Sprintf("did you mean %q?", near)
		}
		return help, fmt.Sprintf("no alert has a label %q", m.Name)
	}
	if m.Type == labels.MatchNotEqual || m.Type == labels.MatchNotRegexp || m.Matches("") {
		const most = 3
		shown := sortedKeys(values)
		if len(shown) > most {
			shown = append(shown[:most], "…")
		}
		return "loosen it, or remove what it is for", fmt.Sprintf("every alert has a label %q, and none matches %s: they have %s", m.Name, m, strings.Join(shown, ", "))
	}
	return spec.Suggest(m.Value, sortedKeys(values)), fmt.Sprintf("no alert has %s", m)
}
