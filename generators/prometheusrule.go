package generators

import "slowburn/alerts"

// prometheusRule is the operator's resource for rules.
type prometheusRule struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
	Spec       ruleFile `yaml:"spec"`
}

type metadata struct {
	Name      string            `yaml:"name"`
	Namespace string            `yaml:"namespace,omitempty"`
	Labels    map[string]string `yaml:"labels,omitempty"`
}

// PrometheusRules prints a service's rules as resources of the Prometheus
// operator: the same groups as Rules has.
func PrometheusRules(s *alerts.Service, k KubernetesSpec) []Artifact {
	if k.Enabled != nil && !*k.Enabled {
		return nil
	}
	var artifacts []Artifact
	for _, f := range ruleFiles(s) {
		artifacts = append(artifacts, f.resource(k))
	}
	return artifacts
}

// resource prints rules as a resource of the operator.
func (f ruleFile) resource(k KubernetesSpec) Artifact {
	whole := prometheusRule{
		APIVersion: "monitoring.coreos.com/v1",
		Kind:       "PrometheusRule",
		Metadata:   metadata{Name: f.name, Namespace: k.Namespace.Text, Labels: labelMap(k.Labels)},
		Spec:       f,
	}
	return Artifact{
		Path: "kubernetes/" + f.name + ".prometheusrule.yaml", Bytes: printYAML(whole), Pos: f.origins[0][0].Pos, Origins: f.origins,
		resource: &resource{whole.Kind, whole.Metadata, prometheusRuleFamily, f.cut, f.shown(), f.switches()},
	}
}
