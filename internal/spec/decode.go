package spec

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// What decoding finds.
var (
	UnknownKey = &diag.Kind{Name: "unknown-key", Severity: diag.Error, Doc: `A spec has a key that means nothing.

It would be ignored, and what it was meant to set would silently stay unset. The finding names the nearest key that exists.`}
	MissingKey = &diag.Kind{Name: "missing-key", Severity: diag.Error, Doc: `A spec lacks a key that it must have.`}
	WrongType  = &diag.Kind{Name: "wrong-type", Severity: diag.Error, Doc: `A key has a value of another type than it takes.

Text that YAML reads as a number, as true or false, or as nothing must be quoted: "5", "yes", "null".`}
	BadValue = &diag.Kind{Name: "bad-value", Severity: diag.Error, Doc: `A value has the right type and the wrong form.

Durations are written 30s, 5m, 1h30m, 30d; shares as percentages (99.5%) or fractions (0.995); names of specs in lower case
letters, digits and dashes (api-availability), since they become file names, Kubernetes names and label values.`}
)

// Decoder is a type that reads itself from a value and reports what is wrong with it.
type Decoder interface {
	DecodeSpec(v *Value, r *diag.Report)
}

// Node is embedded in a struct that wants to know the value it came from.
type Node struct {
	value *Value
}

// Value is the value that the struct was decoded from.
func (n Node) Value() *Value { return n.value }

// Pos is where the struct begins in its source.
func (n Node) Pos() diag.Pos {
	if n.value == nil {
		return diag.Pos{}
	}
	return n.value.Pos
}

// KeyPos is where the struct's value for key begins, or where the struct does.
func (n Node) KeyPos(key string) diag.Pos {
	if v := n.value.Get(key); v != nil {
		return v.Pos
	}
	return n.Pos()
}

// Confidential is embedded in a struct beside whose keys people may write a
// secret: no finding about it shows the text of an unknown key, or the line.
type Confidential struct{ Node }

func (Confidential) confidential() {}

// isConfidential tells whether Confidential is embedded in a struct.
func isConfidential(s reflect.Value) bool {
	_, ok := s.Interface().(interface{ confidential() })
	return ok
}

// NodeOf is the Node of a type that decodes itself.
func NodeOf(v *Value) Node { return Node{v} }

// Decode fills into, a pointer to a struct, from v. Keys are the names of json
// tags; embedded structs share their parent's keys; a tag jsonschema:"required"
// makes a key mandatory. Everything that does not fit is reported.
func Decode(v *Value, into any, r *diag.Report) {
	decoder{report: r}.decode(v, reflect.ValueOf(into).Elem())
}

// DecodeOverlay is Decode for a document that only patches another: no key is mandatory.
func DecodeOverlay(v *Value, into any, r *diag.Report) {
	decoder{report: r, partial: true}.decode(v, reflect.ValueOf(into).Elem())
}

type decoder struct {
	report  *diag.Report
	partial bool
}

func (d decoder) wrongType(v *Value, want string) {
	help := "write " + want
	if want == "a text" && (v.Kind == Number || v.Kind == Bool) {
		help = "quote it"
	}
	d.report.Add(WrongType, v.Pos, help, "%s is not %s", v.describe(), want)
}

func (d decoder) decode(v *Value, into reflect.Value) {
	if self, ok := into.Addr().Interface().(Decoder); ok {
		if d.partial {
			v = v.withoutRemovals()
		}
		self.DecodeSpec(v, d.report)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.decode(v, into.Elem())
	case reflect.Struct:
		d.decodeStruct(v, into)
	case reflect.Slice:
		if v.Kind != List {
			d.wrongType(v, "a list")
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(v.Items()), len(v.Items())))
		for i, item := range v.Items() {
			d.decode(item, into.Index(i))
		}
	case reflect.Map:
		d.decodeMap(v, into)
	case reflect.Bool:
		if v.Kind != Bool {
			d.wrongType(v, "true or false")
			return
		}
		into.SetBool(strings.EqualFold(v.Text, "true"))
	default:
		panic(fmt.Sprintf("spec: no decoding into %s", into.Type()))
	}
}

func (d decoder) decodeMap(v *Value, into reflect.Value) {
	if v.Kind != Map {
		d.wrongType(v, "a map")
		return
	}
	into.Set(reflect.MakeMapWithSize(into.Type(), len(v.Fields())))
	for _, f := range v.Fields() {
		key := reflect.New(into.Type().Key()).Elem()
		d.decode(f.Key, key)
		value := reflect.New(into.Type().Elem()).Elem()
		d.decode(f.Value, value)
		into.SetMapIndex(key, value)
	}
}

func (d decoder) decodeStruct(v *Value, into reflect.Value) {
	if v.Kind != Map && isConfidential(into) {
		v.Pos.Hide()
		d.report.Add(WrongType, v.Pos, "write a map", "%s is not a map", v.Kind)
		return
	}
	if v.Kind != Map {
		d.wrongType(v, "a map")
		return
	}
	fields := structFields(into)
	meant := map[string]bool{} // keys that others are misspelt for
	for _, f := range v.Fields() {
		field, ok := fields[f.Key.Text]
		if !ok {
			if isConfidential(into) {
				f.Value.Pos.Hide()
			}
			meant[d.unknownKey(f.Key, fields)] = true
			continue
		}
		if f.Value.Kind == Null {
			if !d.partial { // an overlay removes a key so
				help := "give it a value, or leave the key out"
				if isCommentedOut(f.Key) {
					help = "quote it: a # behind a space begins a comment"
				}
				d.report.Add(MissingKey, f.Key.Pos, help, "%s has no value", f.Key.describe())
			}
			continue
		}
		d.decode(f.Value, field.value)
	}
	setNodes(v, into)
	if d.partial {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name].required && v.Get(name) == nil && !meant[name] {
			d.report.Add(MissingKey, v.Pos, "add it", "key %q is missing", name)
		}
	}
}

// unknownKey reports a key that means nothing, and returns the one that was
// probably meant, if any is.
func (d decoder) unknownKey(key *Value, fields map[string]structField) (meant string) {
	var known, allowed []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		known = append(known, name)
		if _, ok := fields[name].value.Interface().(forbidden); !ok {
			allowed = append(allowed, name)
		}
	}
	near := Nearest(key.Text, known)
	help := Suggest(key.Text, allowed)
	if field, ok := fields[near]; ok {
		if f, ok := field.value.Interface().(forbidden); ok {
			near = f.Instead(near)
		}
		help = fmt.Sprintf("did you mean %q?", near)
	}
	if isDigits().MatchString(key.Text) {
		near, help = "", "write numbers without separators: in braces a comma begins the next key"
	}
	d.report.Add(UnknownKey, key.Pos, help, "unknown key %s", key.describe())
	return near
}

var isDigits = pattern.New(`^[0-9]{3}$`)

// isCommentedOut tells whether a # stands where the value of a key should, as a
// channel is called, and not as people begin a comment.
func isCommentedOut(key *Value) bool {
	if key.Pos.Source == nil || key.Pos.Path != "" {
		return false
	}
	line := []rune(key.Pos.Source.Line(key.Pos.Line))
	if key.Pos.Col < 1 || key.Pos.Col > len(line) {
		return false
	}
	_, behind, _ := strings.Cut(string(line[key.Pos.Col-1:]), ":")
	value := strings.TrimLeft(behind, " \t")
	return len(value) > 1 && value[0] == '#' && value[1] != ' ' && value[1] != '#'
}

// forbidden is a key that is known so that it can be refused: no finding may
// lead to it.
type forbidden interface {
	// Instead is the key to write in place of it.
	Instead(key string) string
}

type structField struct {
	value    reflect.Value
	required bool
}

// structFields are the fields of a struct by key, those of embedded structs among them.
func structFields(s reflect.Value) map[string]structField {
	fields := map[string]structField{}
	for i := range s.NumField() {
		t := s.Type().Field(i)
		if t.Anonymous && t.Type.Kind() == reflect.Struct {
			maps.Copy(fields, structFields(s.Field(i)))
			continue
		}
		name, _, _ := strings.Cut(t.Tag.Get("json"), ",")
		if name == "" || name == "-" || !t.IsExported() {
			continue
		}
		required := slices.Contains(strings.Split(t.Tag.Get("jsonschema"), ","), "required")
		fields[name] = structField{s.Field(i), required}
	}
	return fields
}

// setNodes tells a struct and those embedded in it where they come from.
func setNodes(v *Value, s reflect.Value) {
	if n, ok := s.Addr().Interface().(*Node); ok {
		*n = NodeOf(v)
		return
	}
	for i := range s.NumField() {
		if t := s.Type().Field(i); t.Anonymous && t.Type.Kind() == reflect.Struct {
			setNodes(v, s.Field(i))
		}
	}
}
