package generators

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
)

// TestChartEscapes holds that what is a template to somebody else, in a rule
// say, is none to Helm, and that empty lines at the end of a text stay in it.
func TestChartEscapes(t *testing.T) {
	var made chartTemplate
	made.when("a", func() { made.text([]byte("x: '{{ $value }} {{{'\n")) })
	made.when("b", func() { made.text([]byte("y: |+\n  z\n\n")) })
	want := `{{- if a }}
x: '{{ "{{" }} $value }} {{ "{{" }}{'
{{- end }}
{{- if b }}
y: |+
  z
{{ end }}
`
	if diff := cmp.Diff(want, made.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestCutsWhole holds that nothing is lost between the parts of a text.
func TestCutsWhole(t *testing.T) {
	s, _ := build(t)
	for _, a := range Compose(s).PrometheusRules(KubernetesSpec{}) {
		head, rest := cutMetadata(a.Bytes)
		if whole := string(head) + "  name: " + a.resource.metadata.Name + "\n" + string(rest); whole != string(a.Bytes) {
			t.Errorf("%s: cut at its metadata it is\n%s", a.Path, whole)
		}
		parts := splitAt(rest, groupStart)
		if got := bytes.Join(parts, nil); !bytes.Equal(got, rest) {
			t.Errorf("%s: its groups are not the whole", a.Path)
		}
		for i, group := range parts[1:] {
			if n := len(splitAt(group, ruleStart)) - 1; n != len(a.Origins[i]) {
				t.Errorf("%s: %d rules in group %d, want %d", a.Path, n, i, len(a.Origins[i]))
			}
		}
	}
}

// TestSummaries holds that what an alert says stays in a comment of the values,
// and in a row of the README.
func TestSummaries(t *testing.T) {
	rules := ruleFile{owner: "shop", Groups: []ruleGroup{{Rules: []rule{{Alert: "A", says: "a | b\u0085c: d\r\n---\n\u2028e: {{ f }}\x00"}}}}}
	c := chart{name: "shop", families: []*family{prometheusRuleFamily}, resources: []Artifact{{resource: &resource{family: prometheusRuleFamily, switches: rules.switches()}}}}
	values := c.settings()
	var read struct {
		Alerts map[string]map[string]struct{ Enabled bool }
	}
	if err := yaml.Unmarshal(values.yaml(), &read); err != nil || !read.Alerts["shop"]["A"].Enabled {
		t.Errorf("%v: the values are\n%s", err, values.yaml())
	}
	const row = "| `alerts.shop.A.enabled` | `true` | a \\| b c: d --- e: {{ f }} |\n"
	if readme := string(c.readme(values)); !strings.HasSuffix(readme, row) {
		t.Errorf("the README ends with %s", readme[max(0, len(readme)-200):])
	}
}

// TestLargeChart holds what is told of a chart that Helm could not store, and
// that text which compresses well is counted as it is stored.
func TestLargeChart(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 1<<20)
	for i := range noise {
		noise[i] = byte('a' + random.IntN(26))
	}
	for _, c := range []struct {
		name  string
		data  string
		large bool
	}{
		{"small", "x", false},
		{"compresses", strings.Repeat("the same again ", 200_000), false},
		{"large", string(noise), true},
	} {
		var r diag.Report
		whole := configMap{APIVersion: "v1", Kind: "ConfigMap", Metadata: metadata{Name: "a"}, Data: map[string]string{"a": c.data}}
		files := Chart("shop", "", []Artifact{whole.artifact(diag.Pos{}, dashboardsFamily)}, &r)
		if len(files) == 0 {
			t.Fatalf("%s: there is no chart", c.name)
		}
		if got := r.Len() > 0; got != c.large {
			t.Errorf("%s: findings %v", c.name, r.Findings())
		}
		if got := files[0].Listed.Size(); strings.HasPrefix(got, "1 template, more than the 1024 KiB") != c.large {
			t.Errorf("%s: listed with %s", c.name, got)
		}
	}
}

// TestRelease holds that a release is written as the JSON encoder writes it.
func TestRelease(t *testing.T) {
	s, _ := build(t)
	c := chart{name: "shop", resources: Compose(s).PrometheusRules(KubernetesSpec{})}
	files := append(c.resources, Artifact{Path: `a"b`, Bytes: []byte("<&>\xff\u2028")}, Artifact{Path: "long", Bytes: bytes.Repeat([]byte("x"), 100_001)})
	type stored struct {
		Name string `json:"name"`
		Data []byte `json:"data"`
	}
	var want struct {
		Files    []stored `json:"files"`
		Manifest string   `json:"manifest"`
	}
	for _, f := range files {
		want.Files = append(want.Files, stored{f.Path, f.Bytes})
	}
	for _, a := range c.resources {
		want.Manifest += "---\n# Source: " + a.Path + "\n" + string(a.Bytes)
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := c.writeRelease(&got, files); err != nil {
		t.Fatal(err)
	}
	if got.String() != string(text)+"\n" {
		t.Error("the release differs from what the encoder writes")
	}
	// What takes most room in JSON, and base64 that is filled up.
	dense := chart{resources: []Artifact{{Path: "<", Bytes: bytes.Repeat([]byte("<&>\x01"), 1000)}}}
	for _, files := range [][]Artifact{files, {{Path: "<", Bytes: []byte("a")}, {Path: "&", Bytes: []byte("ab")}}} {
		got.Reset()
		if err := dense.writeRelease(&got, files); err != nil {
			t.Fatal(err)
		}
		if longest := dense.longest(files); got.Len() > longest {
			t.Errorf("the release has %d bytes, more than %d", got.Len(), longest)
		}
	}
}
