package generators

import "path"

// RunbooksConfigMap prints the runbooks of a system as a resource, for whatever
// shows them in a cluster.
func RunbooksConfigMap(system string, pages []Artifact, k KubernetesSpec) []Artifact {
	if k.Enabled != nil && !*k.Enabled || len(pages) == 0 {
		return nil
	}
	whole := configMap{
		APIVersion: "v1", Kind: "ConfigMap",
		Metadata: metadata{Name: system + "-runbooks", Namespace: k.Namespace.Text, Labels: k.Labels},
		Data:     map[string]string{},
	}
	for _, p := range pages {
		whole.Data[path.Base(p.Path)] = string(p.Bytes)
	}
	return []Artifact{whole.artifact(pages[0].Pos, runbooksFamily)}
}
