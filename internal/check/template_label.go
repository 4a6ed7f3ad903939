package check

import (
	"github.com/prometheus/common/model"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var templateLabel = &Check{
	Kind: diag.Kind{Name: "template-label", Severity: diag.Warning, Doc: `A template uses a label that the alert's expression cannot have.

Prometheus puts nothing there: the page says "instance  is down" and does not say which. Labels are lost by aggregation
(sum by (job) keeps job alone), by matching on(...), and by absent(), which has only what its selector matches by equality;
the metric's name is lost by nearly everything.
The labels that the rule itself sets are not in $labels either: write their value. Recorded series are followed to the rules
that record them.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: sum by (job) (up) == 0
        annotations:
          summary: "{{ $labels.instance }} is down"
`,
	Good: `groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: sum by (job) (up) == 0
        annotations:
          summary: "all instances of {{ $labels.job }} are down"
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		for _, t := range p.templates {
			for _, use := range p.usedLabels(t.text) {
				if have := p.labelsOf(r.Expr); !have.has(use.name) {
					p.Report(t.value().Sub(use.start, use.start+len(use.name)), p.labelHelp(use.name, have), "the expression has no label %q", use.name)
				}
			}
		}
	},
}

func (p *Pass) labelHelp(name string, have labelSet) string {
	if _, ok := p.rule.Labels[name]; ok {
		return "it is set by the rule, which templates do not see: write its value"
	}
	if _, ok := p.group.Labels[name]; ok {
		return "it is set by the group, which templates do not see: write its value"
	}
	if name == model.MetricNameLabel {
		return "functions, arithmetic and aggregations drop the metric's name: write it out"
	}
	if have.open {
		return "keep it in the expression (by, on, ignoring and matchers decide that), or leave it out here"
	}
	list := have.without(model.MetricNameLabel).list()
	if len(list) == 0 {
		return "it has none at all: leave it out"
	}
	return spec.Suggest(name, list)
}
