package check

import (
	"maps"
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var valueInLabel = &Check{
	Kind: diag.Kind{Name: "value-in-label", Severity: diag.Warning, Doc: `A label of an alert prints the alert's value.

Labels are what an alert is told apart by. When the value changes, Prometheus sees the old alert end and a new one begin:
"for" starts again and may never be over, and each change notifies anew. Annotations may change. A label that only depends on
the side of a limit that the value is on ({{ if gt $value 10.0 }}) is not meant.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: QueueFull
        expr: queue_length > 100
        for: 10m
        labels: {length: "{{ $value }}"}
`,
	Good: `groups:
  - name: example
    rules:
      - alert: QueueFull
        expr: queue_length > 100
        for: 10m
        annotations: {summary: "the queue is {{ $value }} long"}
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		if r.Alert == "" {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(r.Labels)) {
			printed := printedValues(r.Labels[name])
			if len(printed) == 0 {
				continue
			}
			if b := p.boundsOf(r.Expr); b.low == b.high {
				continue // it never changes
			}
			value := r.Value.Get("labels").Get(name)
			p.Report(value.Sub(printed[0], printed[0]+1), "print it in an annotation", "label %q is another one whenever the value changes", name)
		}
	},
}
