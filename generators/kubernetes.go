package generators

import (
	"maps"

	"github.com/blang/semver/v4"
	"github.com/invopop/jsonschema"
	"k8s.io/apimachinery/pkg/util/validation"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// KubernetesSpec sets the metadata of generated resources.
type KubernetesSpec struct {
	// Enabled can switch the resources off, where nothing runs on Kubernetes.
	Enabled *bool `json:"enabled,omitempty"`
	// Namespace of the resources. Default: of a routing's, that of all services if they have the same; else none, so that it
	// is chosen when they are applied.
	Namespace spec.Name `json:"namespace,omitempty"`
	// Labels of the resources: those that the Prometheus operator selects rules by. Default: of a routing's, those of all
	// services if they have the same.
	Labels ResourceLabels `json:"labels,omitempty"`
	// Chart sets the Helm chart of the system. Where several specs do, the routing's is taken, or that of the first service.
	Chart ChartSpec `json:"chart,omitempty"`
}

// Beside is what holds for the resources of a routing that says k, beside those
// of services: its own words, and otherwise what all services say alike. An
// operator that selects by namespace or label has to find the routing, too.
func (k KubernetesSpec) Beside(services []KubernetesSpec) KubernetesSpec {
	if len(services) == 0 {
		return k
	}
	namespace, labels := services[0].Namespace, services[0].Labels
	for _, s := range services[1:] {
		if s.Namespace.Text != namespace.Text {
			namespace = spec.Name{}
		}
		if !maps.Equal(s.Labels, labels) {
			labels = nil
		}
	}
	if k.Namespace.Text == "" {
		k.Namespace = namespace
	}
	if k.Labels == nil {
		k.Labels = labels
	}
	return k
}

// ChartSpec sets the Helm chart of a system.
type ChartSpec struct {
	// Version of the chart, as Helm takes it: 1.4.2. Default: 1.0.0.
	Version ChartVersion `json:"version,omitempty"`
}

// ChartVersion is a semantic version.
type ChartVersion struct{ spec.Text }

// DecodeSpec implements spec.Decoder.
func (c *ChartVersion) DecodeSpec(v *spec.Value, r *diag.Report) {
	c.Text.DecodeSpec(v, r)
	if c.IsUnreadable() {
		return
	}
	if _, err := semver.Parse(c.Text.Text); err != nil {
		r.Add(spec.BadValue, v.Pos, "write three numbers: 1.4.2, or 1.4.2-rc.1", "%q is no version of a chart", c.Text.Text)
		c.Text = spec.Text{}
	}
}

// JSONSchema describes versions to editors.
func (ChartVersion) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]+\.[0-9]+\.[0-9]+([-+][-+.0-9A-Za-z]+)?$`}
}

// UnreachedNamespace is a resource that reaches nothing where it is put.
var UnreachedNamespace = &diag.Kind{Name: "unreached-namespace", Severity: diag.Warning, Doc: `A resource is put into a namespace that may not be that of what it is about.

KEDA scales what is in the namespace of the ScaledObject, and a ServiceMonitor finds the Services of its own namespace unless it
names others. The namespace of kubernetes is that of all resources: rules and dashboards are at home beside Prometheus, these
two beside the service. Say where that is, even if it is the same: namespace of the autoscaler, namespaces of the serviceMonitor.`}

// ResourceLabels are labels as Kubernetes has them, whose names may have a
// prefix: app.kubernetes.io/part-of.
type ResourceLabels map[string]string

// DecodeSpec implements spec.Decoder.
func (ls *ResourceLabels) DecodeSpec(v *spec.Value, r *diag.Report) {
	if v.Kind != spec.Map {
		spec.Decode(v, new(map[spec.Text]spec.Text), r) // which tells
		return
	}
	*ls = ResourceLabels{}
	for _, f := range v.Fields() {
		var name, value spec.Text
		name.DecodeSpec(f.Key, r)
		value.DecodeSpec(f.Value, r)
		ls.add(name, value, r)
	}
}

func (ls *ResourceLabels) add(name, value spec.Text, r *diag.Report) {
	if name.IsUnreadable() || value.IsUnreadable() {
		return
	}
	if complaints := validation.IsQualifiedName(name.Text); len(complaints) > 0 {
		r.Add(spec.BadValue, name.Pos(), "use letters, digits, dashes, dots and underscores, 63 at most, behind a domain and a slash or alone", "%q is not the name of a label in Kubernetes", name.Text)
		return
	}
	if complaints := validation.IsValidLabelValue(value.Text); len(complaints) > 0 {
		r.Add(spec.BadValue, value.Pos(), "use letters, digits, dashes, dots and underscores, 63 at most, with a letter or digit at both ends", "%q is not the value of a label in Kubernetes", value.Text)
		return
	}
	(*ls)[name.Text] = value.Text
}

// JSONSchema describes labels of resources to editors.
func (ResourceLabels) JSONSchema() *jsonschema.Schema {
	text := func(pattern string) *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: pattern} }
	return &jsonschema.Schema{
		Type: "object", PropertyNames: text(`^([a-z0-9][-.a-z0-9]*/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$`),
		AdditionalProperties: text(`^([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$`),
	}
}
