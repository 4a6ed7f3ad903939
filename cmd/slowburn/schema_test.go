package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"

	"slowburn/internal/check"
)

func compileSchema(t *testing.T, print func() ([]byte, error)) *jsonschema.Schema {
	t.Helper()
	text, err := print()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

// TestSchemaAcceptsSpecs holds that an editor marks nothing in specs that compile.
func TestSchemaAcceptsSpecs(t *testing.T) {
	s := compileSchema(t, schema)
	files, err := filepath.Glob("../../specs/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range append(files, "init/service.yaml") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for doc := range strings.SplitSeq(string(text), "\n---\n") {
			if err := validate(t, s, doc); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestSchemaRejects holds that an editor marks what compiling would find.
func TestSchemaRejects(t *testing.T) {
	const good = `apiVersion: slowburn/v1
kind: Service
name: shop
burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]
slos:
  - {name: orders, objective: 99%, availability: {total: orders_total, bad: 'x="1"'}}
`
	s := compileSchema(t, schema)
	if err := validate(t, s, good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new string }{
		{"unknown key", "objective:", "objectiv:"},
		{"missing key", "name: shop\n", ""},
		{"no name", "name: shop", "name: Shop"},
		{"no duration", "5m]", "5 minutes]"},
		{"no share", "99%", "much"},
		{"share above 1", "99%", "99"},
		{"no indicator", ", availability: {total: orders_total, bad: 'x=\"1\"'}", ""},
		{"two indicators", "availability:", "latency: {of: x, within: 1s}, availability:"},
		{"number as text", "total: orders_total", "total: 5"},
		{"unknown kind", "kind: Service", "kind: Servise"},
	} {
		if err := validate(t, s, strings.Replace(good, c.old, c.new, 1)); err == nil {
			t.Errorf("%s: accepted", c.name)
		}
	}
	// An overlay needs none of the keys, and still no others.
	if err := validate(t, s, "apiVersion: slowburn/v1\nkind: Service\nname: shop\nenv: eu\nslos: [{name: orders, enabled: false}]\n"); err != nil {
		t.Error(err)
	}
	if err := validate(t, s, "apiVersion: slowburn/v1\nkind: Service\nname: shop\nenv: eu\nslos: [{name: orders, enable: false}]\n"); err == nil {
		t.Error("an unknown key in an overlay is accepted")
	}
}

// TestConfigSchema holds that an editor marks in a configuration what reading
// it would find, and nothing else.
func TestConfigSchema(t *testing.T) {
	s := compileSchema(t, check.ConfigSchema)
	for _, c := range check.All {
		if err := validate(t, s, "checks: {"+c.Name+": \"off\"}"); err != nil {
			t.Error(err)
		}
		if c.Configuration == "" {
			continue
		}
		if err := validate(t, s, "checks:\n  "+strings.ReplaceAll(c.Configuration, "\n", "\n  ")); err != nil {
			t.Error(err)
		}
	}
	if err := validate(t, s, "metrics: a.prom\npaths: [{match: ['a/**', b], metrics: [b.prom], checks: {short-range: {severity: error, scrapeInterval: 1m}}}]"); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{
		"cheks: {}", "checks: {never-fire: off}", "checks: {never-fires: of}", "checks: {never-fires: {scrapeInterval: 1m}}",
		"checks: {short-range: {scrapeIntervall: 1m}}", "checks: {short-range: {scrapeInterval: often}}", "paths: [{checks: {}}]",
		"checks: {rule-selector: {matchExpressions: [{key: a, operator: Inn}]}}", "checks: {ruler-limits: {groups: many}}",
	} {
		if err := validate(t, s, wrong); err == nil {
			t.Errorf("%s: accepted", wrong)
		}
	}
}
