package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"slowburn/internal/crd"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
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
// the Prometheus operator installs. It says nothing of routes below the first,
// which are any JSON there; they are held against that of the first.
func TestAlertmanagerConfig(t *testing.T) {
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
		b := compile(&build{unit: u, envs: c.envs, report: &report})
		if report.HasErrors() {
			t.Fatalf("%s: %v", name, report.Findings())
		}
		found := 0
		for _, a := range b.artifacts {
			if strings.HasPrefix(a.Path, "kubernetes/") && strings.HasSuffix(a.Path, ".alertmanagerconfig.yaml") {
				found += validRoutes(t, a.Bytes)
			}
		}
		if found < 2 {
			t.Errorf("%s: %d routes", name, found)
		}
	}
}

// validRoutes holds a resource against its definition once for each route, with
// that in place of the first, and returns how many there are.
func validRoutes(t *testing.T, text []byte) int {
	t.Helper()
	var doc map[string]any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	within := doc["spec"].(map[string]any)
	n := 0
	for routes := []any{within["route"]}; len(routes) > 0; n++ {
		route := routes[0].(map[string]any)
		children, _ := route["routes"].([]any)
		routes = append(routes[1:], children...)
		within["route"] = route
		text, err := yaml.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, complaint := range complaints(t, text) {
			t.Errorf("%s: %s\n%s", complaint.Pos, complaint.Message, text)
		}
	}
	within["routes"] = within["route"]
	if text, err := yaml.Marshal(doc); err != nil || len(complaints(t, text)) == 0 {
		t.Error("a resource with an unknown key passes")
	}
	return n
}

func complaints(t *testing.T, text []byte) []crd.Complaint {
	t.Helper()
	src := &diag.Source{Name: "a.yaml", Text: text}
	var r diag.Report
	var all []crd.Complaint
	for _, doc := range spec.ReadYAML(src, &r) {
		for _, resource := range crd.Resources(src, doc) {
			all = append(all, resource.Complaints()...)
		}
	}
	if r.Len() > 0 {
		t.Fatal(r.Findings())
	}
	return all
}
