package rulefile

import (
	"math/rand/v2"
	"strings"
)

// good is a rule file with every key in its place.
const good = `groups:
  - name: a
    interval: 30s
    query_offset: 1m
    limit: 5
    labels: {team: x}
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
        labels: {a: b}
      - alert: Down
        expr: up == 0
        for: 5m
        keep_firing_for: 10m
        labels: {severity: page}
        annotations: {summary: "{{ $labels.job }}"}
`

// places are where a value can stand in a rule file: %s is the value.
var places = []string{
	"%s\n",
	"groups: %s\n",
	"groups: [%s]\n",
	"%s: []\n",
	"groups:\n- name: %s\n  rules: []\n",
	"groups:\n- {name: a, rules: %s}\n",
	"groups:\n- name: a\n  rules: [%s]\n",
	"groups:\n- name: a\n  rules: [%s, {record: a, expr: b}]\n",
	"groups:\n- {name: a, interval: %s}\n",
	"groups:\n- {name: a, query_offset: %s}\n",
	"groups:\n- {name: a, limit: %s}\n",
	"groups:\n- {name: a, labels: %s}\n",
	"groups:\n- {name: a, labels: {x: %s}}\n",
	"groups:\n- name: a\n  labels:\n    %s: x\n",
	"groups:\n- name: a\n  %s: x\n",
	"groups:\n- name: a\n  rules:\n  - {record: %s, expr: b}\n",
	"groups:\n- name: a\n  rules:\n  - {alert: %s, expr: b}\n",
	"groups:\n- name: a\n  rules:\n  - {record: a, expr: %s}\n",
	"groups:\n- name: a\n  rules:\n  - {record: a, expr: b, for: %s}\n",
	"groups:\n- name: a\n  rules:\n  - {alert: a, expr: b, for: %s}\n",
	"groups:\n- name: a\n  rules:\n  - {alert: a, expr: b, keep_firing_for: %s}\n",
	"groups:\n- name: a\n  rules:\n  - {record: a, expr: b, keep_firing_for: %s}\n",
	"groups:\n- name: a\n  rules:\n  - {record: a, expr: b, labels: %s}\n",
	"groups:\n- name: a\n  rules:\n  - {record: a, expr: b, labels: {x: %s}}\n",
	"groups:\n- name: a\n  rules:\n  - {alert: a, expr: b, labels: {x: %s}}\n",
	"groups:\n- name: a\n  rules:\n  - record: a\n    expr: b\n    labels:\n      %s: x\n",
	"groups:\n- name: a\n  rules:\n  - {record: a, expr: b, annotations: %s}\n",
	"groups:\n- name: a\n  rules:\n  - {alert: a, expr: b, annotations: %s}\n",
	"groups:\n- name: a\n  rules:\n  - {alert: a, expr: b, annotations: {x: %s}}\n",
	"groups:\n- name: a\n  rules:\n  - alert: a\n    expr: b\n    annotations:\n      %s: x\n",
	"groups:\n- name: a\n  rules:\n  - alert: a\n    expr: b\n    %s: x\n",
	"groups:\n- name: a\n  rules:\n  - <<: %s\n    alert: a\n    expr: b\n",
	"groups:\n- name: a\n  rules:\n  - alert: a\n    expr: b\n    labels: {<<: %s, a: b}\n",
}

// values are what YAML reads in ways that surprise.
var values = []string{
	"~", "null", "Null", "", `""`, "''", "[]", "{}", "[~]", "[[]]", "{a: ~}", "{~: a}", "{1: 2}", "{true: false}",
	"{[a]: b}", "{{a: b}: c}", "{a: b, a: c}", "{a: [b]}", "{a: {b: c}}", "{<<: {a: b}}", "{<<: [{a: b}, {c: d}]}", "{<<: a}", "{<<: [a]}", "{<<: ~}",
	"0", "1", "30", "-1", "5.5", "1e3", "1e30", "0x10", "0o17", "017", "0b11", "1_000", ".5", ".inf", "-.inf", ".nan",
	"9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775809",
	"true", "True", "yes", "on", "y", "no", "2001-01-01", "2001-12-14T21:59:43.10Z", "12:30:45", "<<", "=",
	"30s", "5m", "1h30m", "1d", "5", "-5m", "1.5h", "5M", "0s", "'5m'", `"0"`, "5m ", "1y1y", "1000000y", "5x",
	"a", "A b", `"a b"`, "__name__", "le", "1a", `"a:b"`, `"{{"`, `"{{ $labels.x }}"`, `"{{ nope }}"`, `"{{ . | }}"`, `'{{ define "x" }}{{ end }}'`,
	"up", "up ==", "sum(", `"up{"`, "'up # c'", `"up{a=\"b\"}"`, "vector(1)", "'1'", `"\"a\""`, `"\xff"`, `"\0"`, `"\uFFFD"`, `"é"`, "日本", `"a\nb"`,
	"!!str 5", "!!int 5", `!!int "5"`, "!!int a", "!!float 5", "!!float a", "!!bool true", "!!bool a", "!!null a", "!!null ~", "!!binary aGVsbG8=", "!!binary /w==", "!!binary '%'",
	"!!timestamp 2001-01-01", "!foo bar", "! 5", "!!map {}", "!!seq []", "!!str {}", "!!null []", "!!null {}", "!!merge a", "!!str ~",
	"&x a", "*y", "&x [*x]", "&x {a: *x}", "[&x a, *x]", "{a: &x b, c: *x}", "{&x a: b, *x : c}", "{&x a: b, c: {*x : d}}",
}

// trickyFiles are the texts that the verdicts are compared on: each value in
// each place, and files that no such pattern makes.
func trickyFiles() []string {
	texts := []string{good, strings.ReplaceAll(good, "\n", "\r\n"), strings.ReplaceAll(good, "\n", "\r"), "\ufeff" + good, strings.TrimSuffix(good, "\n")}
	for _, place := range places {
		for _, value := range values {
			texts = append(texts, strings.Replace(place, "%s", value, 1))
		}
	}
	return append(texts, whole...)
}

// mixer writes rule files in which each part is, now and then, something else.
type mixer struct{ *rand.Rand }

func (m mixer) file() string { return m.object(1, "groups", m.list(3, m.group)) }

func (m mixer) group() string {
	return m.object(2, "name", m.pick("a", "b", "c"), "rules", m.list(3, m.rule),
		"interval", m.pick("30s", "0"), "query_offset", "1m", "limit", m.pick("5", "0"), "labels", m.labels())
}

func (m mixer) rule() string {
	return m.object(2, m.pick("record", "alert"), m.pick("a", "b:c"), "expr", m.pick("up", "sum(up)", "'up{a=\"b\"}'"),
		"for", m.pick("5m", "0s"), "keep_firing_for", m.pick("5m", "0s"), "labels", m.labels(), "annotations", m.labels())
}

func (m mixer) labels() string { return m.object(0, "x", "y", "z", `"{{ $labels.x }}"`) }

// object is a map of keys and values: the first ones, some of the others, and
// seldom what it should not have.
func (m mixer) object(first int, fields ...string) string {
	var parts []string
	for i := 0; i < len(fields); i += 2 {
		if i >= 2*first && m.IntN(3) > 0 {
			continue
		}
		key, value := fields[i], fields[i+1]
		parts = append(parts, m.odd(key, 60)+": "+m.odd(value, 20))
		if m.IntN(100) == 0 {
			parts = append(parts, key+": "+value)
		}
	}
	if m.IntN(30) == 0 {
		parts = append(parts, "<<: "+m.pick("{}", "{labels: {q: r}}", "[{expr: a}, {expr: b, record: c}]", "{a: b}", "{for: 1m}"))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (m mixer) list(most int, item func() string) string {
	parts := make([]string, m.IntN(most+1))
	for i := range parts {
		parts[i] = m.odd(item(), 30)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// odd is s, or once in so many times something else.
func (m mixer) odd(s string, once int) string {
	if m.IntN(once) == 0 {
		return m.pick(values...)
	}
	return s
}

func (m mixer) pick(from ...string) string { return from[m.IntN(len(from))] }

// whole are files that are tricky as a whole.
var whole = []string{
	"", "\n", "# nothing\n", "---\n", "--- \n...\n", "---\n---\n", "%YAML 1.1\n---\ngroups: []\n", "groups: []\n...\n", "---\ngroups: []\n---\ngroups: [{}]\n",
	"---\n---\ngroups: [{}]\n", "groups: []\n---\n}\n", "groups: []\n--- [\n", "groups: []\n---\ngroups: []\ngroups: []\n",
	"- groups: []\n", "groups: []\ngroups: []\n", "groups: []\nGroups: []\n", "groups: []\n\"groups\": []\n", "{}\n", "groups:\n", "rule_files: []\n",
	"groups:\n\t- name: a\n", "groups:\n- name: a\n\trules: []\n", "groups:\n- name: a\t\n", "groups:\n-\tname: a\n", "groups: [\n", "groups: ]\n", "a: b: c\n", "groups: 'a\n",
	"groups:\n- name: a\n- name: a\n", "groups:\n- name: a\n- name: b\n", "groups:\n- name: ''\n- name: ''\n", "groups:\n- rules: []\n", "groups:\n- ~\n- name: a\n- ~\n",
	"groups:\n- name: a\n  rules:\n  - ~\n  - record: a\n    expr: b\n  -\n",
	"groups:\n- name: a\n  rules:\n  - {}\n", "groups:\n- name: a\n  rules:\n  - {record: a}\n", "groups:\n- name: a\n  rules:\n  - {alert: a}\n", "groups:\n- name: a\n  rules:\n  - {expr: a}\n",
	"groups:\n- name: a\n  rules:\n  - {record: a, alert: b, expr: c}\n", "groups:\n- name: a\n  rules:\n  - {record: a, alert: '', expr: c}\n",
	"groups:\n- name: a\n  rules:\n  - {record: a, expr: c, annotations: {}}\n", "groups:\n- name: a\n  rules:\n  - {record: a, expr: c, annotations: {a: b}}\n",
	"groups:\n- name: a\n  rules:\n  - {record: 'a b', expr: c}\n", "groups:\n- name: a\n  rules:\n  - {record: 'a{b}', expr: c}\n", "groups:\n- name: a\n  rules:\n  - {record: \"\\n\", expr: c}\n",
	"groups:\n- name: a\n  rules: &r\n  - {record: a, expr: c}\n- name: b\n  rules: *r\n",
	"groups:\n- &g\n  name: a\n  rules:\n  - {record: a, expr: c}\n- <<: *g\n  name: b\n", "groups:\n- &g\n  name: a\n  foo: b\n- <<: *g\n  name: b\n",
	"groups:\n- name: a\n  rules:\n  - &r\n    record: a\n    expr: b\n    labels: &l {x: y}\n  - <<: *r\n    record: c\n  - <<: [*r, {for: 5m}]\n    record: d\n",
	"x-base: &l {a: b}\ngroups: []\n", "groups:\n- name: a\n  x: &l {a: b}\n  labels: *l\n", "groups:\n- name: a\n  labels: *l\n", "&a groups: []\n", "&a [*a]\n",
	"groups:\n- name: a\n  rules:\n  - record: a\n    expr: |\n      sum(\n        up\n      )\n", "groups:\n- name: a\n  rules:\n  - record: a\n    expr: >-\n      sum(\n\n      up))\n",
	"groups:\n- name: a\n  rules:\n  - record: a\n    expr: up\n    expr: down\n", "groups:\n- name: a\n  rules:\n  - record: a\n    expr: up\n    labels: {a: b, a: c}\n",
	"groups:\n- name: a\n  partial_response_strategy: abort\n", "groups:\n- name: a\n  source_tenants: [a]\n", "groups:\n- node: {}\n  name: a\n",
	"kind: PrometheusRule\nspec: {groups: []}\n", "kind: PrometheusRule\n", "kind: List\nitems: []\n", "kind: List\nitems: [{kind: PrometheusRule}]\n", "kind: PrometheusRuleList\nitems: [~, a]\n",
	"groups: " + strings.Repeat("[", 80) + strings.Repeat("]", 80) + "\n", "? groups\n: []\n", "? [a]\n: []\n", "? ~\n: []\n", "~: a\ngroups: []\n", "!!binary Z3JvdXBz: []\n",
	"\x00", "groups: \xff\n", "\xff\xfeg\x00", "groups:\u0085- name: a\n", "groups:\u2028- name: a\n", "\u00a0groups: []\n", "groups: []\x07\n",
}
