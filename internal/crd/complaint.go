package crd

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/kube-openapi/pkg/validation/errors"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Complaint is why the API server refuses a resource.
type Complaint struct {
	Pos, Scope    diag.Pos // Scope is where the item begins that it is about
	Message, Help string
}

// Complaints are all that the API server has against a resource when it is told
// to be strict, in its order; against a resource of an unknown version, none.
func (r *Resource) Complaints() []Complaint {
	v := r.version()
	if v == nil || r.Value.Kind != spec.Map {
		return nil
	}
	content := object(r.Value).(map[string]any)
	all := r.unknownMetadata()
	for _, path := range pruning.PruneWithOptions(content, v.schema, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}) {
		all = append(all, r.unknownKey(path, v.schema))
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(content, v.schema)
	defaulting.Default(content, v.schema)
	return append(all, r.refusals(content, v)...)
}

// refusals are the complaints about what is left after keys that are unknown
// were dropped.
func (r *Resource) refusals(content map[string]any, v *version) []Complaint {
	var all []Complaint
	for _, err := range v.validator.Validate(content).Errors {
		if e, ok := err.(*errors.Validation); ok {
			all = append(all, r.refused(e, v.schema))
		}
	}
	for _, e := range listtype.ValidateListSetsAndMaps(nil, v.schema, content) {
		all = append(all, r.repeated(e.Field, v.schema))
	}
	if v.rules == nil || len(all) > 0 {
		return all // rules expect that types are right
	}
	broken, _ := v.rules.Validate(context.Background(), nil, v.schema, content, nil, celconfig.RuntimeCELCostBudget)
	for _, e := range broken {
		all = append(all, r.broken(e.Field, e.Detail, v.schema))
	}
	return all
}

// at is a complaint about what a path leads to.
func (r *Resource) at(path string, s *schema.Structural, help, format string, args ...any) Complaint {
	found, _ := r.find(path, s)
	return found.complaint(found.value.Pos, help, format, args...)
}

func (r *Resource) unknownKey(path string, s *schema.Structural) Complaint {
	found, ok := r.find(path, s)
	if !ok || found.key == nil {
		return r.at(path, s, "remove it", "%s has no key %q", r.Named(), path)
	}
	var known []string
	for key := range propertiesOf(found.parent) {
		known = append(known, key)
	}
	slices.Sort(known)
	return found.complaint(found.key.Pos, spec.Suggest(found.key.Text, known), "%s has no key %q", r.holder(path, found.key.Text), found.key.Text)
}

// holder names what a key stands in.
func (r *Resource) holder(path, key string) string {
	if above := strings.TrimSuffix(strings.TrimSuffix(path, key), "."); above != "" {
		return above
	}
	return r.Named()
}

// metadataKeys are those of metadata, which definitions say nothing of.
var metadataKeys = func() []string {
	var keys []string
	for field := range reflect.TypeFor[metav1.ObjectMeta]().Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		keys = append(keys, key)
	}
	return keys
}()

func (r *Resource) unknownMetadata() []Complaint {
	var all []Complaint
	metadata := r.Value.Get("metadata")
	if metadata == nil {
		return nil
	}
	for _, f := range metadata.Fields() {
		if !slices.Contains(metadataKeys, f.Key.Text) {
			all = append(all, place{}.complaint(f.Key.Pos, spec.Suggest(f.Key.Text, metadataKeys), "metadata has no key %q", f.Key.Text))
		}
	}
	return all
}

// object is a value as JSON has it.
func object(v *spec.Value) any {
	switch v.Kind {
	case spec.Bool:
		return v.Text == "true"
	case spec.Number:
		return number(v.Text)
	case spec.String:
		return v.Text
	case spec.List:
		list := make([]any, 0, len(v.Items()))
		for _, item := range v.Items() {
			list = append(list, object(item))
		}
		return list
	case spec.Map:
		fields := make(map[string]any, len(v.Fields()))
		for _, f := range v.Fields() {
			fields[f.Key.Text] = object(f.Value)
		}
		return fields
	}
	return nil
}
