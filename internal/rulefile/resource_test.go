package rulefile

import (
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

const resource = `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: a, namespace: b}
spec:
  groups:
    - name: g
      partial_response_strategy: abort
      rules:
        - {record: a, expr: up}
        - {alert: B, expr: up == 0}
`

// kubectlList is what kubectl get -o yaml prints.
const kubectlList = `apiVersion: v1
items:
- apiVersion: monitoring.coreos.com/v1
  kind: PrometheusRule
  metadata: {name: a}
  spec: {groups: [{name: g, rules: [{record: a, expr: up}]}]}
- apiVersion: v1
  kind: ConfigMap
  data: {groups: none}
- apiVersion: monitoring.coreos.com/v1
  kind: PrometheusRule
  metadata: {name: b}
  spec: {groups: [{name: g, rules: [{alert: B, expr: up}, {alert: C, expr: up}]}]}
  status: {}
kind: List
metadata: {resourceVersion: ""}
`

// TestResources reads PrometheusRules in every way that they come.
func TestResources(t *testing.T) {
	for _, c := range []struct {
		name, text string
		rules      []int // of each file that is read
		want       string
	}{
		{"one", resource, []int{2}, ""},
		{"several documents", resource + "---\n" + resource + "---\n", []int{2, 2}, ""},
		{"a resource and a rule file", resource + "---\n" + good, []int{2, 2}, ""},
		{"kubectl's list", kubectlList, []int{1, 2}, ""},
		{"a typed list", "kind: PrometheusRuleList\nitems:\n- spec: {groups: [{name: g, rules: [{record: a, expr: up}]}]}\n- kind: PrometheusRule\n  spec: {}\n", []int{1, 0}, ""},
		{"an empty typed list", "kind: PrometheusRuleList\nitems: []\n", nil, ""},
		{"the same group in two resources", resource + "---\n" + resource, []int{2, 2}, ""},
		{"the same group in one resource", "kind: PrometheusRule\nspec: {groups: [{name: g}, {name: g}]}\n", []int{0},
			`rules.yaml:2:35: groupname: "g" is repeated in the same file, first at rules.yaml:2:24; rename one of them (invalid-rule)`},
		{"no spec", "kind: PrometheusRule\ngroups: []\n", nil,
			"rules.yaml:1:1: a PrometheusRule without spec; add spec: {groups: [...]} (invalid-rule)\n" +
				`rules.yaml:2:1: a PrometheusRule has no key "groups"; use one of apiVersion, kind, metadata, spec, status (unknown-key)`},
		{"an empty spec", "kind: PrometheusRule\nspec:\n", nil, "rules.yaml:1:1: a PrometheusRule without spec; add spec: {groups: [...]} (invalid-rule)"},
		{"no spec in a list", "kind: List\nitems:\n- kind: PrometheusRule\n- kind: Pod\n", nil, "rules.yaml:3:3: a PrometheusRule without spec; add spec: {groups: [...]} (invalid-rule)"},
		{"a text in a typed list", "kind: PrometheusRuleList\nitems: [a]\n", nil,
			"rules.yaml:2:9: a PrometheusRule is a map, not a text; write a map (invalid-rule)"},
		{"a spec of a list", "kind: PrometheusRule\nspec: []\n", []int{0}, "rules.yaml:2:7: a PrometheusRule's spec is a map, not a list; write a map (invalid-rule)"},
		{"unknown keys", "kind: PrometheusRule\nspec:\n  group: []\n  groups:\n  - name: g\n    intervall: 5m\n    rules: [{alert: A, expr: up, sevrity: page}]\n", []int{1},
			`rules.yaml:3:3: a PrometheusRule's spec has no key "group"; did you mean "groups"? (unknown-key)
rules.yaml:6:5: a group has no key "intervall"; did you mean "interval"? (unknown-key)
rules.yaml:7:34: a rule has no key "sevrity"; use one of record, alert, expr, for, keep_firing_for, labels, annotations (unknown-key)`},
		{"Thanos' key in a rule file", "groups:\n- {name: g, partial_response_strategy: abort}\n", []int{0},
			`rules.yaml:2:13: a group has no key "partial_response_strategy"; use one of name, interval, query_offset, limit, rules, labels (unknown-key)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, findings := read([]byte(c.text))
			if got := printed(findings); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if len(files) != len(c.rules) {
				t.Fatalf("%d files, want %d", len(files), len(c.rules))
			}
			for i, f := range files {
				if len(f.Rules()) != c.rules[i] {
					t.Errorf("file %d has %d rules, want %d", i, len(f.Rules()), c.rules[i])
				}
			}
		})
	}
}

// TestIs tells rule files from what is none.
func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"groups: []":                         true,
		"groups:":                            true,
		"kind: PrometheusRule":               true,
		"kind: PrometheusRuleList":           true,
		kubectlList:                          true,
		"kind: List\nitems: []":              false,
		"kind: List":                         false,
		"kind: [PrometheusRule]":             false,
		"kind: List\nitems: [a, []]":         false,
		"- groups: []":                       false,
		"kind: ConfigMap\ndata: {groups: a}": false,
		"kind: List\nitems: [{kind: ConfigMap, data: {groups: a}}]": false,
		"a": false,
	} {
		docs := spec.ReadYAML(source([]byte(text)), new(diag.Report))
		if len(docs) != 1 || Is(docs[0]) != want {
			t.Errorf("want %v for\n%s", want, text)
		}
	}
}

// TestRule holds what the parts of a rule say about their place.
func TestRule(t *testing.T) {
	files, findings := read([]byte(good))
	if len(findings) > 0 {
		t.Fatal(printed(findings))
	}
	rules := files[0].Rules()
	if len(rules) != 2 || rules[0].Name() != "job:up:sum" || rules[1].Name() != "Down" || rules[1].Group != 0 || rules[1].Index != 1 {
		t.Fatalf("rules are %+v", rules)
	}
	if at := rules[1].ExprPos(rules[1].Expr); at.Line != 12 || at.Col != 15 || at.Width != len("up == 0") {
		t.Errorf("the expression of Down is at %s, %d wide", at, at.Width)
	}
}
