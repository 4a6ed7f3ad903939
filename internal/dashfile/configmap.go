package dashfile

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// IsConfigMap tells whether a document is a ConfigMap with files in which there
// may be dashboards.
func IsConfigMap(doc *spec.Value) bool {
	data := doc.Get("data")
	return text(doc, "kind") == "ConfigMap" && data != nil && slices.ContainsFunc(data.Fields, isFile)
}

func isFile(f spec.Field) bool {
	return f.Value.Kind == spec.String && strings.HasSuffix(f.Key.Text, ".json")
}

// InConfigMap reads the dashboards that a ConfigMap holds as files, for a sidecar
// of Grafana; those of a list of resources, too.
func InConfigMap(src *diag.Source, doc *spec.Value, r *diag.Report) []*Dashboard {
	if strings.HasSuffix(text(doc, "kind"), "List") {
		var all []*Dashboard
		for _, item := range items(doc.Get("items")) {
			all = append(all, InConfigMap(src, item, r)...)
		}
		return all
	}
	if !IsConfigMap(doc) {
		return nil
	}
	var all []*Dashboard
	for _, f := range doc.Get("data").Fields {
		if !isFile(f) {
			continue
		}
		var found diag.Report
		docs := spec.ReadInside(f.Value, &found)
		if strings.Contains(f.Value.Text, `"panels"`) {
			r.Append(found.Findings()...) // other files are somebody else's
		}
		for _, v := range docs {
			if Is(v) {
				all = append(all, Read(src, v))
			}
		}
	}
	return all
}
