package main

import (
	"fmt"
	"slices"

	"slowburn/internal/check"
	"slowburn/internal/crd"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
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
func (b *build) checkResources(resources []*crd.Resource, files []*rulefile.File, c *configuration) []check.Finding {
	told := map[string]bool{}
	for _, f := range b.report.Findings() {
		if f.Severity() == diag.Error {
			told[f.Pos.String()] = true
		}
	}
	return slices.DeleteFunc(check.RunResources(resources, files, c.options(nil)), func(f check.Finding) bool { return told[f.Pos.String()] })
}

// judgeTriggers runs the checks of custom resources over the ScaledObjects that a
// build emits, and moves what they find to the signals that it comes from.
func (b *build) judgeTriggers(c *configuration) []check.Finding {
	var all []check.Finding
	for _, a := range b.artifacts {
		if len(a.Signals) == 0 {
			continue
		}
		src := &diag.Source{Name: a.Path, Text: a.Bytes}
		for _, doc := range spec.ReadYAML(src, new(diag.Report)) {
			triggers := doc.Get("spec").Get("triggers")
			for _, f := range check.RunResources(crd.Resources(src, doc), b.emitted.files, c.optionsFor(b)) {
				f.Message += fmt.Sprintf(" (in the generated %s:%d)", a.Path, f.Pos.Line)
				home := a.Pos
				if i := slices.IndexFunc(triggers.Items(), func(item *spec.Value) bool { return item.Pos == f.Scope }); i >= 0 {
					f.Scope, home = a.Signals[i].Pos, a.Signals[i].ExprPos
				} else {
					f.Scope = home
				}
				f.Pos = home
				all = append(all, f)
			}
		}
	}
	return all
}
