package generators

import (
	"regexp"
	"strings"

	"slowburn/alerts"
)

// The structs below are Alertmanager's configuration as far as it is used
// here. Upstream's own would print every secret's place as <secret>.

type alertmanagerConfig struct {
	Route     route         `yaml:"route"`
	Inhibit   []inhibitRule `yaml:"inhibit_rules,omitempty"`
	Receivers []receiver    `yaml:"receivers"`
}

type route struct {
	Receiver       string   `yaml:"receiver"`
	Matchers       []string `yaml:"matchers,omitempty"`
	Continue       bool     `yaml:"continue,omitempty"`
	GroupBy        []string `yaml:"group_by,omitempty,flow"`
	GroupWait      string   `yaml:"group_wait,omitempty"`
	GroupInterval  string   `yaml:"group_interval,omitempty"`
	RepeatInterval string   `yaml:"repeat_interval,omitempty"`
	Routes         []route  `yaml:"routes,omitempty"`
}

type inhibitRule struct {
	Source []string `yaml:"source_matchers"`
	Target []string `yaml:"target_matchers"`
	Equal  []string `yaml:"equal,omitempty,flow"`
}

type receiver struct {
	Name    string           `yaml:"name"`
	Configs map[string][]any `yaml:",inline"`
}

// Alertmanager prints the whole configuration of an Alertmanager.
func Alertmanager(r *alerts.Routing) Artifact {
	config := alertmanagerConfig{Route: route{
		Receiver: r.Default,
		GroupBy:  r.GroupBy,
		// Upstream's defaults, written down so that nobody has to look them up.
		GroupWait: "30s", GroupInterval: "5m", RepeatInterval: "4h",
	}}
	for _, child := range r.Routes {
		config.Route.Routes = append(config.Route.Routes, route{Receiver: child.To, Matchers: matcherTexts(child.Match), Continue: child.Continue})
	}
	for _, in := range r.Inhibit {
		config.Inhibit = append(config.Inhibit, inhibitRule{matcherTexts(in.Source), matcherTexts(in.Target), in.Equal})
	}
	for _, to := range r.Receivers {
		configs := map[string][]any{}
		for _, c := range to.Configs {
			configs[c.Key] = append(configs[c.Key], c.Entry)
		}
		config.Receivers = append(config.Receivers, receiver{to.Name, configs})
	}
	return Artifact{Path: "alertmanager/alertmanager.yaml", Bytes: printYAML(config), Pos: r.Pos}
}

func matcherTexts(matchers []alerts.Matcher) []string {
	var texts []string
	for _, m := range matchers {
		texts = append(texts, matcherText(m))
	}
	return texts
}

// matcherText writes a matcher: equality for one value, an alternation for several.
func matcherText(m alerts.Matcher) string {
	if len(m.Values) == 1 {
		return m.Label + "=" + quoteMatcher(m.Values[0])
	}
	alternatives := make([]string, len(m.Values))
	for i, v := range m.Values {
		alternatives[i] = regexp.QuoteMeta(v)
	}
	return m.Label + "=~" + quoteMatcher(strings.Join(alternatives, "|"))
}

// quoteMatcher quotes a value as Alertmanager's matcher syntax has it: only
// backslash, quote and line end are escaped.
func quoteMatcher(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"`
}
