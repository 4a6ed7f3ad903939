package crd

import (
	"slices"
	"strings"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// TestDefinitions holds that everything that is embedded can be read, and which
// kinds that are.
func TestDefinitions(t *testing.T) {
	want := []string{"Alertmanager", "AlertmanagerConfig", "PodMonitor", "Probe", "Prometheus", "PrometheusAgent", "PrometheusRule", "ScaledObject", "ScrapeConfig", "ServiceMonitor", "ThanosRuler"}
	if got := Kinds(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for kind, d := range definitions() {
		versions, err := d.read()
		if err != nil || len(versions) == 0 {
			t.Errorf("%s: %d versions, %v", kind, len(versions), err)
		}
	}
}

// TestPlaces holds where complaints stand: keys may have dots in them.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"spec: {selector: {matchLabels: {a.b/c.d: 1}}, endpoints: []}", "a.yaml:4:42: a.b/c.d takes a text, and 1 is a number"},
		{"spec: {selector: {matchLabels: {a: x, a.b: 1, a.b.c: x}}, endpoints: []}", "a.yaml:4:44: a.b takes a text, and 1 is a number"},
		{"spec: {selector: {}, endpoints: [{}, {params: {a: [x, 5]}}]}", "a.yaml:4:55: a[1] takes a text, and 5 is a number"},
		{"spec: {selector: {matchExpressions: [{key: a}]}, endpoints: []}", "a.yaml:4:38: spec.selector.matchExpressions[0] lacks operator"},
		{"spec: {selector: {}, endpoints: {}}", "a.yaml:4:33: endpoints takes a list, not a map"},
		{"spec: 5", "a.yaml:4:7: spec takes a map, not 5"},
		{"spec: {selector: {}, endpoints: [], attachMetadata: null}", ""},
		{"spec: {selector: {matchLabels: null}, endpoints: [{params: {a: null}}]}", ""},
	} {
		if got := complaints(t, "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a}\n"+c.text+"\n"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

// TestRules holds that rules in CEL are evaluated, where types are right.
func TestRules(t *testing.T) {
	const header = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: a}\n"
	for _, c := range []struct{ text, want string }{
		{"spec: {updateStrategy: {type: OnDelete, rollingUpdate: {maxUnavailable: 1}}}", "a.yaml:4:56: spec.updateStrategy: rollingUpdate requires type to be RollingUpdate"},
		{"spec: {updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}}", ""},
		{"spec: {updateStrategy: {type: OnDelete, rollingUpdate: {maxUnavailable: {}}}}", "a.yaml:4:73: maxUnavailable takes a text, not a map"},
	} {
		if got := complaints(t, header+c.text+"\n"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

// TestGuiltyParts holds that what is wrong with a part of something is told at the part.
func TestGuiltyParts(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec: {groups: [{name: g}, {interval: 1m, name: g}]}", `a.yaml:4:49: "g" is there twice`},
		{"apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: a}\nspec: {enableFeatures: [x, y, x]}", `a.yaml:4:31: "x" is there twice`},
		{"apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {scaleTargetRef: {name: a}, minReplicaCount: 10, maxReplicaCount: 5, triggers: [{type: cpu, metadata: {}}]}", "a.yaml:4:52: spec: minReplicaCount must be less than or equal to maxReplicaCount"},
	} {
		if got := complaints(t, c.text+"\n"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

// complaints are those about the only resource in a text.
func complaints(t *testing.T, text string) string {
	t.Helper()
	src := &diag.Source{Name: "a.yaml", Text: []byte(text)}
	var r diag.Report
	docs := spec.ReadYAML(src, &r)
	if r.Len() > 0 || len(docs) != 1 {
		t.Fatalf("%s: %v", text, r.Findings())
	}
	var all []string
	for _, complaint := range Resources(src, docs[0])[0].Complaints() {
		all = append(all, complaint.Pos.String()+": "+complaint.Message)
	}
	return strings.Join(all, "\n")
}

// FuzzComplaints holds that nothing that YAML can say makes the API server's
// library or the search for places panic.
func FuzzComplaints(f *testing.F) {
	f.Add("spec: {selector: {matchLabels: {a.b: 1}}, endpoints: [{port: 5}, null, [x]]}")
	f.Add("spec: {triggers: [{type: 1e400, metadata: {a: .inf}}], scaleTargetRef: 0x10}")
	f.Add("spec: {groups: [{name: a}, {name: a}], ? [a] : b}")
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range Kinds() {
			d := definitions()[kind]
			src := &diag.Source{Name: "a.yaml", Text: []byte("apiVersion: " + d.apiVersions()[0] + "\nkind: " + kind + "\n" + text)}
			for _, doc := range spec.ReadYAML(src, new(diag.Report)) {
				for _, r := range Resources(src, doc) {
					for _, c := range r.Complaints() {
						if c.Pos.Line == 0 || c.Message == "" {
							t.Errorf("%+v", c)
						}
					}
				}
			}
		}
	})
}
