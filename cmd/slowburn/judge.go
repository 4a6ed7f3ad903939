package main

import (
	"fmt"
	"slices"
	"strings"

	"slowburn/generators"
	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// emitted are the rule files of a build, read back from the bytes that ship.
type emitted struct {
	files   []*rulefile.File
	origins map[*rulefile.Rule]generators.Origin
}

// readBack reads the rule files among artifacts with the readers that read
// anybody's.
func readBack(artifacts []generators.Artifact, r *diag.Report) emitted {
	e := emitted{origins: map[*rulefile.Rule]generators.Origin{}}
	for _, a := range artifacts {
		if a.Origins == nil {
			continue
		}
		src := &diag.Source{Name: a.Path, Text: a.Bytes}
		for _, doc := range spec.ReadYAML(src, r) {
			for _, f := range rulefile.Read(src, doc, r) {
				e.files = append(e.files, f)
				for _, rule := range f.Rules() {
					e.origins[rule] = a.Origins[rule.Group][rule.Index]
				}
			}
		}
	}
	return e
}

// verify reads back what the build emits: what Prometheus or Alertmanager would
// refuse to load is never written. The PrometheusRules hold the same rules once more.
func (b *build) verify() {
	if !b.passing || !b.loads() {
		b.verifyRules()
	}
	// What Alertmanager says of a routing that is wrong already, the spec's own findings say better, and at its place.
	if b.routing != nil && hasErrorsIn(b.report, b.routing.Pos.Source) {
		return
	}
	readRouting(b.artifacts, b.report)
}

// loads tells whether Prometheus loads all rule files, without keeping what is read.
func (b *build) loads() bool {
	shapes := expr.NewShapes()
	return !slices.ContainsFunc(b.rawRules(), func(a generators.Artifact) bool {
		return a.Origins != nil && !rulefile.Loads(&diag.Source{Name: a.Path, Text: a.Bytes}, shapes)
	})
}

func (b *build) verifyRules() {
	var r diag.Report
	b.emitted = readBack(b.rawRules(), &r)
	var findings []check.Finding
	for _, f := range r.Findings() {
		findings = append(findings, check.Finding{Finding: f, Rule: b.emitted.ruleAt(f.Pos)})
	}
	for _, f := range b.emitted.rehome(findings) {
		b.report.Append(f.Finding)
	}
	b.broken = b.broken || stops(&r) // checks say the same otherwise
}

func hasErrorsIn(r *diag.Report, src *diag.Source) bool {
	return slices.ContainsFunc(r.Findings(), func(f diag.Finding) bool { return f.Pos.Source == src && f.Severity() == diag.Error })
}

// judge runs the checks over what a build emits.
func judge(b *build, c *configuration) []check.Finding {
	findings := check.RunAll(b.emitted.files, readDashboards(b.artifacts, new(diag.Report)), c.optionsFor(b))
	findings = slices.DeleteFunc(findings, func(f check.Finding) bool {
		// A panel asks what an alert or a trigger does, of which the same is told at its place in the specs.
		return f.Rule == nil && check.JudgesQueries(f.Kind) && strings.HasPrefix(f.Pos.Source.Name, "grafana/")
	})
	return slices.Concat(b.emitted.rehome(findings), b.judgeRoutes(c), b.judgeTriggers(c))
}

// rehome moves findings from the generated rules to the places in the specs
// that they come from, which is where they can be mended, and silenced. What
// several rules have from one place is told once.
func (e emitted) rehome(findings []check.Finding) []check.Finding {
	type place struct {
		kind        *diag.Kind
		at, message string
	}
	rules := map[place]int{}
	id := func(f check.Finding) place { return place{f.Kind, f.Pos.String(), f.Message} }
	var moved []check.Finding
	for _, f := range findings {
		if _, ok := e.origins[f.Rule]; ok {
			f.Pos, f.Scope = e.home(f)
		}
		if rules[id(f)]++; rules[id(f)] == 1 {
			moved = append(moved, f)
		}
	}
	for i, f := range moved {
		switch n := rules[id(f)]; {
		case f.Rule == nil: // the compiler's fault
		case n == 1:
			moved[i].Message += fmt.Sprintf(" (in the generated rule %s)", f.Rule.Name())
		default:
			moved[i].Message += fmt.Sprintf(" (in the generated rule %s and %d more)", f.Rule.Name(), n-1)
		}
	}
	return moved
}

// ruleAt is the rule that a place in the emitted files belongs to, or nil.
func (e emitted) ruleAt(at diag.Pos) *rulefile.Rule {
	for _, f := range e.files {
		if f.Source != at.Source {
			continue
		}
		for _, rule := range slices.Backward(f.Rules()) {
			if rule.Value.Pos.Line <= at.Line {
				return rule
			}
		}
	}
	return nil
}

// sources are the texts of a unit's files in which a comment can silence a
// check. Those of a Jsonnet program stand nowhere in what it yields.
func (u *unit) sources() []*diag.Source {
	var sources []*diag.Source
	for _, f := range u.files {
		if !isProgram(f) {
			sources = append(sources, f.source)
		}
	}
	return sources
}
