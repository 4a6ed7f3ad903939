package generators

import "slowburn/alerts"

// secret is a resource that holds what the Prometheus operator reads from one.
type secret struct {
	APIVersion string            `yaml:"apiVersion"`
	Kind       string            `yaml:"kind"`
	Metadata   metadata          `yaml:"metadata"`
	StringData map[string]string `yaml:"stringData"`
}

// AlertmanagerSecret prints alertmanager.yaml as the resource that an
// Alertmanager of the operator reads its whole configuration from (its
// configSecret), where a routing has no AlertmanagerConfig because receivers
// have their secrets in files. It names those files and holds none of them:
// the Alertmanager resource mounts them (its secrets).
func AlertmanagerSecret(routing *alerts.Routing, k RoutingKubernetesSpec) []Artifact {
	if k.Enabled != nil || len(unreferenced(routing)) == 0 {
		return nil
	}
	name := "alertmanager-" + routing.Name
	whole := secret{
		APIVersion: "v1", Kind: "Secret",
		Metadata:   metadata{Name: name, Namespace: k.Namespace.Text, Labels: k.Labels},
		StringData: map[string]string{"alertmanager.yaml": string(Alertmanager(routing).Bytes)},
	}
	return []Artifact{{
		Path: "kubernetes/" + name + ".secret.yaml", Bytes: printYAML(whole), Pos: routing.Pos,
		resource: &resource{kind: whole.Kind, metadata: whole.Metadata, family: alertmanagerFamily},
	}}
}
