package amconfig

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/config"

	"slowburn/internal/spec"
)

// unknownKey reports a key that its struct does not have. What stands there is
// looked at as what was probably meant.
func (b *blamer) unknownKey(parts []part, i int, shape reflect.Type) {
	p := &parts[i]
	known := fieldsOf(shape)
	near := spec.Nearest(p.name, sortedKeys(known))
	if slices.Contains(secretKeys, near) {
		concealAll(p.value)
	}
	b.report.Add(Invalid, p.key.Pos, belongs(parts, p.name, known), "there is no key %q here", p.name)
	p.guilty, p.meant = true, near
	if near != "" && fits(p.value, known[near].Type) {
		b.blame(p.raw, known[near].Type)
	}
}

// fits tells whether most keys in a value are those of a type. Otherwise
// something else was meant, and what stands in it is no further mistake.
func fits(v *spec.Value, t reflect.Type) bool {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t = shapeOf(t); t.Kind() != reflect.Struct {
		return true
	}
	known := sortedKeys(fieldsOf(t))
	keys, right := 0, 0
	for _, of := range append([]*spec.Value{v}, v.Items()...) {
		for _, f := range of.Fields() {
			keys++
			if spec.Nearest(f.Key.Text, known) != "" {
				right++
			}
		}
	}
	return 2*right >= keys
}

// concealAll conceals a value that is written where a secret was meant.
func concealAll(v *spec.Value) {
	v.Pos.Conceal(v.Text)
	for _, item := range v.Items() {
		concealAll(item)
	}
	for _, f := range v.Fields() {
		concealAll(f.Value)
	}
}

// belongs says where a key belongs that is not known where it stands: mostly it
// is spelt otherwise, or indented too far or too little.
func belongs(parts []part, name string, known map[string]reflect.StructField) string {
	if spec.Nearest(name, sortedKeys(known)) == "" {
		if _, ok := fieldsOf(reflect.TypeFor[config.Config]())[name]; ok {
			return "it belongs to the top of the configuration: indent it less"
		}
		for _, sibling := range parts {
			of := sibling.typ
			for of != nil && (of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer) {
				of = of.Elem()
			}
			if of == nil || of.Kind() != reflect.Struct {
				continue
			}
			if of = shapeOf(of); of.Kind() != reflect.Struct {
				continue
			}
			if _, ok := fieldsOf(of)[name]; ok {
				return "it belongs to an item of " + sibling.name + ": indent it more"
			}
		}
	}
	return spec.Suggest(name, sortedKeys(known))
}

// add reports a complaint about a value, which may name something in it.
func (b *blamer) add(v *spec.Value, shape reflect.Type, err error) {
	message := b.clean(err)
	if strings.HasPrefix(message, "cannot unmarshal ") {
		b.report.Add(Invalid, v.Pos, b.without(reform(v, shape)), "this is %s, and Alertmanager wants %s here", v.Kind, formOf(shape))
		return
	}
	for _, key := range []string{"name", "receiver"} {
		if name := v.Get(key); name != nil && name.Kind == spec.Null && strings.Contains(message, key) {
			b.report.Add(Invalid, name.Pos, `quote it: "null"`, "%s; null without quotes is nothing", message)
			return
		}
	}
	b.report.Add(Invalid, b.placeIn(v, message), wayOut(message), "%s", message)
}

// formOf says what form a value of a type has.
func formOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return spec.List.String()
	case reflect.Map, reflect.Struct:
		return spec.Map.String()
	case reflect.Bool:
		return spec.Bool.String()
	case reflect.String:
		return spec.String.String()
	}
	return spec.Number.String()
}

// reform says how to write a value in the form that a type has, if it is none
// that must not be shown.
func reform(v *spec.Value, t reflect.Type) string {
	if v.Pos.Hidden() {
		return ""
	}
	single := v
	if v.Kind == spec.List && len(v.Items()) == 1 {
		single = v.Items()[0]
	}
	switch wants := t.Kind(); {
	case wants == reflect.Bool && (v.Text == "true" || v.Text == "false"):
		return "leave the quotes out"
	case wants == reflect.Slice && v.Kind != spec.Map:
		return fmt.Sprintf("write [%s]", v.Text)
	case wants == reflect.Slice:
		return "begin each item with a dash"
	case wants == reflect.String && v.Kind == spec.Map && len(v.Fields()) == 1 && v.Fields()[0].Value.Kind == spec.String:
		return fmt.Sprintf("write %s=%q", v.Fields()[0].Key.Text, v.Fields()[0].Value.Text)
	case wants == reflect.String && v.Kind == spec.List:
		return "write one text"
	case (wants == reflect.Map || wants == reflect.Struct) && single.Kind == spec.Map:
		return "leave the dash out"
	}
	return ""
}
