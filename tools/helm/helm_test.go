// Package helm holds that the charts which slowburn writes do with Helm itself
// what they promise.
package helm

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"
)

// charts are the folders of all charts, with the folder that each was compiled
// to. OUTPUT names folders of other output than the examples'.
func charts(t *testing.T) map[string]string {
	t.Helper()
	output := os.Getenv("OUTPUT")
	if output == "" {
		output = filepath.Join("..", "..", "golden", "*")
	}
	compiled, err := filepath.Glob(filepath.Join(output, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, manifest := range compiled {
		dir := filepath.Dir(manifest)
		found, err := filepath.Glob(filepath.Join(dir, "chart", "*"))
		if err != nil {
			t.Fatal(err)
		}
		if resources, _ := filepath.Glob(filepath.Join(dir, "kubernetes", "*")); len(resources) > 0 != (len(found) == 1) {
			t.Fatalf("%s has %d resources and %d charts", dir, len(resources), len(found))
		}
		for _, one := range found {
			all[one] = dir
		}
	}
	if len(all) == 0 {
		t.Fatalf("there is no chart below %s", output)
	}
	return all
}

// object is a resource, as whoever applies it reads it.
type object map[string]any

func (o object) metadata() map[string]any { return o["metadata"].(map[string]any) }

// load reads a chart, and its values with every resource switched on.
func load(t *testing.T, dir string) (*chart.Chart, map[string]any) {
	t.Helper()
	c, err := loader.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	metrics := map[string]any{"enabled": true}
	for key, v := range c.Values["metrics"].(map[string]any) {
		if _, ok := v.(map[string]any); ok {
			metrics[key] = map[string]any{"enabled": true}
		}
	}
	return c, map[string]any{"metrics": metrics}
}

// render is what Helm makes of a chart: the resources by the names of their
// templates.
func render(c *chart.Chart, values map[string]any) (map[string]object, error) {
	all, err := util.ToRenderValues(c, values, common.ReleaseOptions{Name: "release", Namespace: "somewhere", Revision: 1, IsInstall: true}, nil)
	if err != nil {
		return nil, err
	}
	texts, err := engine.Render(c, all)
	if err != nil {
		return nil, err
	}
	objects := map[string]object{}
	for name, text := range texts {
		if path.Ext(name) != ".yaml" {
			continue
		}
		var o object
		if err := yaml.UnmarshalStrict([]byte(text), &o); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", name, err, text)
		}
		if len(o) > 0 {
			objects[path.Base(name)] = o
		}
	}
	return objects, nil
}

func mustRender(t *testing.T, c *chart.Chart, values map[string]any) map[string]object {
	t.Helper()
	objects, err := render(c, values)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// TestEverythingOn holds that a chart with everything on renders to exactly the
// resources beside it, templates of alerts included.
func TestEverythingOn(t *testing.T) {
	templated := 0
	for dir, output := range charts(t) {
		want := map[string]object{}
		files, err := filepath.Glob(filepath.Join(output, "kubernetes", "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			templated += strings.Count(string(text), "{{")
			var o object
			if err := yaml.UnmarshalStrict(text, &o); err != nil {
				t.Fatal(err)
			}
			want[filepath.Base(name)] = o
		}
		c, on := load(t, dir)
		if diff := cmp.Diff(want, mustRender(t, c, on)); diff != "" {
			t.Errorf("%s (-kubernetes +chart)\n%s", dir, diff)
		}
	}
	if templated == 0 {
		t.Error("no resource has a template of its own: the test shows nothing")
	}
}

// TestDefaults holds that a chart deploys nothing unless it is told to.
func TestDefaults(t *testing.T) {
	for dir := range charts(t) {
		c, _ := load(t, dir)
		if got := mustRender(t, c, nil); len(got) > 0 {
			t.Errorf("%s: deploys %v", dir, slices.Sorted(maps.Keys(got)))
		}
	}
}

// TestLint is helm lint --strict, with nothing and with everything on.
func TestLint(t *testing.T) {
	for dir := range charts(t) {
		_, on := load(t, dir)
		for _, values := range []map[string]any{nil, on} {
			for _, m := range lint.RunAll(dir, values, "default").Messages {
				if m.Severity >= support.WarningSev {
					t.Errorf("%s: %v", dir, m)
				}
			}
		}
	}
}

// TestSwitches switches each SLO and each alert off, one after the other and all
// together: exactly it goes, and no group or resource is empty.
func TestSwitches(t *testing.T) {
	for dir := range charts(t) {
		c, on := load(t, dir)
		before := rules(t, mustRender(t, c, on))
		allOff := maps.Clone(on)
		for what, is := range map[string]func(r ruleName, owner, name string) bool{
			"slos":   func(r ruleName, owner, name string) bool { return strings.HasPrefix(r.group, owner+"-"+name+"-") },
			"alerts": func(r ruleName, _, name string) bool { return r.alert == name },
		} {
			owners, _ := c.Values[what].(map[string]any)
			for owner, of := range owners {
				for name := range of.(map[string]any) {
					off := map[string]any{"enabled": false}
					values := maps.Clone(on)
					values[what] = map[string]any{owner: map[string]any{name: off}}
					left := slices.DeleteFunc(slices.Clone(before), func(r ruleName) bool { return is(r, owner, name) })
					if len(left) == len(before) {
						t.Errorf("%s: no rule is of %s %s", dir, what, name)
					}
					if diff := cmp.Diff(left, rules(t, mustRender(t, c, values)), cmp.AllowUnexported(ruleName{})); diff != "" {
						t.Errorf("%s: without %s.%s.%s (-what should be left +what is)\n%s", dir, what, owner, name, diff)
					}
					set(allOff, off, what, owner, name)
				}
			}
		}
		if left := rules(t, mustRender(t, c, allOff)); len(left) > 0 {
			t.Errorf("%s: with every SLO and alert off there are %v", dir, left)
		}
	}
}

func set(values map[string]any, v any, keys ...string) {
	for _, k := range keys[:len(keys)-1] {
		below, ok := values[k].(map[string]any)
		if !ok {
			below = map[string]any{}
			values[k] = below
		}
		values = below
	}
	values[keys[len(keys)-1]] = v
}

type ruleName struct{ resource, group, alert, record string }

// rules are those of all PrometheusRules, in order; an empty group is an error.
func rules(t *testing.T, objects map[string]object) []ruleName {
	t.Helper()
	var all []ruleName
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		o := objects[name]
		if o["kind"] != "PrometheusRule" {
			continue
		}
		groups, _ := o["spec"].(map[string]any)["groups"].([]any)
		if len(groups) == 0 {
			t.Errorf("%s has no groups", name)
		}
		for _, g := range groups {
			group := g.(map[string]any)
			in, _ := group["rules"].([]any)
			if len(in) == 0 {
				t.Errorf("%s: group %v has no rules", name, group["name"])
			}
			for _, r := range in {
				rule := r.(map[string]any)
				text := func(key string) string { s, _ := rule[key].(string); return s }
				all = append(all, ruleName{name, group["name"].(string), text("alert"), text("record")})
			}
		}
	}
	return all
}

// hostile are texts that would end a string, a line, a template or a document.
var hostile = []string{
	`a"b`, `a'b`, "a\nb: c", "a\n---\nkind: Secret", `{{ .Release.Name }}`, `# a`, "a: b", `\`, "- a", "&a", "*a", "!!int 1", "null", "true", "1e3", "\u2028", "\t", "", "}}", "%a", "@a", "`a`", "<b>&", "a\r\nb",
}

// hostileNames are names of labels and annotations, most of which Kubernetes refuses.
var hostileNames = append([]string{"a/b", "a.b-c/D_e.f", "A.b/c", "a..b/c", "-a/b", "a/b/c", "/a", "a/", "a-", "_", strings.Repeat("a", 63), strings.Repeat("a", 64)}, hostile...)

// TestHostileNames holds that names of labels and annotations are taken where
// Kubernetes takes them, and then stay what they are.
func TestHostileNames(t *testing.T) {
	for dir := range charts(t) {
		c, on := load(t, dir)
		for _, name := range hostileNames {
			for key, valid := range map[string]bool{
				"labels":      len(validation.IsQualifiedName(name)) == 0,
				"annotations": len(validation.IsQualifiedName(strings.ToLower(name))) == 0,
			} {
				for _, v := range on["metrics"].(map[string]any) {
					if family, ok := v.(map[string]any); ok {
						family["labels"], family["annotations"] = map[string]any{}, map[string]any{}
						family[key] = map[string]any{name: "v"}
					}
				}
				got, err := render(c, on)
				if (err == nil) != valid {
					t.Errorf("%s: %q in %s: %v", dir, name, key, err)
				}
				for o, resource := range got {
					if resource.metadata()[key].(map[string]any)[name] != "v" {
						t.Errorf("%s: %q in %s was not kept", o, name, key)
					}
				}
			}
		}
	}
}

// TestHostileValues holds that a value is a text and stays one, of annotations.
// What Kubernetes takes for no label's value is refused.
func TestHostileValues(t *testing.T) {
	for dir := range charts(t) {
		c, on := load(t, dir)
		want := mustRender(t, c, on)
		texts := map[string]any{}
		for i, text := range hostile {
			texts[fmt.Sprintf("k%d", i)] = text
		}
		have := func(labels, annotations map[string]any) map[string]any {
			for _, v := range on["metrics"].(map[string]any) {
				if family, ok := v.(map[string]any); ok {
					family["labels"], family["annotations"] = labels, annotations
				}
			}
			return on
		}
		for _, text := range hostile {
			got, err := render(c, have(map[string]any{"a": text}, map[string]any{}))
			if (err == nil) != (len(validation.IsValidLabelValue(text)) == 0) {
				t.Errorf("%s: a label with the value %q: %v", dir, text, err)
			}
			for name, o := range got {
				if o.metadata()["labels"].(map[string]any)["a"] != text {
					t.Errorf("%s: the label's value %q was not kept", name, text)
				}
			}
		}
		have(map[string]any{}, texts)
		for name, got := range mustRender(t, c, on) {
			annotations := got.metadata()["annotations"].(map[string]any)
			for i, text := range hostile {
				if annotations[fmt.Sprintf("k%d", i)] != text {
					t.Errorf("%s: %q was not kept", name, text)
				}
			}
			delete(got.metadata(), "annotations")
			if diff := cmp.Diff(want[name], got); diff != "" {
				t.Errorf("%s: more than labels and annotations changed\n%s", name, diff)
			}
		}
	}
}

// TestSettings holds that what depends on the place of an installation can be
// set there, to a text that stays one, and that the specs' own is the default.
func TestSettings(t *testing.T) {
	found := 0
	for dir := range charts(t) {
		c, on := load(t, dir)
		metrics := on["metrics"].(map[string]any)
		if metrics["serviceMonitor"] == nil || metrics["scaledObject"] == nil {
			continue
		}
		found++
		const server = `http://p" #: {{ .Release.Name }}`
		set(on, "20s", "metrics", "serviceMonitor", "interval")
		set(on, server, "metrics", "scaledObject", "serverAddress")
		set(on, "worker.v2", "metrics", "scaledObject", "targets", "alexandria")
		for _, o := range mustRender(t, c, on) {
			spec, _ := o["spec"].(map[string]any)
			switch o["kind"] {
			case "ServiceMonitor":
				if got := spec["endpoints"].([]any)[0].(map[string]any)["interval"]; got != "20s" {
					t.Errorf("%s: interval %v", dir, got)
				}
			case "ScaledObject":
				if got := spec["scaleTargetRef"].(map[string]any)["name"]; got != "worker.v2" {
					t.Errorf("%s: target %v", dir, got)
				}
				if got := spec["triggers"].([]any)[0].(map[string]any)["metadata"].(map[string]any)["serverAddress"]; got != server {
					t.Errorf("%s: server %v", dir, got)
				}
			}
		}
		// With 10m, no range of the rules would hold a sample.
		for key, bad := range map[string]string{"interval": "10m", "serverAddress": "prometheus"} {
			values := map[string]any{"metrics": map[string]any{map[string]string{"interval": "serviceMonitor", "serverAddress": "scaledObject"}[key]: map[string]any{key: bad}}}
			if _, err := render(c, values); err == nil {
				t.Errorf("%s: %s %q is accepted", dir, key, bad)
			}
		}
	}
	if found == 0 {
		t.Error("no chart has a ServiceMonitor and a ScaledObject: the test shows nothing")
	}
}

// TestRefusedValues holds what the schema refuses: what means nothing, what is
// of another type, and what would take a default away.
func TestRefusedValues(t *testing.T) {
	bad := map[string]any{
		"unknown key":         map[string]any{"metric": map[string]any{"enabled": true}},
		"text for a boolean":  map[string]any{"metrics": map[string]any{"enabled": "false"}},
		"null":                map[string]any{"metrics": nil},
		"severity":            map[string]any{"severity": "page"},
		"receivers":           map[string]any{"receivers": []any{}},
		"number for a text":   map[string]any{"metrics": map[string]any{"dashboards": map[string]any{"labels": map[string]any{"a": 1}}}},
		"namespace":           map[string]any{"metrics": map[string]any{"dashboards": map[string]any{"namespace": "a\nb: c"}}},
		"unknown alert":       map[string]any{"alerts": map[string]any{"nobody": map[string]any{"Nothing": map[string]any{"enabled": false}}}},
		"misspelt rule label": map[string]any{"metrics": map[string]any{"prometheusRule": map[string]any{"label": map[string]any{}}}},
	}
	for dir := range charts(t) {
		c, _ := load(t, dir)
		for name, values := range bad {
			if _, err := render(c, values.(map[string]any)); err == nil {
				t.Errorf("%s: %s is accepted", dir, name)
			}
		}
		if _, err := render(c, map[string]any{"global": map[string]any{"a": 1}, "enabled": true}); err != nil {
			t.Errorf("%s: values of a chart that has it as a part are refused: %v", dir, err)
		}
	}
}
