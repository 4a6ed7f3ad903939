package check

import (
	"fmt"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var ruleSelector = &Check{
	Kind: diag.Kind{Name: "rule-selector", Severity: diag.Error, Doc: `No Prometheus would select a PrometheusRule.

The operator loads the PrometheusRules whose labels its ruleSelector wants, and says nothing about the others: their alerts
never fire. The parameters matchLabels and matchExpressions say what it wants, written as in spec.ruleSelector of the
Prometheus resource; without them nothing is checked. Helm charts often want release: NAME.`},
	Configuration: "rule-selector: {matchLabels: {release: prometheus}}",
	Bad: `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: api-rules
spec:
  groups:
    - name: example
      rules:
        - {alert: InstanceDown, expr: up == 0}
`,
	Good: `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: api-rules
  labels: {release: prometheus}
spec:
  groups:
    - name: example
      rules:
        - {alert: InstanceDown, expr: up == 0}
`,
	Parameters: func() any { return &selectorParameters{} },
	Run: func(p *Pass) {
		p.EachFile(func(f *rulefile.File) {
			if f.Resource == nil {
				return
			}
			metadata := f.Resource.Get("metadata")
			at := f.Resource.Pos
			if labels := metadata.Get("labels"); labels != nil {
				at = labels.Pos
			} else if metadata != nil {
				at = metadata.Pos
			}
			for _, want := range parametersOf[selectorParameters](p).unmet(metadata.Get("labels")) {
				p.Report(at, "change the labels of its metadata", "the ruleSelector wants %s", want)
			}
		})
	},
}

type selectorParameters struct {
	// MatchLabels are labels that the selector wants.
	MatchLabels map[spec.Text]spec.Text `json:"matchLabels,omitempty"`
	// MatchExpressions are what it wants of labels besides.
	MatchExpressions []selectorExpression `json:"matchExpressions,omitempty"`
}

type selectorExpression struct {
	// Key is the label's name.
	Key spec.Text `json:"key" jsonschema:"required"`
	// Operator is In, NotIn, Exists or DoesNotExist.
	Operator selectorOperator `json:"operator" jsonschema:"required"`
	// Values are those of In and NotIn.
	Values Texts `json:"values,omitempty"`
}

// selectorOperator is how a label selector compares.
type selectorOperator struct{ spec.Text }

var selectorOperators = []string{"In", "NotIn", "Exists", "DoesNotExist"}

// DecodeSpec implements spec.Decoder.
func (o *selectorOperator) DecodeSpec(v *spec.Value, r *diag.Report) {
	o.Text.DecodeSpec(v, r)
	if !o.IsUnreadable() && !slices.Contains(selectorOperators, o.Text.Text) {
		r.Add(spec.BadValue, v.Pos, spec.Suggest(o.Text.Text, selectorOperators), "there is no operator %q", o.Text.Text)
	}
}

// unmet is what the selector wants and the labels, which may be missing, do not have.
func (s *selectorParameters) unmet(labels *spec.Value) []string {
	var all []string
	for name, value := range s.MatchLabels {
		if has := labels.Get(name.Text); has == nil || has.Text != value.Text {
			all = append(all, fmt.Sprintf("%s: %s", name.Text, value.Text))
		}
	}
	for _, e := range s.MatchExpressions {
		has := labels.Get(e.Key.Text)
		is := has != nil && e.Values.has(has.Text)
		switch e.Operator.Text.Text {
		case "In":
			if !is {
				all = append(all, fmt.Sprintf("%s in (%s)", e.Key.Text, strings.Join(e.Values.list(), ", ")))
			}
		case "NotIn":
			if is {
				all = append(all, fmt.Sprintf("%s not in (%s)", e.Key.Text, strings.Join(e.Values.list(), ", ")))
			}
		case "Exists":
			if has == nil {
				all = append(all, e.Key.Text)
			}
		case "DoesNotExist":
			if has != nil {
				all = append(all, "no "+e.Key.Text)
			}
		}
	}
	slices.Sort(all)
	return all
}
