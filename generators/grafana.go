package generators

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"slowburn/dashboards"
	"slowburn/internal/diag"
)

// sidecarLabel is by which Grafana's sidecar finds dashboards in a cluster, as
// Grafana's Helm charts and kube-prometheus-stack set it up.
const sidecarLabel = "grafana_dashboard"

// configMap is a resource that holds files.
type configMap struct {
	APIVersion string            `yaml:"apiVersion"`
	Kind       string            `yaml:"kind"`
	Metadata   metadata          `yaml:"metadata"`
	Data       map[string]string `yaml:"data"`
}

// artifact prints the resource, which a chart has in a family.
func (c configMap) artifact(at diag.Pos, f *family) Artifact {
	return Artifact{
		Path: "kubernetes/" + c.Metadata.Name + ".configmap.yaml", Bytes: printYAML(c), Pos: at,
		resource: &resource{kind: c.Kind, metadata: c.Metadata, family: f},
	}
}

// Grafana prints dashboards as Grafana loads them: files for its provisioning.
func Grafana(all []dashboards.Dashboard) []Artifact {
	var artifacts []Artifact
	for _, d := range all {
		artifacts = append(artifacts, Artifact{Path: "grafana/" + d.Name + ".json", Bytes: printDashboard(d), Pos: d.Pos, Listed: listDashboard(d)})
	}
	return artifacts
}

// GrafanaConfigMap prints a dashboard as a resource that Grafana's sidecar loads.
func GrafanaConfigMap(d dashboards.Dashboard, k KubernetesSpec) []Artifact {
	if k.Enabled != nil && !*k.Enabled {
		return nil
	}
	labels := map[string]string{sidecarLabel: "1"}
	maps.Copy(labels, k.Labels)
	name := "grafana-" + d.Name
	whole := configMap{
		APIVersion: "v1", Kind: "ConfigMap",
		Metadata: metadata{Name: name, Namespace: k.Namespace.Text, Labels: labels},
		Data:     map[string]string{d.Name + ".json": string(printDashboard(d))},
	}
	return []Artifact{whole.artifact(d.Pos, dashboardsFamily)}
}

// printDashboard prints a dashboard as Grafana exports one.
func printDashboard(d dashboards.Dashboard) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // queries have < and > in them
	enc.SetIndent("", "  ")
	if err := enc.Encode(d.Model); err != nil {
		panic(fmt.Sprintf("generators: dashboard %s does not encode: %v", d.Name, err)) // Grafana's own types always do
	}
	return b.Bytes()
}
