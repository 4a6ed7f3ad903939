package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"

	"slowburn/internal/diag"
)

// everyWay is a routing that tells in every way there is, by Kubernetes secrets,
// in all hours that a spec can name.
const everyWay = `apiVersion: slowburn/v1
kind: Routing
name: every
labels: {severity: [page, ticket], team: [web]}
mail: {host: "smtp.example.com:587", from: alerts@example.com, user: a, passwordSecret: {name: s, key: k}}
receivers:
  - name: all
    slack: {channel: "#a", urlSecret: {name: s, key: k}}
    pagerduty: {routingKeySecret: {name: s, key: k}}
    opsgenie: {apiKeySecret: {name: s, key: k}, priority: P1}
    email: {to: a@example.com}
    msteams: {urlSecret: {name: s, key: k}}
    webhook: {urlSecret: {name: s, key: k}}
teams: [{name: web, receivers: [{name: chat, slack: {channel: "#web", urlSecret: {name: s, key: k}}}]}]
teamLabel: team
intervals:
  - {name: office, location: UTC, times: [09:00-17:00, 22:00-24:00], weekdays: [monday-friday, sunday], days: [1--1, 3], months: [january-june, december], years: [2026-2030]}
routes:
  - {match: {severity: page}, to: [all, team/chat], active: [office], groupWait: 0s}
  - {match: {severity: [page, ticket]}, to: all, mute: [office], groupBy: [team], repeatInterval: 1d, continue: true}
default: all
watchdog: {to: all}
inhibit: [{when: {severity: page}, mute: {severity: ticket}, same: [team]}]
kubernetes: {enabled: true, namespace: monitoring, labels: {release: prometheus}, namespaceMatcher: false}
`

// TestAlertmanagerConfig holds AlertmanagerConfigs against the definition that
// the Prometheus operator installs: no unknown key, no value of another form. It
// says nothing of routes below the first, which are any JSON there; they are
// held against that of the first.
func TestAlertmanagerConfig(t *testing.T) {
	crds := os.Getenv("CRDS")
	if crds == "" {
		t.Skip("CRDS names no folder")
	}
	resource, route := alertmanagerConfigSchemas(t, filepath.Join(crds, "monitoring.coreos.com_alertmanagerconfigs.yaml"))
	dataflow, err := os.ReadFile(filepath.Join("..", "..", "specs", "dataflow", "routing.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		envs []string
	}{"every way": {everyWay, nil}, "dataflow": {string(dataflow), []string{"gke"}}} {
		var report diag.Report
		u := &unit{dir: ".", files: []file{{name: "routing.yaml", source: &diag.Source{Name: "routing.yaml", Text: []byte(c.text)}}}}
		b := compile(u, c.envs, nil, &report)
		if report.HasErrors() {
			t.Fatalf("%s: %v", name, report.Findings())
		}
		found := false
		for _, a := range b.artifacts {
			if !strings.HasPrefix(a.Path, "kubernetes/") || !strings.HasSuffix(a.Path, ".alertmanagerconfig.yaml") {
				continue
			}
			found = true
			var doc map[string]any
			if err := yaml.Unmarshal(a.Bytes, &doc); err != nil {
				t.Fatal(err)
			}
			if err := resource.Validate(doc); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			validateRoutes(t, route, doc["spec"].(map[string]any)["route"].(map[string]any))
		}
		if !found {
			t.Errorf("%s: there is no AlertmanagerConfig", name)
		}
	}
	wrong := map[string]any{"apiVersion": "monitoring.coreos.com/v1alpha1", "kind": "AlertmanagerConfig", "metadata": map[string]any{}, "spec": map[string]any{"routes": nil}}
	if err := resource.Validate(wrong); err == nil {
		t.Error("a resource with an unknown key passes")
	}
}

func validateRoutes(t *testing.T, schema *jsonschema.Schema, route map[string]any) {
	t.Helper()
	children, _ := route["routes"].([]any)
	for _, child := range children {
		if err := schema.Validate(child); err != nil {
			t.Errorf("a route below the first: %v", err)
		}
		validateRoutes(t, schema, child.(map[string]any))
	}
}

// alertmanagerConfigSchemas are the schemas of the resource and of its first
// route. Kubernetes drops keys that it does not know: here they are refused.
func alertmanagerConfigSchemas(t *testing.T, name string) (resource, route *jsonschema.Schema) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var definition struct {
		Spec struct {
			Versions []struct {
				Name   string
				Schema struct {
					Schema map[string]any `json:"openAPIV3Schema"`
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &definition); err != nil {
		t.Fatal(err)
	}
	schema := definition.Spec.Versions[0].Schema.Schema
	closeObjects(schema)
	schema["properties"].(map[string]any)["metadata"] = map[string]any{"type": "object"}
	compiler := jsonschema.NewCompiler()
	asJSON, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("crd.json", doc); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("crd.json"), compiler.MustCompile("crd.json#/properties/spec/properties/route")
}

// closeObjects lets objects with properties have no others, and drops formats,
// which mean something else to Kubernetes.
func closeObjects(node any) {
	switch node := node.(type) {
	case map[string]any:
		if _, ok := node["properties"]; ok && node["x-kubernetes-preserve-unknown-fields"] == nil && node["type"] == "object" {
			node["additionalProperties"] = false
		}
		if _, ok := node["format"].(string); ok {
			delete(node, "format")
		}
		for _, child := range node {
			closeObjects(child)
		}
	case []any:
		for _, child := range node {
			closeObjects(child)
		}
	}
}
