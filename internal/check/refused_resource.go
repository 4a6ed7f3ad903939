package check

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"slowburn/internal/crd"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var refusedResource = &Check{
	Kind: diag.Kind{Name: "refused-resource", Severity: diag.Error, Doc: `Kubernetes refuses a custom resource.

PrometheusRules, AlertmanagerConfigs, ServiceMonitors, PodMonitors, Probes, ScrapeConfigs, Prometheuses, PrometheusAgents,
Alertmanagers, ThanosRulers and KEDA's ScaledObjects are held against what their operators define, as the API server does it
that is told to be strict: no unknown key, none missing, values of the right type and form, rules in CEL. A number or a truth value where
a text belongs must be quoted, also for: 0 and the values of labels and annotations; the expr of a rule may be a whole
number. Names of resources are lower case letters, digits, dashes and dots; labels have a syntax of their own. The operator
puts each PrometheusRule into a ConfigMap as one file and cannot where that is larger than 512 KiB.

So is what an operator refuses later, when nobody looks: a relabeling that Prometheus would not load, two ways to log in, a
timeout longer than the interval, a trigger of KEDA without an address, a threshold that is no number or a query that does not
parse, two triggers of one name, two ScaledObjects of one workload.`},
	Bad: `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: API_metrics
spec:
  selector: {matchLabels: {app: api}}
  endpoints:
    - port: metrics
      scrapeInterval: 30s
`,
	Good: `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: api-metrics
spec:
  selector: {matchLabels: {app: api}}
  endpoints:
    - port: metrics
      interval: 30s
`,
	Resources: func(p *ResourcesPass) {
		for _, r := range p.Resources {
			p.checkVersion(r)
			p.checkMetadata(r)
			for _, c := range r.Complaints() {
				p.Report(c.Pos, c.Scope, c.Help, "%s", c.Message)
			}
			if refuse := refusals[r.Kind]; refuse != nil {
				refuse(p, r)
			}
			if r.Kind == "PrometheusRule" && sizeOf(r.Value.Get("spec")) > maxRuleFile {
				p.about(r.Value.Pos, "split it", "the rules are larger than the %d KiB that fit into a ConfigMap", maxRuleFile>>10)
			}
		}
		p.refuseSharedTargets()
	},
}

// refusals report what operators refuse, although their definitions allow it,
// by the kind of resource.
var refusals = map[string]func(*ResourcesPass, *crd.Resource){
	"PodMonitor":     refuseMonitor,
	"ScaledObject":   refuseScaledObject,
	"ServiceMonitor": refuseMonitor,
}

// maxRuleFile is how many bytes the operator puts into a ConfigMap: half of
// what Kubernetes takes (pkg/operator/rules.go, maxConfigMapDataSize).
const maxRuleFile = 512 << 10

// about reports what is no item of a list.
func (p *ResourcesPass) about(at diag.Pos, help, format string, args ...any) {
	scope := at
	scope.Col++ // not the keys beside it
	p.Report(at, scope, help, format, args...)
}

// convertedConfig is served where the operator's webhook converts versions,
// which its plain definitions leave out.
const convertedConfig = "monitoring.coreos.com/v1beta1"

func (p *ResourcesPass) checkVersion(r *crd.Resource) {
	versions := r.APIVersions()
	switch v := r.Value.Get("apiVersion"); {
	case v == nil:
		p.about(r.Value.Pos, "add apiVersion: "+versions[0], "%s has an apiVersion", r.Named())
	case v.Text == convertedConfig && r.Kind == "AlertmanagerConfig":
	case !r.HasVersion():
		p.about(v.Pos, "write "+strings.Join(versions, " or "), "there is no %s of %q", r.Kind, v.Text)
	}
}

func (p *ResourcesPass) checkMetadata(r *crd.Resource) {
	metadata := r.Value.Get("metadata")
	name := metadata.Get("name")
	if name == nil && metadata.Get("generateName") == nil {
		at := r.Value.Pos
		if metadata != nil {
			at = metadata.Pos
		}
		p.about(at, "add metadata: {name: ...}", "%s has a name", r.Named())
	}
	p.checkName(name, "a resource's name", validation.IsDNS1123Subdomain)
	p.checkName(metadata.Get("namespace"), "a namespace", validation.IsDNS1123Label)
	if labels := metadata.Get("labels"); labels != nil {
		for _, f := range labels.Fields() {
			p.checkName(f.Key, "a label's name", validation.IsQualifiedName)
			p.checkName(f.Value, "a label's value", validation.IsValidLabelValue)
		}
	}
	if annotations := metadata.Get("annotations"); annotations != nil {
		for _, f := range annotations.Fields() {
			p.checkName(f.Key, "an annotation's name", func(text string) []string { return validation.IsQualifiedName(strings.ToLower(text)) })
			p.checkText(f.Value, "an annotation's value")
		}
	}
}

// checkName reports what is not named as Kubernetes wants it; v may be missing.
func (p *ResourcesPass) checkName(v *spec.Value, what string, complaints func(string) []string) {
	if v == nil || !p.checkText(v, what) {
		return
	}
	if all := complaints(v.Text); len(all) > 0 {
		first, _, _ := strings.Cut(all[0], " (e.g.")
		p.about(v.Pos, "rename it", "%q is not %s: %s", v.Text, what, first)
	}
}

// checkText reports a scalar that YAML reads as something other than a text.
func (p *ResourcesPass) checkText(v *spec.Value, what string) bool {
	if v.Kind == spec.Number || v.Kind == spec.Bool {
		p.about(v.Pos, "quote it", "%s is a text, and %s is %s", what, v.Text, v.Kind)
		return false
	}
	return v.Kind == spec.String
}

// sizeOf is how many bytes the texts of a value take at least.
func sizeOf(v *spec.Value) int {
	if v == nil {
		return 0
	}
	size := len(v.Text)
	for _, item := range v.Items() {
		size += sizeOf(item)
	}
	for _, f := range v.Fields() {
		size += sizeOf(f.Key) + sizeOf(f.Value)
	}
	return size
}
