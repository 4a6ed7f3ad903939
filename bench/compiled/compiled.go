// Package compiled takes a spec through the program's own stages, and reads what
// comes out as Prometheus does: what is measured is what ships.
package compiled

import (
	"fmt"
	"slices"

	"slowburn/alerts"
	"slowburn/generators"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Rules are the rule groups of a service's spec, with the service resolved.
func Rules(text []byte) (*slo.Service, []*rulefile.Group, error) {
	var r diag.Report
	var doc slo.ServiceSpec
	for _, d := range spec.ReadYAML(&diag.Source{Name: "spec", Text: text}, &r) {
		// What a document is, the command reads first.
		d.SetFields(slices.DeleteFunc(d.Fields(), func(f spec.Field) bool { return f.Key.Text == "apiVersion" || f.Key.Text == "kind" }))
		spec.Decode(d, &doc, &r)
	}
	if r.HasErrors() {
		return nil, nil, fmt.Errorf("not a spec: %v", r.Findings())
	}
	service := slo.Resolve(&doc, nil, &r)
	if r.HasErrors() {
		return nil, nil, fmt.Errorf("not a spec: %v", r.Findings())
	}
	var groups []*rulefile.Group
	for _, file := range generators.Compose(alerts.Build(service)).Rules() {
		read, err := Read(file.Path, file.Bytes)
		if err != nil {
			return nil, nil, err
		}
		groups = append(groups, read...)
	}
	return service, groups, nil
}

// Read reads the groups of a rule file.
func Read(name string, text []byte) ([]*rulefile.Group, error) {
	var r diag.Report
	src := &diag.Source{Name: name, Text: text}
	var groups []*rulefile.Group
	for _, doc := range spec.ReadYAML(src, &r) {
		for _, f := range rulefile.Read(src, doc, &r) {
			groups = append(groups, f.Groups...)
		}
	}
	if r.HasErrors() || len(groups) == 0 {
		return nil, fmt.Errorf("%s is not a rule file: %v", name, r.Findings())
	}
	return groups, nil
}
