package main

import (
	"slowburn/alerts"
	"slowburn/generators"
	"slowburn/internal/diag"
	"slowburn/internal/routetest"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// apiVersion is the version of the spec format.
const apiVersion = "slowburn/v1"

// What reading documents finds.
var (
	unknownDocument = &diag.Kind{Name: "unknown-document", Severity: diag.Error, Doc: `A file holds something that slowburn does not know.

Specs begin with apiVersion: slowburn/v1 and have kind Service or Routing.`}
	unreadableFile = &diag.Kind{Name: "unreadable-file", Severity: diag.Error, Doc: `A file in a folder cannot be read.

A link leads nowhere, a pipe or a folder has the name of a file, or permissions are missing. What is in it is not compiled.`}
	emptyFile = &diag.Kind{Name: "empty-file", Severity: diag.Warning, Doc: `A file holds no document.

It is empty, or everything in it is a comment. What should be there is not compiled.`}
	unknownEnvironment = &diag.Kind{Name: "unknown-environment", Severity: diag.Error, Doc: `An overlay patches a document that does not exist.

An overlay is a document with env: NAME; it is laid over the document of the same kind and name when --env NAME is given.`}
)

// document is one document of a spec file.
type document struct {
	value           *spec.Value
	kind, name, env string
}

// DocumentHeader is what every document begins with.
type DocumentHeader struct {
	// APIVersion is the version of the format: slowburn/v1.
	APIVersion spec.Text `json:"apiVersion" jsonschema:"required,enum=slowburn/v1"`
	// Kind of the document: Service or Routing.
	Kind spec.Text `json:"kind" jsonschema:"required,enum=Service,enum=Routing"`
	// Env makes this an overlay: it is laid over the document of the same kind and name under --env. Maps merge, lists
	// merge by name, everything else is replaced; a key without a value is removed.
	Env spec.Name `json:"env,omitempty"`
}

// serviceDocument is a document of kind Service.
type serviceDocument struct {
	DocumentHeader
	slo.ServiceSpec
	alerts.AlertsSpec
	alerts.ComponentsSpec
	alerts.AutoscalersSpec
	generators.OutputSpec
	simulate.ScenariosSpec
}

// routingDocument is a document of kind Routing.
type routingDocument struct {
	DocumentHeader
	alerts.RoutingSpec
	generators.RoutingOutputSpec
	routetest.ListSpec
}

// kinds are the kinds of documents. Each decodes a value; an overlay's is
// checked and then dropped, since it only counts when merged.
var kinds = map[string]func(b *build, v *spec.Value, isOverlay bool){
	"Service": func(b *build, v *spec.Value, isOverlay bool) {
		b.services = append(b.services, decodeInto[serviceDocument](b, v, isOverlay)...)
	},
	"Routing": func(b *build, v *spec.Value, isOverlay bool) {
		spec.Conceal(v)
		b.routings = append(b.routings, decodeInto[routingDocument](b, v, isOverlay)...)
	},
}

// namedLists are the lists of which overlays must name the items, by the kind of document.
var namedLists = map[string][]spec.NamedList{
	"Service": append(slo.NamedLists(), alerts.NamedList()),
	"Routing": alerts.RoutingLists(),
}

func decodeInto[T any](b *build, v *spec.Value, isOverlay bool) []*T {
	doc := new(T)
	if isOverlay {
		spec.DecodeOverlay(v, doc, b.report)
		return nil
	}
	spec.Decode(v, doc, b.report)
	return []*T{doc}
}

func (b *build) decode() {
	seen := map[string]diag.Pos{}
	for _, d := range b.base {
		key := d.kind + " " + d.name
		if first, ok := seen[key]; ok {
			b.report.Add(slo.DuplicateName, d.value.Pos, "rename one of them, or make it an overlay with env", "%s %q exists already, at %s", d.kind, d.name, first)
			continue
		}
		seen[key] = d.value.Pos
		kinds[d.kind](b, d.value, false)
	}
	for _, extra := range b.routings[min(1, len(b.routings)):] {
		b.report.Add(slo.DuplicateName, extra.RoutingSpec.Pos(), "merge them: an Alertmanager has one configuration", "the folder has another Routing, at %s", b.routings[0].RoutingSpec.Pos())
	}
}
