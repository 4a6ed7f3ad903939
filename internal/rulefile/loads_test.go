package rulefile

import (
	"strings"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// many is a rule file so large that it is read in pieces, with something in the middle.
func many(middle string) string {
	group := "  - name: NAME\n    rules:\n      - {record: 'a:b', expr: 'sum(rate(x{job=\"NAME\"}[5m]))'}\n      - {alert: A, expr: 'up == 0', annotations: {x: '{{ $labels.job }}'}}\n"
	var b strings.Builder
	b.WriteString("groups:\n")
	for i := range 1900 {
		name := "g" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/182)
		b.WriteString(strings.ReplaceAll(group, "NAME", name))
		if i == 900 {
			b.WriteString(middle)
		}
	}
	return b.String()
}

// Loads says of small files and of large ones what Read finds.
func TestLoads(t *testing.T) {
	for _, middle := range []string{
		"", "  - {name: own, rules: []}\n", "  - {name: ga}\n", "  - {name: ''}\n", "  - {rules: []}\n", "  - {name: x, rulez: []}\n", "  - {name: x, rules: [{record: 'a', expr: 'up('}]}\n",
		"  - {name: x, rules: [{alert: a, expr: up, labels: {x: '{{ nope }}'}}]}\n", "  - {name: x, rules: [{record: 'a b{', expr: up}]}\n", "  - {name: x, name: y}\n", "  -\n", "  - {name: x\n", "other: 5\n",
		"  - {name: x, interval: 5x}\n", "  - &a {name: x}\n", "  - {name: x, rules: [{record: a, expr: 'x{job=\"\"}'}]}\n", "  - {name: x, rules: [{record: a, expr: '{job=\"\"}'}]}\n",
	} {
		for _, text := range []string{"groups:\n  - {name: ga, rules: []}\n" + middle, many(middle)} {
			src := &diag.Source{Name: "x.yaml", Text: []byte(text)}
			var r diag.Report
			for _, doc := range spec.ReadYAML(src, &r) {
				Read(src, doc, &r)
			}
			if got, want := Loads(src, expr.NewShapes()), r.Len() == 0; got != want {
				t.Errorf("%d bytes with %q in the middle load: %v; found are %v", len(text), middle, got, r.Findings())
			}
		}
	}
}
