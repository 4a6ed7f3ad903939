package check

import (
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
		for _, t := range p.templates {
			printed := p.printedValues(t.text)
			if t.key != "labels" || len(printed) == 0 {
				continue
			}
			if b := p.boundsOf(r.Expr); b.low == b.high {
				continue // it never changes
			}
			p.Report(t.value().Sub(printed[0], printed[0]+1), "print it in an annotation", "label %q is another one whenever the value changes", t.name)
		}
	},
}
