package main

import (
	"slices"

	"slowburn/internal/check"
	"slowburn/internal/crd"
	"slowburn/internal/diag"
)

// resources are the custom resources of a unit, PrometheusRules among them.
func (b *build) resources() []*crd.Resource {
	var all []*crd.Resource
	for _, o := range b.others {
		all = append(all, crd.Resources(o.file.source, o.value)...)
	}
	return all
}

// checkResources judges custom resources. What the reader of rules has said of a
// place already, it has said better.
func (b *build) checkResources(resources []*crd.Resource) []check.Finding {
	told := map[string]bool{}
	for _, f := range b.report.Findings() {
		if f.Severity() == diag.Error {
			told[f.Pos.String()] = true
		}
	}
	return slices.DeleteFunc(check.RunResources(resources), func(f check.Finding) bool { return told[f.Pos.String()] })
}
