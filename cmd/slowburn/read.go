package main

import (
	"maps"
	"path"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

func (b *build) read() {
	var empty []file
	for _, f := range b.unit.files {
		before := b.report.Len()
		if f.err != nil {
			b.report.Add(unreadableFile, diag.Pos{Source: f.source}, "mend or remove it", "the file cannot be read: %v", reason(f.err))
			continue
		}
		if b.passes(f) {
			continue
		}
		docs := b.readFile(f)
		for _, v := range docs {
			b.addDocument(v, f)
		}
		if len(docs) == 0 && b.report.Len() == before {
			empty = append(empty, f)
		}
	}
	for _, f := range empty {
		// A program, and an empty file beside specs, is a spec that got lost; elsewhere it may be anything.
		if f.explicit || isProgram(f) || len(b.documents) > 0 {
			b.report.Add(emptyFile, diag.Pos{Source: f.source}, "remove it, or run slowburn init for a first spec", "the file is empty")
			b.partial = b.partial || !slices.ContainsFunc(b.documents, func(d document) bool { return d.env == "" && d.kind == "Service" })
		}
	}
	b.partial = b.partial || b.report.HasErrors()
}

func (b *build) readFile(f file) []*spec.Value {
	if isProgram(f) {
		docs := spec.ReadJsonnet(f.source, b.unit.root, f.name, b.evaluate, b.report)
		return slices.DeleteFunc(docs, isEmptyMap)
	}
	return spec.ReadYAML(f.source, b.report)
}

func isProgram(f file) bool { return path.Ext(f.name) == ".jsonnet" }

// addDocument recognises a document by its header.
func (b *build) addDocument(v *spec.Value, f file) {
	text := func(key string) string {
		if field := v.Get(key); field != nil {
			return field.Text
		}
		return ""
	}
	version, kind := text("apiVersion"), text("kind")
	switch {
	case version == apiVersion && kinds[kind] != nil:
		b.documents = append(b.documents, document{v, kind, text("name"), text("env")})
	case version == apiVersion && v.Get("kind") == nil:
		b.report.Add(unknownDocument, v.Pos, "add kind: Service or kind: Routing", "the document has no kind")
	case version == apiVersion:
		b.report.Add(unknownDocument, v.Get("kind").Pos, kindHelp(kind), "there is no kind %q", kind)
	case isNearVersion(version):
		b.report.Add(unknownDocument, v.Get("apiVersion").Pos, "write apiVersion: "+apiVersion, "this version of slowburn does not read %q", version)
	case version == "" && (v.Get("slos") != nil || kinds[kind] != nil || hasNearVersion(v)):
		b.report.Add(unknownDocument, v.Pos, "begin it with apiVersion: "+apiVersion, "the document is not a spec")
	default:
		b.others = append(b.others, other{v, f})
	}
}

// kindHelp is the way out for a kind that there is not.
func kindHelp(kind string) string {
	if near := spec.Nearest(kind, slices.Sorted(maps.Keys(kinds))); near != "" {
		return "did you mean " + near + "?"
	}
	return "write kind: Service or kind: Routing"
}

// isNearVersion tells whether a version was meant to be slowburn's. A document
// that is passed over must be somebody else's for certain: nothing would tell
// that its SLOs are missing.
func isNearVersion(version string) bool {
	name, _, _ := strings.Cut(version, "/")
	return version != "" && (strings.EqualFold(name, "slowburn") || spec.Nearest(version, []string{apiVersion}) != "")
}

// hasNearVersion tells whether the version stands under another key, which was meant to be apiVersion.
func hasNearVersion(v *spec.Value) bool {
	return slices.ContainsFunc(v.Fields(), func(f spec.Field) bool { return f.Value.Kind == spec.String && isNearVersion(f.Value.Text) })
}
