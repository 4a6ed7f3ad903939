package dashfile

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Holds tells whether a document is a resource that holds dashboards as texts: a
// ConfigMap with files in which there may be some, for a sidecar of Grafana, or a
// GrafanaDashboard of its operator.
func Holds(doc *spec.Value) bool {
	switch text(doc, "kind") {
	case "ConfigMap":
		data := doc.Get("data")
		return data != nil && slices.ContainsFunc(data.Fields(), isFile)
	case "GrafanaDashboard":
		of := doc.Get("spec")
		return kindOf(of.Get("json")) == spec.String || kindOf(of.Get("gzipJson")) == spec.String
	}
	return false
}

func isFile(f spec.Field) bool {
	return f.Value.Kind == spec.String && strings.HasSuffix(f.Key.Text, ".json")
}

// Held reads the dashboards that a resource holds, and those of a list of
// resources.
func Held(src *diag.Source, doc *spec.Value, r *diag.Report) []*Dashboard {
	var all []*Dashboard
	if strings.HasSuffix(text(doc, "kind"), "List") {
		for _, item := range items(doc.Get("items")) {
			all = append(all, Held(src, item, r)...)
		}
		return all
	}
	if !Holds(doc) {
		return nil
	}
	if text(doc, "kind") == "GrafanaDashboard" {
		return heldByOperator(src, doc.Get("spec"), r)
	}
	for _, f := range doc.Get("data").Fields() {
		if !isFile(f) {
			continue
		}
		var found diag.Report
		all = append(all, dashboardsIn(src, spec.ReadInside(f.Value, &found))...)
		if strings.Contains(f.Value.Text, `"panels"`) {
			r.Append(found.Findings()...) // other files are somebody else's
		}
	}
	return all
}

// heldByOperator are those of a GrafanaDashboard, which may be compressed.
func heldByOperator(src *diag.Source, of *spec.Value, r *diag.Report) []*Dashboard {
	if v := of.Get("json"); kindOf(v) == spec.String {
		return dashboardsIn(src, spec.ReadInside(v, r))
	}
	v := of.Get("gzipJson")
	plain, err := unzipped(v.Text)
	if err != nil {
		r.Add(spec.BadValue, v.Pos, "make it by gzip -c dashboard.json | base64", "gzipJson cannot be unpacked: %v", err)
		return nil
	}
	return dashboardsIn(src, spec.ReadHeld(v, plain, r))
}

// largestHeld is how long a dashboard may be: what Kubernetes keeps is far smaller
// when it is packed.
const largestHeld = 32 << 20

func unzipped(packed string) (string, error) {
	compressed, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(packed), ""))
	if err != nil {
		return "", err
	}
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return "", err
	}
	plain, err := io.ReadAll(io.LimitReader(reader, largestHeld+1))
	if err == nil && len(plain) > largestHeld {
		err = errors.New("it is longer than 32 MiB")
	}
	return string(plain), err
}

func dashboardsIn(src *diag.Source, docs []*spec.Value) []*Dashboard {
	var all []*Dashboard
	for _, v := range docs {
		if Is(v) {
			all = append(all, Read(src, v))
		}
	}
	return all
}
