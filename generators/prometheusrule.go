package generators

import "slices"

// prometheusRule is what the operator's resource for rules begins with.
type prometheusRule struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
}

type metadata struct {
	Name      string            `yaml:"name"`
	Namespace string            `yaml:"namespace,omitempty"`
	Labels    map[string]string `yaml:"labels,omitempty"`
}

// wholeRule is the resource as the encoder prints it.
type wholeRule struct {
	prometheusRule `yaml:",inline"`
	Spec           ruleFile `yaml:"spec"`
}

// PrometheusRules are a service's rules as resources of the Prometheus
// operator: the same groups as Rules has.
func (r *RuleFiles) PrometheusRules(k KubernetesSpec) []Artifact {
	if k.Enabled != nil && !*k.Enabled {
		return nil
	}
	var artifacts []Artifact
	for _, f := range r.files {
		artifacts = append(artifacts, f.resource(k))
	}
	return artifacts
}

// resource prints rules as a resource of the operator.
func (f ruleFile) resource(k KubernetesSpec) Artifact {
	head := prometheusRule{
		APIVersion: "monitoring.coreos.com/v1",
		Kind:       "PrometheusRule",
		Metadata:   metadata{Name: f.name, Namespace: k.Namespace.Text, Labels: k.Labels},
	}
	var text []byte
	if f.body == nil {
		text = printYAML(wholeRule{head, f})
	} else {
		text = slices.Concat(printYAML(head), []byte("spec:\n"), indented(f.body, 2))
	}
	return Artifact{
		Path: "kubernetes/" + f.name + ".prometheusrule.yaml", Bytes: text, Pos: f.origins[0][0].Pos, Origins: f.origins,
		resource: &resource{kind: head.Kind, metadata: head.Metadata, family: prometheusRuleFamily, cut: f.cut, shown: f.shown(), switches: f.switches()},
	}
}
