// Package grafana holds the example systems' dashboards against the JSON schemas
// that Grafana publishes beside its SDK: 66 MB that the program does not need.
package grafana

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSchema validates every dashboard.
func TestSchema(t *testing.T) {
	schema := compiledSchema(t)
	names, err := filepath.Glob("../../golden/*/grafana/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no dashboards", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, schema, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if broken := bytes.Replace(text, []byte(`"schemaVersion": 42`), []byte(`"schemaVersion": "new"`), 1); validate(t, schema, broken) == nil {
			t.Errorf("%s: nobody notices what is wrong", name)
		}
	}
}

func validate(t *testing.T, schema *jsonschema.Schema, text []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

// compiledSchema is that of dashboards, from the module that go.mod names.
func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const module = "github.com/grafana/grafana-foundation-sdk@v0.0.18"
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		t.Skipf("%s cannot be had: %v", module, err)
	}
	var dir string
	for line := range strings.Lines(string(out)) {
		if _, rest, ok := strings.Cut(line, `"Dir": "`); ok {
			dir, _, _ = strings.Cut(rest, `"`)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "jsonschema", "dashboard.jsonschema.json"))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	// The schema wants maps where Grafana, and the SDK's own builders, have values of any type: the name of a field, a unit.
	for definition, property := range map[string]string{"MatcherConfig": "options", "DynamicConfigValue": "value"} {
		of := value.(map[string]any)["definitions"].(map[string]any)[definition].(map[string]any)
		of["properties"].(map[string]any)[property] = true
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("dashboard.json", value); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
