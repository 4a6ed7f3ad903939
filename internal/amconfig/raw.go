package amconfig

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v2"

	"slowburn/internal/spec"
)

// raw is a value as Alertmanager's own YAML parser has it, decoded when asked,
// beside the same value with its place.
type raw struct {
	decode func(any) error // nil for a null
	root   func(any) error // decode of the whole document
	value  *spec.Value
}

// into decodes the value into what a pointer points to. The parser keeps what it
// complained about before it gave up, and would tell it of another value: to
// decode the root, into something that takes anything, makes it forget.
func (n raw) into(pointer any) error {
	return guarded(func() error {
		_ = n.root(new(raw))
		err := n.decode(pointer)
		if err != nil && (strings.Contains(err.Error(), "value contains itself") || strings.Contains(err.Error(), "excessive aliasing")) {
			return nil // it gave up within an alias before, and takes itself to be there still
		}
		return err
	})
}

// UnmarshalYAML keeps what decodes the value for later.
func (n *raw) UnmarshalYAML(decode func(any) error) error {
	n.decode = decode
	return nil
}

// asParts reads a configuration for being decoded part by part.
func asParts(text string, doc *spec.Value) (raw, error) {
	n := raw{value: doc}
	err := guarded(func() error { return yaml.UnmarshalStrict([]byte(text), &n) })
	n.root = n.decode
	return n, err
}

// guarded is the error of a call into Alertmanager's code, which panics on some input.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it crashes Alertmanager: %v", p)
		}
	}()
	return f()
}

type unmarshaler interface{ UnmarshalYAML(func(any) error) error }

// unmarshalerOf is how a value of a type decodes itself, if it does.
func unmarshalerOf(v reflect.Value) (unmarshaler, bool) {
	u, ok := v.Addr().Interface().(unmarshaler)
	return u, ok
}

// shapeOf is the type that a type is decoded through: itself, or what its own
// method asks for.
func shapeOf(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	shape := t
	if u, ok := unmarshalerOf(reflect.New(t).Elem()); ok {
		_ = guarded(func() error {
			return u.UnmarshalYAML(func(into any) error {
				shape = reflect.TypeOf(into).Elem()
				return errors.New("enough")
			})
		})
	}
	return shape
}

// part is a field of a struct, an item of a list or an entry of a map.
type part struct {
	raw
	key    *spec.Value // nil for an item
	name   string
	typ    reflect.Type // nil for a key that the struct does not have
	index  []int        // of the field
	meant  string       // the key that an unknown one was probably meant to be
	guilty bool         // it cannot be decoded
}

// partsOf takes a value apart as a shape does. It has none where it is of another
// form, or none at all.
func partsOf(n raw, shape reflect.Type) []part {
	switch {
	case shape.Kind() == reflect.Slice && n.value.Kind == spec.List:
		var items []raw
		_ = n.into(&items)
		var parts []part
		for i, item := range items {
			item.root, item.value = n.root, or(itemOf(n.value, i), n.value)
			parts = append(parts, part{raw: item, typ: shape.Elem()})
		}
		return parts
	case n.value.Kind == spec.Map && (shape.Kind() == reflect.Map || shape.Kind() == reflect.Struct):
		entries := map[string]raw{}
		_ = n.into(&entries)
		var fields map[string]reflect.StructField
		if shape.Kind() == reflect.Struct {
			fields = fieldsOf(shape)
		}
		var parts []part
		for _, f := range n.value.Fields() {
			entry := entries[f.Key.Text]
			entry.root, entry.value = n.root, f.Value
			p := part{raw: entry, key: f.Key, name: f.Key.Text}
			if shape.Kind() == reflect.Map {
				p.typ = shape.Elem()
			} else if field, ok := fields[p.name]; ok {
				p.typ, p.index = field.Type, field.Index
			}
			parts = append(parts, p)
		}
		return parts
	}
	return nil
}

func itemOf(list *spec.Value, i int) *spec.Value {
	if i < len(list.Items()) {
		return list.Items()[i]
	}
	return nil
}

func or(v, otherwise *spec.Value) *spec.Value {
	if v == nil {
		return otherwise
	}
	return v
}

// fieldsOf are the fields of a struct by their key in YAML.
func fieldsOf(t reflect.Type) map[string]reflect.StructField {
	fields := map[string]reflect.StructField{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case strings.Contains(options, "inline") && f.Type.Kind() == reflect.Struct:
			for name, inner := range fieldsOf(f.Type) {
				inner.Index = append(slices.Clone(f.Index), inner.Index...)
				fields[name] = inner
			}
		case name == "":
			fields[strings.ToLower(f.Name)] = f
		default:
			fields[name] = f
		}
	}
	return fields
}

// assemble decodes a value from those of its parts that can be, and lets it say
// what is wrong with them together.
func assemble(into reflect.Value, parts []part) error {
	fill := func(into reflect.Value) error {
		for _, p := range parts {
			if p.guilty || p.decode == nil {
				continue
			}
			if err := p.putInto(into); err != nil {
				return err
			}
		}
		return nil
	}
	return guarded(func() error {
		if u, ok := unmarshalerOf(into); ok {
			return u.UnmarshalYAML(func(shape any) error { return fill(reflect.ValueOf(shape).Elem()) })
		}
		return fill(into)
	})
}

// putInto decodes a part to its place in a struct, list or map.
func (p part) putInto(whole reflect.Value) error {
	if p.index != nil {
		return p.into(whole.FieldByIndex(p.index).Addr().Interface())
	}
	v := reflect.New(p.typ).Elem()
	if err := p.into(v.Addr().Interface()); err != nil {
		return err
	}
	if p.key == nil {
		whole.Set(reflect.Append(whole, v))
		return nil
	}
	if whole.IsNil() {
		whole.Set(reflect.MakeMap(whole.Type()))
	}
	whole.SetMapIndex(reflect.ValueOf(p.name).Convert(whole.Type().Key()), v)
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
