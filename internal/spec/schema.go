package spec

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema of documents, for editors: completion, hover texts
// and errors while one types. Kinds are the documents by kind, as pointers to
// their struct types; sources are, by import path, the files in which types are
// declared, whose comments become descriptions. The result is the same for the
// same input.
func Schema(kinds map[string]any, sources map[string]fs.FS) ([]byte, error) {
	comments := map[string]string{}
	for pkg, files := range sources {
		if err := readComments(pkg, files, comments); err != nil {
			return nil, err
		}
	}
	names := slices.Sorted(maps.Keys(kinds))
	root := &jsonschema.Schema{
		Version:     jsonschema.Version,
		Title:       "slowburn",
		Description: "A document of a slowburn spec.",
		Type:        "object",
		Properties:  jsonschema.NewProperties(),
		Required:    []string{"apiVersion", "kind"},
		Definitions: jsonschema.Definitions{},
	}
	var kindEnum []any
	for _, name := range names {
		kindEnum = append(kindEnum, name)
		whole := reflectKind(kinds[name], "", comments)
		overlay := reflectKind(kinds[name], "Overlay", comments)
		maps.Copy(root.Definitions, whole.Definitions)
		maps.Copy(root.Definitions, overlay.Definitions)
		is := &jsonschema.Schema{Properties: jsonschema.NewProperties(), Required: []string{"kind"}}
		is.Properties.Set("kind", &jsonschema.Schema{Const: name})
		// A document with env patches another one: then no key is mandatory.
		isOverlay := &jsonschema.Schema{Required: []string{"env"}}
		root.AllOf = append(root.AllOf, &jsonschema.Schema{
			If: is,
			Then: &jsonschema.Schema{
				If: isOverlay, Then: &jsonschema.Schema{Ref: overlay.Ref}, Else: &jsonschema.Schema{Ref: whole.Ref},
			},
		})
	}
	root.Properties.Set("apiVersion", &jsonschema.Schema{Type: "string", Enum: []any{"slowburn/v1"}, Description: "Version of the spec format."})
	root.Properties.Set("kind", &jsonschema.Schema{Type: "string", Enum: kindEnum, Description: "Kind of the document."})
	text, err := json.MarshalIndent(root, "", "  ")
	return append(text, '\n'), err
}

// SchemaOf is the JSON Schema of a document that is of one type only, a pointer
// to a struct, with a title. Sources are those of Schema.
func SchemaOf(doc any, title string, sources map[string]fs.FS) ([]byte, error) {
	s, err := reflectOne(doc, sources)
	if err != nil {
		return nil, err
	}
	s.Version, s.Title = jsonschema.Version, title
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

// Keys are the schemas of the keys of a struct, for a type that describes
// itself and has such keys among others.
func Keys(doc any, sources map[string]fs.FS) (*jsonschema.Schema, error) {
	s, err := reflectOne(doc, sources)
	if err != nil {
		return nil, err
	}
	s.Version, s.ID = "", ""
	return s, nil
}

// reflectOne is the schema of one type, with all that it uses in its place.
func reflectOne(doc any, sources map[string]fs.FS) (*jsonschema.Schema, error) {
	comments := map[string]string{}
	for pkg, files := range sources {
		if err := readComments(pkg, files, comments); err != nil {
			return nil, err
		}
	}
	r := jsonschema.Reflector{RequiredFromJSONSchemaTags: true, Anonymous: true, DoNotReference: true, ExpandedStruct: true, CommentMap: comments}
	return r.Reflect(doc), nil
}

func reflectKind(doc any, suffix string, comments map[string]string) *jsonschema.Schema {
	r := jsonschema.Reflector{
		RequiredFromJSONSchemaTags: true,
		Anonymous:                  true,
		CommentMap:                 comments,
		Namer: func(t reflect.Type) string {
			if t.Name() == "" {
				return ""
			}
			name := path.Base(t.PkgPath()) + "." + t.Name()
			if path.Base(t.PkgPath()) == "spec" {
				return name // scalars are the same in an overlay
			}
			return name + suffix
		},
	}
	s := r.Reflect(doc)
	if suffix != "" {
		for _, def := range s.Definitions {
			def.Required = nil
			def.OneOf = slices.DeleteFunc(def.OneOf, func(s *jsonschema.Schema) bool { return len(s.Required) > 0 })
			allowRemoval(def)
		}
	}
	return s
}

// allowRemoval lets the keys of an overlay be without a value.
func allowRemoval(def *jsonschema.Schema) {
	for p := def.Properties.Oldest(); p != nil; p = p.Next() {
		null := &jsonschema.Schema{Type: "null"}
		p.Value = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{p.Value, null}, Description: p.Value.Description}
	}
}

// The schemas of scalars.

// JSONSchema describes a text to editors.
func (Text) JSONSchema() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }

// JSONSchema describes a name to editors.
func (Name) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: namePattern().String()}
}

// JSONSchema describes an identifier to editors.
func (Ident) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: identPattern().String()}
}

// JSONSchema describes a duration to editors.
func (Duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		OneOf: []*jsonschema.Schema{
			{Type: "string", Pattern: `^([0-9.]+(ms|s|m|h|d|w|y))+$|^0$`},
			{Const: 0},
		},
		Examples: []any{"30s", "5m", "1h30m", "30d"},
	}
}

// JSONSchema describes a share to editors.
func (Ratio) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		OneOf: []*jsonschema.Schema{
			{Type: "string", Pattern: `^[0-9]{1,6}(\.[0-9]{1,15})?%?$`},
			{Type: "number", Minimum: "0", Maximum: "1"},
		},
		Examples: []any{"99.5%", 0.995},
	}
}

// JSONSchema describes a decimal to editors.
func (Decimal) JSONSchema() *jsonschema.Schema { return &jsonschema.Schema{Type: "number"} }

// JSONSchema describes a count to editors.
func (Count) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "integer", Minimum: "0", Maximum: json.Number(strconv.Itoa(maxCount))}
}

// JSONSchema describes labels to editors.
func (Labels) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type: "object", PropertyNames: &jsonschema.Schema{Pattern: labelNamePattern().String()},
		AdditionalProperties: &jsonschema.Schema{Type: "string"},
	}
}

// JSONSchema describes choices to editors.
func (Choices) JSONSchema() *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	return &jsonschema.Schema{
		Type: "object", PropertyNames: &jsonschema.Schema{Pattern: labelNamePattern().String()},
		AdditionalProperties: &jsonschema.Schema{OneOf: []*jsonschema.Schema{text, {Type: "array", Items: text, MinItems: new(uint64(1))}}},
	}
}
