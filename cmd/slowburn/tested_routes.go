package main

import (
	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/routetest"
	"slowburn/internal/spec"
)

// routeTests are the assertions of a unit with what became of them: those of its
// routing, on what is emitted, and those of files, on what they name.
func (b *build) routeTests() ([]routetest.Result, []diag.Finding) {
	var r diag.Report
	var results []routetest.Result
	if len(b.routings) > 0 && len(b.routings[0].Tests) > 0 {
		if config := readRouting(b.artifacts, &r); config != nil {
			results = append(results, routetest.Run(config, routetest.Sound(b.routings[0].Tests, b.report.Findings()))...)
		}
	}
	for _, o := range b.others {
		if !routetest.Is(o.value) {
			continue
		}
		f := routetest.ReadFile(o.value, &r)
		if config := b.testedConfig(f, &r); config != nil {
			results = append(results, routetest.Run(config, routetest.Sound(f.RouteTests, r.Findings()))...)
		}
	}
	return results, r.Findings()
}

// testedConfig reads the configuration that a file of assertions names.
func (b *build) testedConfig(f *routetest.File, r *diag.Report) *amconfig.Config {
	name := f.Alertmanager.Text
	if name == "" {
		return nil
	}
	src, err := b.readNamed(name)
	if err != nil {
		r.Add(spec.UnknownReference, f.Alertmanager.Pos(), "name a file, relative to this one", "the configuration cannot be read: %v", reason(err))
		return nil
	}
	docs := spec.ReadYAML(src, r)
	if len(docs) == 0 || !amconfig.Is(docs[0]) {
		r.Add(spec.UnknownReference, f.Alertmanager.Pos(), "name one with route: and receivers:", "%s is not an Alertmanager configuration", name)
		return nil
	}
	return amconfig.Read(src, docs[0], r)
}

// unrunnableTests are what is wrong with the assertions of a routing, whatever
// becomes of them: a receiver that there is not, say, or a missing time.
func (e environments) unrunnableTests() []diag.Finding {
	var all []diag.Finding
	for _, in := range append([]*build{e.build}, e.others...) {
		if !in.routable || len(in.routings[0].Tests) == 0 {
			continue
		}
		if config := readRouting(in.artifacts, new(diag.Report)); config != nil {
			all = append(all, e.news(in, routetest.Unrunnable(config, routetest.Sound(in.routings[0].Tests, in.report.Findings())))...)
		}
	}
	return all
}
