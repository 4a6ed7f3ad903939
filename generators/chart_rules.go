package generators

import (
	"bytes"
	"strings"
	"unicode"
)

// A PrometheusRule in a chart loses the groups of SLOs, and the alerts, that
// values switch off. It must have a group, and a group must have a rule: what
// would be empty is left out.

// shown is the condition under which any group is.
func (f ruleFile) shown() condition {
	var any []condition
	for _, g := range f.Groups {
		any = append(any, f.shownGroup(g))
	}
	return anyOf(any)
}

// shownGroup is the condition under which a group has a rule: its SLO is on,
// and one of its alerts, if it has nothing else.
func (f ruleFile) shownGroup(g ruleGroup) condition {
	var rules []condition
	for _, r := range g.Rules {
		if r.Record != "" {
			return sloEnabled(f.owner, g.slo) // recording rules are always an SLO's
		}
		rules = append(rules, alertEnabled(f.owner, r.Alert))
	}
	if g.slo == "" {
		return anyOf(rules)
	}
	return condition("and " + sloEnabled(f.owner, g.slo).operand() + " " + anyOf(rules).operand())
}

// switches are the SLOs and alerts of the file.
func (f ruleFile) switches() []switched {
	var all []switched
	for _, g := range f.Groups {
		if g.slo != "" {
			all = append(all, switched{isSLO: true, owner: f.owner, name: g.slo})
		}
		for _, r := range g.Rules {
			if r.Alert != "" {
				all = append(all, switched{owner: f.owner, name: r.Alert, doc: oneLine(r.says)})
			}
		}
	}
	return all
}

// oneLine is a text without what could end a line, in YAML and elsewhere.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsGraphic(c) }), " ")
}

// Where groups and rules begin in the text of a PrometheusRule: in columns that
// nothing within a rule can begin in.
var (
	groupStart = []byte("    - ")
	ruleStart  = []byte("        - ")
)

// cut writes the groups of a printed PrometheusRule, and the alerts in them,
// each under its condition.
func (f ruleFile) cut(t *chartTemplate, text []byte) {
	groups := splitAt(text, groupStart)
	t.text(groups[0])
	for i, g := range f.Groups {
		t.when(f.shownGroup(g), func() {
			rules := splitAt(groups[i+1], ruleStart)
			t.text(rules[0])
			for j, r := range g.Rules {
				if r.Alert == "" {
					t.text(rules[j+1])
					continue
				}
				t.when(alertEnabled(f.owner, r.Alert), func() { t.text(rules[j+1]) })
			}
		})
	}
}

// splitAt cuts a text before each line that begins with start; the first part
// is what stands before all of them.
func splitAt(text, start []byte) [][]byte {
	parts := [][]byte{nil}
	begin, at := 0, 0
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, start) {
			parts[len(parts)-1] = text[begin:at]
			parts, begin = append(parts, nil), at
		}
		at += len(line)
	}
	parts[len(parts)-1] = text[begin:]
	return parts
}
