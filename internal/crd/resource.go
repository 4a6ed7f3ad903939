package crd

import (
	"slices"
	"strconv"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Resource is a resource of a kind that is known.
type Resource struct {
	Kind   string
	Source *diag.Source
	Value  *spec.Value

	definition *definition
}

// Resources are those of a document: itself, or those of a list, as kubectl get
// prints them.
func Resources(src *diag.Source, doc *spec.Value) []*Resource {
	items := []*spec.Value{doc}
	if kind := text(doc, "kind"); strings.HasSuffix(kind, "List") && doc.Get("items") != nil {
		items = doc.Get("items").Items()
	}
	var all []*Resource
	for _, item := range items {
		if d := definitionOf(item); d != nil {
			all = append(all, &Resource{Kind: d.kind, Source: src, Value: item, definition: d})
		}
	}
	return all
}

// definitionOf is the definition of a resource's kind. A resource without group
// is taken for one where it has what resources have; another group may have a
// kind of the same name.
func definitionOf(v *spec.Value) *definition {
	d := definitions()[text(v, "kind")]
	if d == nil || v.Get("metadata") == nil && v.Get("spec") == nil {
		return nil
	}
	if group, _, ok := strings.Cut(text(v, "apiVersion"), "/"); ok && group != d.group {
		return nil
	}
	return d
}

// Misspelt tells whether a document has the group of a kind that is known, and
// nearly its name: nothing would tell that it was not looked at.
func Misspelt(doc *spec.Value) bool {
	kind := text(doc, "kind")
	near := definitions()[spec.Nearest(kind, Kinds())]
	group, _, _ := strings.Cut(text(doc, "apiVersion"), "/")
	return near != nil && near.kind != kind && near.kind+"List" != kind && near.group == group
}

// version is the version that the resource is written for; nil where there is
// no such.
func (r *Resource) version() *version {
	group, name, _ := strings.Cut(text(r.Value, "apiVersion"), "/")
	if group != r.definition.group {
		return nil
	}
	return r.definition.load()[name]
}

// APIVersions are what a resource of the kind may have as apiVersion, sorted.
func (r *Resource) APIVersions() []string { return r.definition.apiVersions() }

// HasVersion tells whether the resource's apiVersion is one of those.
func (r *Resource) HasVersion() bool {
	return slices.Contains(r.APIVersions(), text(r.Value, "apiVersion"))
}

func text(v *spec.Value, key string) string {
	if field := v.Get(key); field != nil {
		return field.Text
	}
	return ""
}

// number is a number as JSON has it: the API server tells whole ones from others.
func number(text string) any {
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return n
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return n
}

// Named is the kind with an article.
func (r *Resource) Named() string {
	if strings.ContainsRune("AEIOU", rune(r.Kind[0])) {
		return "an " + r.Kind
	}
	return "a " + r.Kind
}
