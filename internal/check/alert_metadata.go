package check

import (
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var alertMetadata = &Check{
	Kind: diag.Kind{Name: "alert-metadata", Severity: diag.Warning, Doc: `An alert lacks a label or an annotation that every alert should have.

Whoever is woken wants a runbook, and routing needs a severity that it knows and an owner. What is wanted the parameters say;
without them nothing is: labels lists those that every alert has, from the rule, its group or its expression; annotations
lists annotations; values gives, for a label, the values that it may have.`},
	Configuration: `alert-metadata:
  labels: [severity, team]
  values: {severity: [page, ticket]}
  annotations: [runbook_url]`,
	Bad: `groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: up == 0
        labels: {severity: critical}
`,
	Good: `groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: up == 0
        labels: {severity: page, team: infra}
        annotations: {runbook_url: https://runbooks.example.com/instance-down}
`,
	Parameters: func() any { return &metadataParameters{} },
	Rule: func(p *Pass, r *rulefile.Rule) {
		if r.Alert != "" {
			p.checkLabels(r)
			p.checkAnnotations(r)
		}
	},
}

type metadataParameters struct {
	// Labels are those that every alert has.
	Labels Texts `json:"labels,omitempty"`
	// Values are those that a label may have.
	Values map[spec.Text]Texts `json:"values,omitempty"`
	// Annotations are those that every alert has.
	Annotations Texts `json:"annotations,omitempty"`
}

func (p *Pass) checkLabels(r *rulefile.Rule) {
	wanted := parametersOf[metadataParameters](p)
	for _, label := range wanted.Labels {
		_, inRule := r.Labels[label.Text]
		_, inGroup := p.group.Labels[label.Text]
		if inRule || inGroup {
			continue
		}
		if set := p.labelsOf(r.Expr); !set.open && set.has(label.Text) {
			continue
		}
		if !p.carriedBy(r.Expr).has(label.Text) {
			p.Report(r.Value.Pos, "add it under labels", "alert %s has no label %q", r.Alert, label.Text)
		}
	}
	for label, values := range wanted.Values {
		value, at := r.Labels[label.Text], r.Value.Get("labels").Get(label.Text)
		if at == nil {
			value, at = p.group.Labels[label.Text], p.group.Value.Get("labels").Get(label.Text)
		}
		if at != nil && !values.has(value) && !strings.Contains(value, "{{") {
			p.Report(at.Pos, spec.Suggest(value, values.list()), "label %s of alert %s is %q", label.Text, r.Alert, value)
		}
	}
}

func (p *Pass) checkAnnotations(r *rulefile.Rule) {
	for _, name := range parametersOf[metadataParameters](p).Annotations {
		if strings.TrimSpace(r.Annotations[name.Text]) == "" {
			p.Report(r.Value.Pos, "add it under annotations", "alert %s has no annotation %q", r.Alert, name.Text)
		}
	}
}
