package check

import (
	"fmt"
	"strings"
	"testing"
)

// TestPositions holds the exact place of findings: what is marked with «» in the source.
func TestPositions(t *testing.T) {
	for _, text := range []string{
		"alert: A\n    expr: «up > 1»",
		"alert: A\n    expr: errors > 5 and («up == 2»)",
		"alert: A\n    expr: 'errors{a=''b''} > 5 and «up == 2»'",
		"alert: A\n    expr: \"errors{a=\\\"\\u00e9\\\"} and «up == 2»\"",
		"alert: A\n    expr: |\n      errors{a=\"é\"} > 5\n      and «up == 2»\n    for: 5m",
		"alert: A\n    expr: >-\n      errors > 5\n      and «up == 2»\n    for: 5m",
		"alert: A\n    expr: «a:b» > sum(«c:d»{x=\"y\"})",
		"alert: A\n    expr: rate(«a:b»[5m]) > 0",
		"alert: A\n    expr: '«{\"a:b\", x=\"y\"}» > 0'",
		"alert: A\n    expr: sum(up) == 0\n    labels:\n      l: '{{ $labels.«job» }}'\n    annotations: {a: \"x \\\"é\\\" {{$labels.«l»}}\"}",
		"alert: A\n    expr: sum(up) == 0\n    annotations:\n      a: |\n        {{ $labels.«s» }}\n        {{ .Labels.«Labels» }} {{ $.Labels.«s» }}",
		"alert: A\n    expr: sum(up) == 0\n    annotations:\n      a: '{{ index $labels \"«l»\" }} {{ index .Labels `«Labels»` }}{{ printf \"%s\" ($labels.«a» | toUpper) }}'",
		"alert: A\n    expr: sum(up) == 0\n    annotations:\n      a: >-\n        one\n\n        two {{ $labels.«job» }}",
		"record: a\n    expr: up\n  - «r»ecord: a\n    expr: up == 1",
	} {
		marked := "groups:\n- name: g\n  rules:\n  - " + text + "\n"
		source := strings.NewReplacer("«", "", "»", "").Replace(marked)
		var want []string
		for n, line := range strings.Split(marked, "\n") {
			for seen := 0; strings.Contains(line, "«"); seen++ {
				before, after, _ := strings.Cut(line, "«")
				inside, rest, _ := strings.Cut(after, "»")
				want = append(want, fmt.Sprintf("%d:%d+%d", n+1, len([]rune(before))+1, len([]rune(inside))))
				line = before + inside + rest
			}
		}
		var got []string
		for _, f := range judged(t, source) {
			got = append(got, fmt.Sprintf("%d:%d+%d", f.Pos.Line, f.Pos.Col, f.Pos.Width))
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("at %v, want %v\n%s%s", got, want, marked, shown(judged(t, source)))
		}
	}
}
