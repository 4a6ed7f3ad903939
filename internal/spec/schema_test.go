package spec_test

import (
	"bytes"
	"embed"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

//go:embed schema_test.go
var sources embed.FS

// Header is shared by all kinds of documents.
type Header struct {
	// APIVersion of the format.
	APIVersion spec.Text `json:"apiVersion" jsonschema:"required"`
	// Kind of the document.
	Kind spec.Text `json:"kind" jsonschema:"required"`
	// Env makes it an overlay.
	Env spec.Name `json:"env,omitempty"`
}

// Garden is a document
// over two lines.
type Garden struct {
	spec.Node
	Header
	// Name of the garden.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Beds are where things grow.
	Beds []Bed `json:"beds,omitempty"`
	// Shade is how much of it lies in the shadow.
	Shade spec.Ratio `json:"shade,omitempty"`
	// Watering is the time between two waterings, unless HosePipe says more.
	Watering spec.Duration `json:"watering,omitempty"`
	HosePipe bool          `json:"hose,omitempty"`
	Trees    spec.Count    `json:"trees,omitempty"`
	Labels   spec.Labels   `json:"labels,omitempty"`
	Tools    spec.Choices  `json:"tools,omitempty"`
	Fenced   bool          `json:"fenced,omitempty"`
}

// Bed is a part of a garden, and of no OrchardPlan.
type Bed struct {
	// Plant that grows in it.
	Plant spec.Text  `json:"plant" jsonschema:"required"`
	Title spec.Ident `json:"title,omitempty"`
}

// Shed is another kind of document.
type Shed struct {
	Header
	// Area in square metres.
	Area spec.Count `json:"area" jsonschema:"required"`
}

func gardenSchema(t *testing.T) []byte {
	t.Helper()
	text, err := spec.Schema(
		map[string]any{"Garden": new(Garden), "Shed": new(Shed)},
		map[string]fs.FS{"slowburn/internal/spec_test": sources})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func compileSchema(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("slowburn.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("slowburn.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSchema holds that the schema and the decoder say the same of a document,
// so that what an editor accepts is what compiles.
func TestSchema(t *testing.T) {
	const garden = "apiVersion: slowburn/v1\nkind: Garden\n"
	const named = garden + "name: eden\n"
	const overlay = named + "env: winter\n"
	schema := compileSchema(t, gardenSchema(t))
	for _, c := range []struct {
		name, text string
		valid      bool
	}{
		{"the least", named, true},
		{"everything", named + "beds: [{plant: a rose, title: Roses}]\nshade: 12.5%\nwatering: 1d12h\ntrees: 3\nlabels: {area: south}\ntools: {spade: [long, short], rake: wide}\nfenced: true\n", true},
		{"another kind", "apiVersion: slowburn/v1\nkind: Shed\narea: 4\n", true},
		{"a key of another kind", named + "area: 4\n", false},
		{"a missing key", garden, false},
		{"a missing key further down", named + "beds: [{title: Roses}]\n", false},
		{"an unknown key", named + "bed: []\n", false},
		{"an unknown key further down", named + "beds: [{plant: x, plnt: y}]\n", false},
		{"a key without a value", named + "shade:\n", false},
		{"a list for a text", named + "beds: [{plant: [x]}]\n", false},
		{"a number for a text", named + "beds: [{plant: 5}]\n", false},
		{"a name in capitals", garden + "name: Eden\n", false},
		{"an alert's name with a dash", named + "beds: [{plant: x, title: a-b}]\n", false},
		{"a share as a number", named + "shade: 0.125\n", true},
		{"a share above one", named + "shade: 12.5\n", false},
		{"a share in words", named + "shade: much\n", false},
		{"a share that is a list", named + "shade: [12%]\n", false},
		{"a duration of zero", named + "watering: 0\n", true},
		{"a duration without a unit", named + "watering: 5\n", false},
		{"a duration in words", named + "watering: daily\n", false},
		{"a count below zero", named + "trees: -1\n", false},
		{"a count with a fraction", named + "trees: 1.5\n", false},
		{"a count beyond all gardens", named + "trees: 1000000001\n", false},
		{"a label that is a number", named + "labels: {area: 5}\n", false},
		{"a label with a dash", named + "labels: {a-b: c}\n", false},
		{"no choice", named + "tools: {spade: []}\n", false},
		{"yes for true", named + "fenced: yes\n", false},

		{"an overlay lacks what it does not change", garden + "env: winter\nbeds: [{title: Roses}]\n", true},
		{"an overlay removes keys", overlay + "shade: ~\nbeds: [{title: ~}]\n", true},
		{"an overlay has no unknown key either", overlay + "bed: []\n", false},
		{"an overlay has no wrong type either", overlay + "trees: many\n", false},
		{"an overlay has no wrong share either", overlay + "shade: much\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r diag.Report
			doc := spec.ReadYAML(&diag.Source{Text: []byte(c.text)}, &r)[0]
			err := schema.Validate(plainValue(doc))
			if (err == nil) != c.valid {
				t.Errorf("the schema says %v", err)
			}
			var into any = new(Garden)
			if doc.Get("kind").Text == "Shed" {
				into = new(Shed)
			}
			decode := spec.Decode
			if doc.Get("env") != nil {
				decode = spec.DecodeOverlay
			}
			if decode(doc, into, &r); r.HasErrors() == c.valid {
				t.Errorf("the decoder says %v", r.Findings())
			}
		})
	}
}

// TestSchemaOfNoKind holds what no decoder sees: a document without header.
func TestSchemaOfNoKind(t *testing.T) {
	schema := compileSchema(t, gardenSchema(t))
	for _, text := range []string{
		"{}", "[]", "5",
		"kind: Garden\nname: eden\n",
		"apiVersion: slowburn/v1\nname: eden\n",
		"apiVersion: slowburn/v2\nkind: Garden\nname: eden\n",
		"apiVersion: slowburn/v1\nkind: Gardn\nname: eden\n",
	} {
		doc := spec.ReadYAML(&diag.Source{Text: []byte(text)}, new(diag.Report))[0]
		if schema.Validate(plainValue(doc)) == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// plainValue is a value as encoding/json has it.
func plainValue(v *spec.Value) any {
	switch v.Kind {
	case spec.Map:
		m := map[string]any{}
		for _, f := range v.Fields() {
			m[f.Key.Text] = plainValue(f.Value)
		}
		return m
	case spec.List:
		list := []any{}
		for _, item := range v.Items() {
			list = append(list, plainValue(item))
		}
		return list
	case spec.Number:
		return json.Number(v.Text)
	case spec.Bool:
		return v.Text == "true"
	case spec.Null:
		return nil
	}
	return v.Text
}

// TestSchemaDescriptions holds that comments become descriptions, on one line,
// and name keys as a spec does.
func TestSchemaDescriptions(t *testing.T) {
	type described struct {
		Description string
		AnyOf       []any
		Required    []string
		Properties  map[string]described
	}
	var schema struct {
		Defs map[string]described `json:"$defs"`
	}
	if err := json.Unmarshal(gardenSchema(t), &schema); err != nil {
		t.Fatal(err)
	}
	whole, overlay := schema.Defs["spec_test.Garden"], schema.Defs["spec_test.GardenOverlay"]
	for _, c := range []struct{ name, got, want string }{
		{"a type", whole.Description, "A document over two lines."},
		{"a field", whole.Properties["beds"].Description, "beds are where things grow."},
		{"a field with a reference", whole.Properties["shade"].Description, "shade is how much of it lies in the shadow."},
		{"a field of an embedded struct", whole.Properties["apiVersion"].Description, "apiVersion of the format."},
		{"a field without a comment", whole.Properties["trees"].Description, ""},
		{"a type further down", schema.Defs["spec_test.Bed"].Description, "A part of a garden, and of no OrchardPlan."},
		{"a field that another mentions", whole.Properties["watering"].Description, "watering is the time between two waterings, unless hose says more."},
		{"a field of an overlay", overlay.Properties["shade"].Description, "shade is how much of it lies in the shadow."},
		{"what is mandatory", strings.Join(whole.Required, " "), "apiVersion kind name"},
		{"what an overlay must have", strings.Join(overlay.Required, " "), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestSchemaIsDeterministic(t *testing.T) {
	first := gardenSchema(t)
	for range 5 {
		if diff := cmp.Diff(string(first), string(gardenSchema(t))); diff != "" {
			t.Fatalf("-first +again:\n%s", diff)
		}
	}
}

func TestSchemaOfBrokenSources(t *testing.T) {
	_, err := spec.Schema(map[string]any{"Shed": new(Shed)}, map[string]fs.FS{"x": fstest.MapFS{"bad.go": {Data: []byte("pakage x")}}})
	if err == nil || !strings.HasPrefix(err.Error(), "x/bad.go: ") {
		t.Errorf("error %v", err)
	}
}
