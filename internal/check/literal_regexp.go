package check

import (
	"regexp"

	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

var literalRegexp = &Check{
	Kind: diag.Kind{Name: "literal-regexp", Severity: diag.Warning, Doc: `A matcher compares a label with a regular expression, letter by letter.

severity="critical|page" matches alerts whose severity is the text critical|page, which none has. Regular expressions stand behind
=~ and !~; in an AlertmanagerConfig they have that as matchType. Where an alert of the rules has just that value, nothing is found.`},
	Bad: `route:
  receiver: chat
  routes:
    - {matchers: [severity="critical|page"], receiver: phone}
receivers: [{name: chat, webhook_configs: [{url: "http://chat"}]}, {name: phone, webhook_configs: [{url: "http://phone"}]}]
`,
	Good: `route:
  receiver: chat
  routes:
    - {matchers: [severity=~"critical|page"], receiver: phone}
receivers: [{name: chat, webhook_configs: [{url: "http://chat"}]}, {name: phone, webhook_configs: [{url: "http://phone"}]}]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			for _, route := range t.Routes() {
				p.literalRegexps(t, route.Value, "", route.Matchers)
			}
			for _, in := range t.Inhibit {
				p.literalRegexps(t, in.Value, "source_", in.Source)
				p.literalRegexps(t, in.Value, "target_", in.Target)
			}
		}
	},
}

// expressive is what nobody writes into a label's value, and everybody into a
// regular expression: alternatives of words, and anything before or behind one.
var expressive = pattern.New(`^[\w.*+/-]+(\|[\w.*+/-]+)+$|^\(.*\|.*\)$|^\.[*+].|.\.[*+]$|^\.[*+]$`)

// isLiteralRegexp tells whether a matcher has a regular expression for a text, as
// far as no alert has it for a value.
func (p *RoutesPass) isLiteralRegexp(m *labels.Matcher) bool {
	if m.Type != labels.MatchEqual && m.Type != labels.MatchNotEqual || !expressive().MatchString(m.Value) {
		return false
	}
	for _, a := range p.Every {
		if a.fixed[m.Name] == m.Value {
			return false
		}
	}
	_, err := regexp.Compile(m.Value)
	return err == nil
}

func (p *RoutesPass) literalRegexps(t *tree, of *spec.Value, prefix string, own labels.Matchers) {
	for _, m := range own {
		if !p.isLiteralRegexp(m) {
			continue
		}
		operator := map[labels.MatchType]string{labels.MatchEqual: "=~", labels.MatchNotEqual: "!~"}[m.Type]
		help := "write " + operator
		switch {
		case t.Resource:
			help = `write matchType: "` + operator + `"`
		case of.Get(prefix+"match").Get(m.Name) != nil:
			help = "put it under " + prefix + "match_re"
		}
		p.Report(amconfig.MatcherPos(of, prefix, m), of.Pos, help, "%s compares letter by letter: no alert has such a value", m)
	}
}
