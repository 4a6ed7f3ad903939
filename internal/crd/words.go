package crd

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/kube-openapi/pkg/validation/errors"

	"slowburn/internal/spec"
)

// refused says what the API server has against a value.
func (r *Resource) refused(e *errors.Validation, s *schema.Structural) Complaint {
	found, ok := r.find(e.Name, s)
	switch {
	case e.Code() == errors.RequiredFailCode:
		return r.missing(e.Name, s)
	case !ok:
	case e.Code() == errors.InvalidTypeCode:
		return r.wrongType(e.Name, found)
	case e.Code() == errors.EnumFailCode:
		return r.notAmong(e, found)
	case e.Code() == errors.PatternFailCode:
		return found.complaint(found.value.Pos, formHelp(found.schema), "%s cannot be %q", found.name(e.Name), found.value.Text)
	}
	return found.complaint(found.value.Pos, "", "%s", strings.ReplaceAll(e.Error(), " in body", ""))
}

// missing is about a key that must be there, at what it is missing in.
func (r *Resource) missing(path string, s *schema.Structural) Complaint {
	above, key := path[:max(0, strings.LastIndexByte(path, '.'))], lastKey(path)
	in, _ := r.find(above, s)
	pos := in.value.Pos
	if in.key != nil {
		pos = in.key.Pos
	}
	return in.complaint(pos, "add "+key+":", "%s lacks %s", r.holder(path, key), key)
}

// repeated is about an item of a list that has the name of another one: at the
// name, where whoever reads the list for itself tells it, too.
func (r *Resource) repeated(path string, s *schema.Structural) Complaint {
	found, _ := r.find(path, s)
	named := found.value
	if found.parent != nil {
		for _, key := range slices.Backward(found.parent.XListMapKeys) {
			if v := found.value.Get(key); v != nil {
				named = v
			}
		}
	}
	if named.Text == "" {
		return found.complaint(named.Pos, "remove one of them", "%s is there twice", lastKey(path))
	}
	return found.complaint(named.Pos, "rename one of them", "%q is there twice", named.Text)
}

// broken is about a rule in CEL that does not hold: at the first key that its
// message names, of what it is a rule of.
func (r *Resource) broken(path, message string, s *schema.Structural) Complaint {
	found, _ := r.find(path, s)
	pos := found.value.Pos
	for _, word := range strings.FieldsFunc(message, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		if v := found.value.Get(word); v != nil {
			pos = v.Pos
			break
		}
	}
	return found.complaint(pos, "", "%s: %s", path, message)
}

func (r *Resource) wrongType(path string, found place) Complaint {
	want := typeOf(found.schema)
	what, is := found.name(path), found.value.Kind.String()
	scalar := found.value.Kind == spec.Bool || found.value.Kind == spec.Number || found.value.Kind == spec.String
	switch {
	case want == spec.String.String() && scalar:
		return found.complaint(found.value.Pos, "quote it", "%s takes a text, and %s is %s", what, found.value.Text, is)
	case found.value.Kind == spec.String && !found.value.IsPlain() && isQuoted(found.value.Text):
		return found.complaint(found.value.Pos, "write it without quotes", "%s takes %s, and %q is a text", what, want, found.value.Text)
	case scalar && (found.value.Kind != spec.String || want != spec.Map.String()): // such a text may be the secret that a map should refer to
		return found.complaint(found.value.Pos, "", "%s takes %s, not %s", what, want, found.value.Text)
	}
	help := "write " + want
	if isKeyOfSecret(found.schema) {
		help = "write {name: SECRET, key: KEY}"
	}
	return found.complaint(found.value.Pos, help, "%s takes %s, not %s", what, want, is)
}

// isKeyOfSecret tells whether a schema is that of a reference to a key of a
// secret, where people write the secret itself.
func isKeyOfSecret(s *schema.Structural) bool {
	properties := propertiesOf(s)
	_, name := properties["name"]
	_, key := properties["key"]
	return name && key
}

// isQuoted tells whether a text would be something else without its quotes.
func isQuoted(text string) bool {
	_, isText := number(text).(string)
	return !isText || text == "true" || text == "false"
}

// typeOf names the type of what a schema allows. What may be a whole number or a
// text is a text with a convenience.
func typeOf(s *schema.Structural) string {
	switch {
	case s == nil:
		return "something else"
	case s.XIntOrString:
		return spec.String.String()
	}
	switch s.Type {
	case "integer":
		return "a whole number"
	case "number":
		return spec.Number.String()
	case "boolean":
		return spec.Bool.String()
	case "array":
		return spec.List.String()
	case "object":
		return spec.Map.String()
	}
	return spec.String.String()
}

// notAmong is about a value that is none of a list.
func (r *Resource) notAmong(e *errors.Validation, found place) Complaint {
	var known []string
	for _, v := range e.Values {
		known = append(known, fmt.Sprint(v))
	}
	help := "write one of " + strings.Join(known, ", ")
	if near := spec.Nearest(found.value.Text, known); near != "" {
		help = fmt.Sprintf("did you mean %q?", near)
	}
	return found.complaint(found.value.Pos, help, "%s cannot be %q", found.name(e.Name), found.value.Text)
}

// formHelp is the way out of a text that has not the form that it should have.
func formHelp(s *schema.Structural) string {
	if s == nil || s.ValueValidation == nil {
		return ""
	}
	if pattern := s.ValueValidation.Pattern; !strings.Contains(pattern, "ms)?") {
		return "write what " + pattern + " matches"
	}
	return "write 30s, 5m, 1h30m or the like"
}

// name is what a finding calls the place: its key, or that of the list with the
// place in it.
func (at place) name(path string) string {
	if at.key != nil {
		return at.key.Text
	}
	return lastKey(path)
}

// lastKey is the end of a path: a key, with the place in it if it is a list.
func lastKey(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }
