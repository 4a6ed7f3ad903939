package check

import (
	"embed"
	"io/fs"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"slowburn/internal/spec"
)

// The files that declare parameters; their comments document the JSON Schema.
//
//go:embed config.go config_pages.go alert_metadata.go beyond_retention.go feature_flag.go rule_selector.go ruler_limits.go short_range.go unrecorded_series.go unused_recording.go
var sources embed.FS

func schemaSources() map[string]fs.FS { return map[string]fs.FS{"slowburn/internal/check": sources} }

// ConfigSchema is the JSON Schema of a configuration, for editors.
func ConfigSchema() ([]byte, error) {
	return spec.SchemaOf(new(Config), "Configuration of slowburn's checks", schemaSources())
}

// JSONSchema describes one text or a list of them to editors.
func (Texts) JSONSchema() *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{text, {Type: "array", Items: text}}}
}

// JSONSchema describes the operators of a label selector to editors.
func (selectorOperator) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Enum: enum(selectorOperators)}
}

// JSONSchema describes the settings of every check to editors.
func (CheckSettings) JSONSchema() *jsonschema.Schema {
	all := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, c := range everywhere() {
		severity := &jsonschema.Schema{Type: "string", Enum: enum([]string{off, "note", "warning", "error"})}
		object := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
		if c.Parameters != nil {
			keys, err := spec.Keys(c.Parameters(), schemaSources())
			if err != nil {
				panic(err) // the program's own sources do not parse, which cannot be: it was built from them
			}
			object = keys
		}
		object.Properties.Set("severity", severity)
		first, _, _ := strings.Cut(c.Doc, "\n")
		all.Properties.Set(c.Name, &jsonschema.Schema{Description: first, OneOf: []*jsonschema.Schema{severity, object}})
	}
	return all
}

func enum(values []string) []any {
	return slices.Collect(func(yield func(any) bool) {
		for _, v := range values {
			if !yield(v) {
				return
			}
		}
	})
}
