package cluster

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

var errNotRefused = errors.New("it is accepted")

// root is the project's folder.
const root = "../.."

// startCluster starts an API server that knows the operators' definitions, and
// asks the Prometheus operator's webhook.
func startCluster(t *testing.T) *api {
	t.Helper()
	a := startAPI(t)
	defined := 0
	for folder := range strings.SplitSeq(os.Getenv("CRDS"), ":") {
		names, err := filepath.Glob(folder)
		if err != nil || len(names) == 0 {
			t.Fatalf("CRDS: there is no %s", folder)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range documents(t, string(text)) {
				if err := a.apply(o, "", false); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				defined++
			}
		}
	}
	eventually(t, fmt.Sprintf("%d definitions are served", defined), func() error {
		for _, served := range []string{"monitoring.coreos.com/v1/prometheusrules", "monitoring.coreos.com/v1/servicemonitors", "monitoring.coreos.com/v1alpha1/alertmanagerconfigs", "monitoring.coreos.com/v1alpha1/scrapeconfigs", "keda.sh/v1alpha1/scaledobjects"} {
			if _, err := a.do("GET", "/apis/"+served, nil); err != nil {
				return err
			}
		}
		return nil
	})
	startWebhook(t, a)
	return a
}

// everythingOn are the arguments by which Helm deploys all of a chart.
func everythingOn(t *testing.T, chart string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(chart, "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var values struct{ Metrics map[string]any }
	if err := yaml.Unmarshal(text, &values); err != nil {
		t.Fatal(err)
	}
	args := []string{"--set", "metrics.enabled=true"}
	for _, key := range slices.Sorted(maps.Keys(values.Metrics)) {
		if _, ok := values.Metrics[key].(map[string]any); ok {
			args = append(args, "--set", "metrics."+key+".enabled=true")
		}
	}
	return args
}

// rendered are the resources of a chart with everything on.
func rendered(t *testing.T, chart, namespace string) []object {
	t.Helper()
	args := append([]string{"template", "release", chart, "--namespace", namespace}, everythingOn(t, chart)...)
	return documents(t, mustRun(t, "helm", args...))
}

// chartIn is the chart of an output folder.
func chartIn(t *testing.T, output string) string {
	t.Helper()
	charts, err := filepath.Glob(filepath.Join(output, "chart", "*"))
	if err != nil || len(charts) != 1 {
		t.Fatalf("%s has %d charts, %v", output, len(charts), err)
	}
	return charts[0]
}

// TestSystems applies the charts of all examples with strict validation, and has
// Helm install, upgrade and roll back those of the systems as they are.
func TestSystems(t *testing.T) {
	a := startCluster(t)
	outputs, err := filepath.Glob(filepath.Join(root, "golden", "*", "chart"))
	if err != nil || len(outputs) == 0 {
		t.Fatal("there is no chart", err)
	}
	for _, chart := range outputs {
		output := filepath.Dir(chart)
		t.Run(filepath.Base(output), func(t *testing.T) { applied(t, a, output) })
	}
	specs, err := filepath.Glob(filepath.Join(root, "specs", "*"))
	if err != nil || len(specs) == 0 {
		t.Fatal("there are no specs", err)
	}
	kubeconfig := a.kubeconfig(t)
	for _, dir := range specs {
		if _, err := os.Stat(filepath.Join(root, "golden", filepath.Base(dir), "chart")); err == nil {
			t.Run(filepath.Base(dir)+", upgraded and rolled back", func(t *testing.T) { upgraded(t, a, kubeconfig, dir) })
		}
	}
}

// applied applies an output's chart, reads all of it back, and takes it away.
func applied(t *testing.T, a *api, output string) {
	namespace := "apply-" + strings.ReplaceAll(filepath.Base(output), ",", "-")
	a.namespace(t, namespace)
	all := rendered(t, chartIn(t, output), namespace)
	kinds := map[string]int{}
	for _, o := range all {
		if own := o.metadata("namespace"); own != "" {
			a.namespace(t, own) // the specs'
		}
		if err := a.apply(o, namespace, false); err != nil {
			t.Errorf("%s is refused: %v", o, err)
		}
		kinds[o.text("kind")]++
	}
	same(t, a, all, namespace)
	for _, o := range all {
		path, err := a.path(o, namespace)
		if err == nil {
			_, err = a.do("DELETE", path, nil)
		}
		if err != nil {
			t.Errorf("%s: %v", o, err)
		}
	}
	t.Logf("%d resources: %v", len(all), kinds)
}

// same holds that a cluster has all resources as they were rendered.
func same(t *testing.T, a *api, all []object, namespace string) {
	t.Helper()
	for _, want := range all {
		got, err := a.get(want, namespace)
		if err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		if diff := missing(asStored(want), map[string]any(got), ""); diff != "" {
			t.Errorf("%s is not what was applied: %s", want, diff)
		}
	}
}

// asStored is a resource as it is read back: a Secret's texts are encoded.
func asStored(o object) map[string]any {
	texts, ok := o["stringData"].(map[string]any)
	if !ok {
		return o
	}
	stored := maps.Clone(o)
	delete(stored, "stringData")
	data := map[string]any{}
	for key, text := range texts {
		data[key] = base64.StdEncoding.EncodeToString([]byte(text.(string)))
	}
	stored["data"] = data
	return stored
}

// missing is the first part of want that got does not have; defaults may be more.
func missing(want, got any, path string) string {
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		if !ok {
			return path + " is no map"
		}
		for _, key := range slices.Sorted(maps.Keys(want)) {
			if diff := missing(want[key], have[key], path+"."+key); diff != "" {
				return diff
			}
		}
		return ""
	case []any:
		have, ok := got.([]any)
		if !ok || len(have) != len(want) {
			return fmt.Sprintf("%s has not %d items", path, len(want))
		}
		for i := range want {
			if diff := missing(want[i], have[i], fmt.Sprintf("%s[%d]", path, i)); diff != "" {
				return diff
			}
		}
		return ""
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Sprintf("%s is %v, not %v", path, got, want)
	}
	return ""
}

// upgraded has Helm install a system, upgrade it to a spec whose alerts have
// another label, and roll it back. Each time, what is in the cluster is what was rendered.
func upgraded(t *testing.T, a *api, kubeconfig, specs string) {
	system := filepath.Base(specs)
	namespace := "helm-" + system
	chart := chartIn(t, filepath.Join(root, "golden", system))
	changed := chartIn(t, changedOutput(t, specs))
	before, after := rendered(t, chart, namespace), rendered(t, changed, namespace)
	if reflect.DeepEqual(before, after) {
		t.Fatal("the changed spec is the same")
	}
	helm := func(args ...string) {
		t.Helper()
		mustRun(t, "helm", append(args, "--kubeconfig", kubeconfig, "--namespace", namespace)...)
	}
	helm(append([]string{"upgrade", "--install", system, chart, "--create-namespace"}, everythingOn(t, chart)...)...)
	same(t, a, before, namespace)
	helm(append([]string{"upgrade", system, changed}, everythingOn(t, changed)...)...)
	same(t, a, after, namespace)
	helm("rollback", system, "1")
	same(t, a, before, namespace)
	releases := a.list(t, "v1", "secrets", namespace)
	for _, secret := range releases {
		if secret.text("type") != "helm.sh/release.v1" {
			continue
		}
		release := secret["data"].(map[string]any)["release"].(string)
		t.Logf("%s: %d KiB of the 1024 that a Secret may have", secret.metadata("name"), (len(release)*3/4+1023)>>10)
	}
	helm("uninstall", system)
	for _, o := range before {
		if _, err := a.get(o, namespace); err == nil {
			t.Errorf("%s is still there", o)
		}
	}
}

// changedOutput compiles a copy of specs in which all alerts have a label more.
func changedOutput(t *testing.T, specs string) string {
	t.Helper()
	dir, output := filepath.Join(t.TempDir(), filepath.Base(specs)), t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(specs)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "service.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const label = `changed: "yes"`
	more := strings.Replace(string(text), "\nlabels: {", "\nlabels: {"+label+", ", 1)
	if more == string(text) {
		more = strings.Replace(more, "\nname: ", "\nlabels: {"+label+"}\nname: ", 1)
	}
	if err := os.WriteFile(name, []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "slowburn", "compile", dir, "-o", output)
	return output
}
