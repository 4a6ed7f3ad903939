package check

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var refusedResource = &Check{
	Kind: diag.Kind{Name: "refused-resource", Severity: diag.Error, Doc: `Kubernetes refuses a PrometheusRule that Prometheus would load.

Names of resources are lower case letters, digits, dashes and dots; labels have a syntax of their own. The API server checks
types by the operator's definition: a number or a truth value where a text belongs must be quoted, also for: 0 and the values
of labels and annotations; only expr may be a whole number. The operator puts each resource into a ConfigMap as one file and
cannot where that is larger than 512 KiB.`},
	Bad: `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: API_rules
spec:
  groups:
    - name: example
      rules:
        - alert: InstanceDown
          expr: up == 0
          labels: {priority: 1}
`,
	Good: `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: api-rules
spec:
  groups:
    - name: example
      rules:
        - alert: InstanceDown
          expr: up == 0
          labels: {priority: "1"}
`,
	Run: func(p *Pass) {
		p.EachFile(func(f *rulefile.File) {
			if f.Resource == nil {
				return
			}
			p.checkVersion(f.Resource)
			p.checkMetadata(f.Resource)
			for _, g := range f.Groups {
				p.checkTypes(g.Value, []string{"name", "interval", "query_offset", "partial_response_strategy"})
				for _, r := range g.Rules {
					p.rule = r
					p.checkTypes(r.Value, []string{"alert", "record", "for", "keep_firing_for"})
					p.checkExprType(r.Value.Get("expr"))
				}
				p.rule = nil
			}
			if size := sizeOf(f.Resource.Get("spec")); size > maxRuleFile {
				p.Report(f.Resource.Pos, "split it", "the rules are larger than the %d KiB that fit into a ConfigMap", maxRuleFile>>10)
			}
		})
	},
}

// ruleAPI is the version that the operator serves.
const ruleAPI = "monitoring.coreos.com/v1"

// maxRuleFile is how many bytes the operator puts into a ConfigMap: half of
// what Kubernetes takes (pkg/operator/rules.go, maxConfigMapDataSize).
const maxRuleFile = 512 << 10

func (p *Pass) checkVersion(resource *spec.Value) {
	switch v := resource.Get("apiVersion"); {
	case v == nil:
		p.Report(resource.Pos, "add apiVersion: "+ruleAPI, "a PrometheusRule has an apiVersion")
	case v.Text != ruleAPI:
		p.Report(v.Pos, "write "+ruleAPI, "there is no PrometheusRule of %q", v.Text)
	}
}

func (p *Pass) checkMetadata(resource *spec.Value) {
	metadata := resource.Get("metadata")
	name := metadata.Get("name")
	if name == nil && metadata.Get("generateName") == nil {
		at := resource.Pos
		if metadata != nil {
			at = metadata.Pos
		}
		p.Report(at, "add metadata: {name: ...}", "a PrometheusRule has a name")
	}
	p.checkName(name, "a resource's name", validation.IsDNS1123Subdomain)
	p.checkName(metadata.Get("namespace"), "a namespace", validation.IsDNS1123Label)
	if labels := metadata.Get("labels"); labels != nil {
		for _, f := range labels.Fields {
			p.checkName(f.Key, "a label's name", validation.IsQualifiedName)
			p.checkName(f.Value, "a label's value", validation.IsValidLabelValue)
		}
	}
	if annotations := metadata.Get("annotations"); annotations != nil {
		for _, f := range annotations.Fields {
			p.checkName(f.Key, "an annotation's name", func(text string) []string { return validation.IsQualifiedName(strings.ToLower(text)) })
			p.checkText(f.Value, "an annotation's value")
		}
	}
}

// checkName reports what is not named as Kubernetes wants it; v may be missing.
func (p *Pass) checkName(v *spec.Value, what string, complaints func(string) []string) {
	if v == nil || !p.checkText(v, what) {
		return
	}
	if all := complaints(v.Text); len(all) > 0 {
		first, _, _ := strings.Cut(all[0], " (e.g.")
		p.Report(v.Pos, "rename it", "%q is not %s: %s", v.Text, what, first)
	}
}

// checkText reports a scalar that YAML reads as something other than a text.
func (p *Pass) checkText(v *spec.Value, what string) bool {
	if v.Kind == spec.Number || v.Kind == spec.Bool {
		p.Report(v.Pos, "quote it", "%s is a text, and %s is %s", what, v.Text, v.Kind)
		return false
	}
	return v.Kind == spec.String
}

// checkTypes reports what should be texts in a group or a rule.
func (p *Pass) checkTypes(v *spec.Value, keys []string) {
	for _, key := range keys {
		if text := v.Get(key); text != nil {
			p.checkText(text, key)
		}
	}
	for _, key := range []string{"labels", "annotations"} {
		if of := v.Get(key); of != nil {
			for _, f := range of.Fields {
				p.checkText(f.Value, f.Key.Text)
			}
		}
	}
}

// checkExprType reports an expression that is neither a text nor a whole number.
func (p *Pass) checkExprType(v *spec.Value) {
	if v != nil && (v.Kind == spec.Bool || v.Kind == spec.Number && strings.Trim(v.Text, "+-0123456789") != "") {
		p.checkText(v, "expr")
	}
}

// sizeOf is how many bytes the texts of a value take at least.
func sizeOf(v *spec.Value) int {
	if v == nil {
		return 0
	}
	size := len(v.Text)
	for _, item := range v.Items {
		size += sizeOf(item)
	}
	for _, f := range v.Fields {
		size += sizeOf(f.Key) + sizeOf(f.Value)
	}
	return size
}
