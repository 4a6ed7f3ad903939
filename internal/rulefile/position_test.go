package rulefile

import (
	"fmt"
	"strings"
	"testing"

	"slowburn/internal/diag"
)

// positions tells findings as line:col (kind), in order.
func positions(findings []diag.Finding) string {
	var list []string
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%d:%d %s", f.Pos.Line, f.Pos.Col, f.Kind.Name))
	}
	return strings.Join(list, ", ")
}

// TestPositions holds that each complaint stands at the key or the value that
// is bad, and what it says.
func TestPositions(t *testing.T) {
	inRule := func(rule string) string { return "groups:\n- name: g\n  rules:\n  - " + rule + "\n" }
	for _, c := range []struct {
		name, text, want, message string
	}{
		{"not a map", "- groups: []\n", "1:1 invalid-rule", "a rule file is a map, not a list; write a map"},
		{"unknown key of the file", "groups: []\ngroup: []\n", "2:1 unknown-key", `a rule file has no key "group"; did you mean "groups"?`},
		{"groups of a text", "groups: a\n", "1:9 invalid-rule", "groups are a list, not a text; write a list"},
		{"a group of a text", "groups: [a]\n", "1:10 invalid-rule", "a group is a map, not a text; write a map"},
		{"unknown key of a group", "groups:\n- name: g\n  rule: []\n", "3:3 unknown-key", `a group has no key "rule"; did you mean "rules"?`},
		{"a group without name", "groups:\n- rules: []\n", "2:3 invalid-rule", "Groupname must not be empty; name it"},
		{"a group with an empty name", "groups:\n- rules: []\n  name: ''\n", "3:9 invalid-rule", "Groupname must not be empty; name it"},
		{"a name of a list", "groups:\n- name: [a]\n", "2:9 invalid-rule", "a group's name is a text, not a list; write a text"},
		{"a repeated group", "groups:\n- name: g\n- rules: []\n  name: g\n", "4:9 invalid-rule", `groupname: "g" is repeated in the same file, first at rules.yaml:2:9; rename one of them`},
		{"interval", "groups:\n- name: g\n  interval: 5x\n", "3:13 invalid-rule", `interval: unknown unit "x" in duration "5x"; write 30s, 5m, 1h30m or the like`},
		{"interval without unit", "groups:\n- name: g\n  interval: 30\n", "3:13 invalid-rule", `interval: not a valid duration string: "30"; write 30s, 5m, 1h30m or the like`},
		{"query_offset", "groups:\n- name: g\n  query_offset: ''\n", "3:17 invalid-rule", "query_offset: empty duration string; write 30s, 5m, 1h30m or the like"},
		{"limit", "groups:\n- name: g\n  limit: '5'\n", "3:10 invalid-rule", "limit is a whole number, not a text; write a number"},
		{"a limit beyond all numbers", "groups:\n- name: g\n  limit: 1e30\n", "3:10 invalid-rule", "limit cannot be 1e30; write a smaller number"},
		{"limit of a list", "groups:\n- name: g\n  limit: [5]\n", "3:10 invalid-rule", "limit is a whole number, not a list; write a number"},
		{"label name of a group", "groups:\n- name: g\n  labels: {a: b, __name__: c}\n", "3:18 invalid-rule", "invalid label name: __name__; rename it"},
		{"labels of a group", "groups:\n- name: g\n  labels: [a]\n", "3:11 invalid-rule", "labels are a map, not a list; write a map"},
		{"rules of a text", "groups:\n- name: g\n  rules: a\n", "3:10 invalid-rule", "rules are a list, not a text; write a list"},
		{"a rule of a text", inRule("a"), "4:5 invalid-rule", "a rule is a map, not a text; write a map"},
		{"unknown key of a rule", inRule("alert: A\n    expr: up\n    severity: page"), "6:5 unknown-key",
			`a rule has no key "severity"; use one of record, alert, expr, for, keep_firing_for, labels, annotations`},
		{"both", inRule("alert: A\n    record: b\n    expr: up"), "5:13 invalid-rule", "only one of 'record' and 'alert' must be set; remove one of the two"},
		{"neither", inRule("expr: up"), "4:5 invalid-rule", "one of 'record' or 'alert' must be set; add alert or record with a name"},
		{"an empty name", inRule("expr: up\n    record: ''"), "5:13 invalid-rule", "one of 'record' or 'alert' must be set; add alert or record with a name"},
		{"no expression", inRule("alert: A"), "4:5 invalid-rule", "field 'expr' must be set in rule; add expr with a query"},
		{"an empty expression", inRule("alert: A\n    expr: ''"), "5:11 invalid-rule", "field 'expr' must be set in rule; add expr with a query"},
		{"an expression of a map", inRule("alert: A\n    expr: {a: b}"), "5:11 invalid-rule", "expr is a text, not a map; write a text"},
		{"a name of a list", inRule("alert: [A]\n    expr: up"), "4:12 invalid-rule", "alert is a text, not a list; write a text"},
		{"annotations on a record", inRule("record: a\n    expr: up\n    annotations:\n      a: b"), "6:5 invalid-rule", "invalid field 'annotations' in recording rule; remove it, or make the rule an alert"},
		{"for on a record", inRule("record: a\n    expr: up\n    for: 5m"), "6:5 invalid-rule", "invalid field 'for' in recording rule; remove it, or make the rule an alert"},
		{"keep_firing_for on a record", inRule("record: a\n    expr: up\n    keep_firing_for: 5m"), "6:5 invalid-rule", "invalid field 'keep_firing_for' in recording rule; remove it, or make the rule an alert"},
		{"braces in a record", inRule("expr: up\n    record: a{b=\"c\"}"), "5:13 invalid-rule", `braces present in the recording rule name; should it be in expr?: a{b="c"}; set labels with the key labels`},
		{"for", inRule("alert: A\n    expr: up\n    for: 5"), "6:10 invalid-rule", `for: not a valid duration string: "5"; write 30s, 5m, 1h30m or the like`},
		{"label name", inRule("alert: A\n    expr: up\n    labels:\n      a: b\n      __name__: c"), "8:7 invalid-rule", "invalid label name: __name__; rename it"},
		{"an empty label name", inRule("alert: A\n    expr: up\n    labels: {'': c}"), "6:14 invalid-rule", `invalid label name: ""; rename it`},
		{"an empty annotation name", inRule("alert: A\n    expr: up\n    annotations: {'': c}"), "6:19 invalid-rule", `invalid annotation name: ""; rename it`},
		{"a label of a list", inRule("alert: A\n    expr: up\n    labels: {a: b, c: [d]}"), "6:23 invalid-rule", "labels c is a text, not a list; write a text"},
		{"a template in a label", inRule("alert: A\n    expr: up\n    labels:\n      a: b\n      'c': '{{ nope }}'"), "8:16 invalid-rule",
			`label "c": function "nope" not defined; see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/`},
		{"a template in an annotation", inRule("alert: A\n    expr: up\n    annotations:\n      \"a\\\"b\": '{{'"), "7:16 invalid-rule",
			`annotation "a\"b": unclosed action; close it with }}`},
		{"a template over lines", inRule("alert: A\n    expr: up\n    annotations:\n      a: |\n        {{ $labels.nope }}\n        nope {{ $labels.nope }} {{ nope }}"), "9:36 invalid-rule", `annotation "a": function "nope" not defined; see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/`},
		{"a template's variable", inRule("alert: A:b\n    expr: up\n    annotations: {a: '{{ $label.job }}'}"), "6:26 invalid-rule",
			`annotation "a": undefined variable "$label"; there are $labels, $value, $externalLabels and $externalURL`},
		{"a duplicate key", inRule("alert: A\n    expr: up\n    expr: down"), "6:5 duplicate-key", `"expr" is already set in line 5; keep one of the two`},
		{"a merged rule", "groups:\n- name: g\n  rules:\n  - &r\n    alert: A\n    expr: up\n    for: 5m\n  - <<: *r\n    record: a\n    alert: ''\n", "7:5 invalid-rule", "invalid field 'for' in recording rule; remove it, or make the rule an alert"},

		{"PromQL, plain", inRule("record: a\n    expr: sum(up))"), "5:18 promql-syntax", "unexpected right parenthesis ')'; remove it, or open it before"},
		{"PromQL, single quotes", inRule("record: a\n    expr: 'up{a=''b''} + }'"), "5:26 promql-syntax", "unexpected character: '}'; remove it, or quote the text that it belongs to"},
		{"PromQL, double quotes", inRule("record: a\n    expr: \"up{a=\\\"\\u00e9\\\"} + }\""), "5:31 promql-syntax", "unexpected character: '}'; remove it, or quote the text that it belongs to"},
		{"PromQL, literal", inRule("record: a\n    expr: |\n      sum(\n        rate(up)\n      )"), "7:14 promql-syntax",
			`expected type range vector in call to function "rate", got instant vector; give it a window: metric[5m]`},
		{"PromQL, folded", inRule("record: a\n    expr: >-\n      sum(\n      up) +\n      vector(\"é\")"), "8:14 promql-syntax", `expected type scalar in call to function "vector", got string; give it one`},
		{"PromQL, plain over lines", inRule("record: a\n    expr: sum(up)\n      + abs(\"a\")"), "6:13 promql-syntax", `expected type instant vector in call to function "abs", got string; give it a vector, without a window`},
		{"PromQL in flow style", "groups: [{name: g, rules: [{record: a, expr: 'up)'}]}]\n", "1:49 promql-syntax", "unexpected right parenthesis ')'; remove it, or open it before"},
		{"PromQL with CRLF", "groups:\r\n- name: g\r\n  rules:\r\n  - record: a\r\n    expr: |\r\n      sum(up)\r\n      + }\r\n", "7:9 promql-syntax", "unexpected character: '}'; remove it, or quote the text that it belongs to"},
		{"a PrometheusRule's", "kind: PrometheusRule\nspec:\n  groups:\n  - name: g\n    rules:\n    - alert: A\n", "6:7 invalid-rule", "field 'expr' must be set in rule; add expr with a query"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, findings := read([]byte(c.text))
			if got := positions(findings); got != c.want {
				t.Errorf("at %s, want %s\n%s\n%s", got, c.want, printed(findings), c.text)
			}
			for _, f := range findings {
				if f.Text() == c.message {
					return
				}
			}
			t.Errorf("no finding says %s\n%s", c.message, printed(findings))
		})
	}
}

// TestEveryFindingAtOnce holds that no mistake hides another.
func TestEveryFindingAtOnce(t *testing.T) {
	const text = `groups:
  - name: one
    interval: 5
    limits: 3
    rules:
      - record: a
        expr: rate(up)
      - alert: B
        exp: up
      - alert: C
        expr: up ==
        for: soon
        labels: {__name__: x}
        annotations: {summary: "{{ nope }}"}
      - {}
  - name: one
    rules:
      - record: d
        alert: D
        expr: up
        annotations: [a]
      - record: e
        for: 5m
        expr: up
      - nothing
`
	const want = `rules.yaml:3:15: interval: not a valid duration string: "5"; write 30s, 5m, 1h30m or the like (invalid-rule)
rules.yaml:4:5: a group has no key "limits"; did you mean "limit"? (unknown-key)
rules.yaml:7:20: expected type range vector in call to function "rate", got instant vector; give it a window: metric[5m] (promql-syntax)
rules.yaml:8:9: field 'expr' must be set in rule; add expr with a query (invalid-rule)
rules.yaml:9:9: a rule has no key "exp"; did you mean "expr"? (unknown-key)
rules.yaml:11:20: unexpected end of input; complete it (promql-syntax)
rules.yaml:12:14: for: not a valid duration string: "soon"; write 30s, 5m, 1h30m or the like (invalid-rule)
rules.yaml:13:18: invalid label name: __name__; rename it (invalid-rule)
rules.yaml:14:36: annotation "summary": function "nope" not defined; see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/ (invalid-rule)
rules.yaml:15:9: field 'expr' must be set in rule; add expr with a query (invalid-rule)
rules.yaml:15:9: one of 'record' or 'alert' must be set; add alert or record with a name (invalid-rule)
rules.yaml:16:11: groupname: "one" is repeated in the same file, first at rules.yaml:2:11; rename one of them (invalid-rule)
rules.yaml:18:17: only one of 'record' and 'alert' must be set; remove one of the two (invalid-rule)
rules.yaml:21:22: annotations are a map, not a list; write a map (invalid-rule)
rules.yaml:23:9: invalid field 'for' in recording rule; remove it, or make the rule an alert (invalid-rule)
rules.yaml:25:9: a rule is a map, not a text; write a map (invalid-rule)`
	files, findings := read([]byte(text))
	if got := printed(findings); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if n := len(files[0].Rules()); n != 7 {
		t.Errorf("%d rules, want 7", n)
	}
}
