package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// rule is a PrometheusRule of one alert.
func rule(expr, severity string) object {
	var o object
	if err := yaml.Unmarshal([]byte(`{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, metadata: {name: a},
spec: {groups: [{name: a, rules: [{alert: A, expr: "`+expr+`", labels: {severity: `+severity+`}}]}]}}`), &o); err != nil {
		panic(err)
	}
	return o
}

// verdicts are resources that differ in one thing from such as the API server
// accepts, or in nothing.
var verdicts = []struct{ name, text string }{
	{"rule", "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{record: a, expr: 1}]}]}"},
	{"bad PromQL", "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{record: a, expr: sum(}]}]}"},
	{"bad duration", "kind: PrometheusRule\nspec: {groups: [{name: a, interval: 30 s, rules: [{record: a, expr: 1}]}]}"},
	{"number for a text", "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{alert: a, expr: up == 0, for: 0}]}]}"},
	{"fraction for an expression", "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{record: a, expr: 0.5}]}]}"},
	{"nothing for a text", "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{alert: a, expr: up == 0, for: null}]}]}"},
	{"nothing for a label", "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{alert: a, expr: up == 0, labels: {a: null}}]}]}"},
	{"group twice", "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{record: a, expr: 1}]}, {name: a, rules: [{record: b, expr: 1}]}]}"},
	{"unknown key", "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{record: a, exp: 1, expr: 1}]}]}"},
	{"monitor", "kind: ServiceMonitor\nspec: {selector: {}, endpoints: [{port: a}]}"},
	{"no selector", "kind: ServiceMonitor\nspec: {endpoints: [{port: a}]}"},
	{"nothing for a map", "kind: ServiceMonitor\nspec: {selector: {matchLabels: null}, endpoints: [{port: a, params: null}]}"},
	{"nothing for a list in a map", "kind: ServiceMonitor\nspec: {selector: {}, endpoints: [{port: a, params: {b: null}}]}"},
	{"nothing for an item", "kind: ServiceMonitor\nspec: {selector: {}, endpoints: [null]}"},
	{"number or text", "kind: ServiceMonitor\nspec: {selector: {}, endpoints: [{targetPort: 80}, {targetPort: web}]}"},
	{"list for a number or text", "kind: ServiceMonitor\nspec: {selector: {}, endpoints: [{targetPort: [80]}]}"},
	{"none of a list", "kind: ServiceMonitor\nspec: {selector: {}, endpoints: [{port: a, scheme: ftp}]}"},
	{"too small", "kind: ServiceMonitor\nspec: {selector: {}, endpoints: [], targetLimit: -1}"},
	{"empty text", "kind: ServiceMonitor\nspec: {selector: {}, endpoints: [{port: ''}], scrapeClass: ''}"},
	{"rule in CEL", "kind: Prometheus\nspec: {updateStrategy: {type: OnDelete, rollingUpdate: {maxUnavailable: 1}}}"},
	{"rule in CEL, kept", "kind: Prometheus\nspec: {updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}}"},
	{"defaults", "kind: Prometheus\nspec: {}"},
	{"unknown metadata", "kind: Probe\nmetadata: {name: a, label: {a: b}}\nspec: {prober: {url: a}}"},
	{"label's value", "kind: Probe\nmetadata: {name: a, labels: {a: b c}}\nspec: {prober: {url: a}}"},
	{"name", "kind: Probe\nmetadata: {name: A_b}\nspec: {prober: {url: a}}"},
	{"unknown version", "apiVersion: monitoring.coreos.com/v1beta9\nkind: Probe\nspec: {}"},
	{"scaled", "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {scaleTargetRef: {name: a}, triggers: [{type: cpu, metadata: {value: '5'}}]}"},
	{"more than the most", "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {minReplicaCount: 5, maxReplicaCount: 2, scaleTargetRef: {name: a}, triggers: [{type: cpu, metadata: {}}]}"},
	{"no target", "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {scaleTargetRef: {}, triggers: [{type: cpu, metadata: {}}]}"},
	{"config", "apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nspec: {route: {receiver: a}, receivers: [{name: a}]}"},
	{"config with a number", "apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nspec: {route: {receiver: a, groupWait: 30}, receivers: [{name: a}]}"},
}

// refusedLater has what a cluster accepts, and the operator then leaves out.
const refusedLater = "monitors.yaml"

// fixtures are resources that tests of slowburn have a verdict on.
func fixtures(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root, "internal", "check", "testdata", "refused-resource", "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatal("there are no fixtures", err)
	}
	return append(names, filepath.Join(root, "internal", "amconfig", "testdata", "receivers.yaml"))
}

// TestVerdicts holds that slowburn check refuses what a cluster refuses, and
// nothing else but what operators refuse later.
func TestVerdicts(t *testing.T) {
	a := startCluster(t)
	dir := t.TempDir()
	all := verdicts
	for _, name := range fixtures(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for part := range strings.SplitSeq(string(text), "\n---\n") {
			if strings.Contains(part, "monitoring.coreos.com") && !strings.Contains(part, "kind: List") {
				all = append(all, struct{ name, text string }{filepath.Base(name), part})
			}
		}
	}
	refused := 0
	for _, v := range all {
		text := v.text
		if !strings.Contains(text, "apiVersion:") {
			text = "apiVersion: monitoring.coreos.com/v1\n" + text
		}
		if !strings.Contains(text, "metadata:") && v.name != "resources.yaml" {
			text = "metadata: {name: a}\n" + text
		}
		said := a.create(t, text)
		found, err := run(t, "slowburn", "check", write(t, dir, "resource.yaml", "%s\n", text))
		if v.name == refusedLater && said == nil {
			continue
		}
		if (said != nil) != (err != nil) {
			t.Errorf("%s\n%s\nthe API server says: %v\nslowburn: %s", v.name, text, said, found)
		}
		if said != nil {
			refused++
			t.Logf("%s: %v", v.name, said)
		}
	}
	t.Logf("%d resources, of which both refuse %d", len(all), refused)
}

// create asks whether a resource could be made, and is strict.
func (a *api) create(t *testing.T, text string) error {
	t.Helper()
	o := documents(t, text)[0]
	path, err := a.path(o, "default")
	if err != nil {
		return err
	}
	path = strings.TrimSuffix(path, "/"+o.metadata("name"))
	_, err = a.do("POST", path+"?dryRun=All&fieldValidation=Strict", []byte(text))
	return err
}
