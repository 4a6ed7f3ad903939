package crd

import (
	"fmt"
	"strconv"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// place is what a path of the API server, such as spec.endpoints[0].port, leads
// to.
type place struct {
	key   *spec.Value // what it stands under; nil for an item of a list
	value *spec.Value
	// schema is what the definition says of it, and parent of what it stands in; nil where anything goes.
	schema, parent *schema.Structural
	item           *spec.Value // the innermost item of a list that it is, or stands in; nil where there is none
}

// find follows a path from the top of a resource.
func (r *Resource) find(path string, s *schema.Structural) (place, bool) {
	return place{value: r.Value, schema: s}.find(strings.TrimPrefix(path, "."))
}

// find follows a path as far as it leads. Keys may have dots in them, and the
// path says nothing of where a key ends: whichever leads on is right.
func (at place) find(path string) (place, bool) {
	path = strings.TrimPrefix(path, ".")
	if path == "" {
		return at, true
	}
	if rest, ok := strings.CutPrefix(path, "["); ok {
		index, rest, _ := strings.Cut(rest, "]")
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(at.value.Items()) {
			return at, false
		}
		item := at.value.Items()[i]
		return place{value: item, schema: itemsOf(at.schema), parent: at.schema, item: item}.find(rest)
	}
	for _, f := range at.value.Fields() {
		rest, ok := strings.CutPrefix(path, f.Key.Text)
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		below := place{key: f.Key, value: f.Value, schema: propertyOf(at.schema, f.Key.Text), parent: at.schema, item: at.item}
		if found, ok := below.find(rest); ok {
			return found, true
		}
	}
	return at, false
}

// complaint is one at the place, about the item that it is in.
func (at place) complaint(pos diag.Pos, help, format string, args ...any) Complaint {
	scope := pos
	scope.Col++ // not the keys beside it
	if at.item != nil {
		scope = at.item.Pos
	}
	return Complaint{Pos: pos, Scope: scope, Help: help, Message: fmt.Sprintf(format, args...)}
}

func itemsOf(s *schema.Structural) *schema.Structural {
	if s == nil {
		return nil
	}
	return s.Items
}

func propertyOf(s *schema.Structural, key string) *schema.Structural {
	if s == nil {
		return nil
	}
	if property, ok := s.Properties[key]; ok {
		return &property
	}
	if s.AdditionalProperties != nil {
		return s.AdditionalProperties.Structural
	}
	return nil
}

func propertiesOf(s *schema.Structural) map[string]schema.Structural {
	if s == nil {
		return nil
	}
	return s.Properties
}
