// Package spec reads what engineers write: YAML and Jsonnet become values that
// know their place in the source, overlays are merged by name, and strict
// decoding fills Go types and reports whatever does not fit, all of it at once.
// The JSON Schema of a type comes from the same Go types and their comments.
package spec

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"slowburn/internal/diag"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds of values, as in JSON.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// String names the kind as a finding does.
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a text", "a list", "a map"}[k]
}

// Value is a node of a document.
type Value struct {
	Kind  Kind
	style scalarStyle
	// Document is the place of a document in its file, from 0; empty ones count.
	Document int32
	Text     string // of a scalar, decoded
	Pos      diag.Pos
	within   *within // of a list or a map: most values are scalars, and there are very many
}

// within is what is in a list, or in a map. It is not changed, since values that were copied share it.
type within struct {
	items  []*Value
	fields []Field
}

// Items are those of a list.
func (v *Value) Items() []*Value {
	if v.within == nil {
		return nil
	}
	return v.within.items
}

// Fields are those of a map, in the order of the source.
func (v *Value) Fields() []Field {
	if v.within == nil {
		return nil
	}
	return v.within.fields
}

// SetItems makes the value a list of items.
func (v *Value) SetItems(items []*Value) { v.Kind, v.within = List, &within{items: items} }

// SetFields makes the value a map of fields.
func (v *Value) SetFields(fields []Field) { v.Kind, v.within = Map, &within{fields: fields} }

// NewList is a list at a place.
func NewList(at diag.Pos, items ...*Value) *Value {
	v := &Value{Pos: at}
	v.SetItems(items)
	return v
}

// NewMap is a map at a place.
func NewMap(at diag.Pos, fields ...Field) *Value {
	v := &Value{Pos: at}
	v.SetFields(fields)
	return v
}

// Field is one entry of a map.
type Field struct {
	Key   *Value
	Value *Value
}

// Get returns the value of a map's key, or nil.
func (v *Value) Get(key string) *Value {
	if v == nil {
		return nil
	}
	for _, f := range v.Fields() {
		if f.Key.Text == key {
			return f.Value
		}
	}
	return nil
}

// Any tells whether something holds of the value, or of a key or a value in it.
func (v *Value) Any(holds func(*Value) bool) bool {
	return v != nil && (holds(v) || slices.ContainsFunc(v.Items(), func(item *Value) bool { return item.Any(holds) }) ||
		slices.ContainsFunc(v.Fields(), func(f Field) bool { return f.Key.Any(holds) || f.Value.Any(holds) }))
}

// IsPlain tells whether a scalar is written without quotes, so that YAML may
// read more than a text in it.
func (v *Value) IsPlain() bool { return v.style == plain }

// describe shows a value in a finding: a scalar by its text, the rest by kind.
func (v *Value) describe() string {
	switch v.Kind {
	case List, Map, Null:
		return v.Kind.String()
	}
	text := visible(v.Pos.Masked(v.Text))
	if runes := []rune(text); len(runes) > 60 {
		text = string(runes[:60]) + "…"
	}
	return `"` + text + `"`
}

// visible writes the control characters of a text as escapes.
func visible(text string) string {
	var b strings.Builder
	for _, c := range text {
		if unicode.IsControl(c) {
			b.WriteString(strings.Trim(strconv.QuoteRune(c), "'"))
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}
