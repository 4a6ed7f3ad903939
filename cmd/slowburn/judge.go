package main

import (
	"path"

	"slowburn/generators"
	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// emitted are the rule files of a build, read back from the bytes that ship.
type emitted struct {
	files   []*rulefile.File
	origins map[*rulefile.Rule]diag.Pos // in the specs
}

// readBack reads the rule files among artifacts with the readers that read
// anybody's. A finding here is the compiler's fault; it is reported all the same.
func readBack(artifacts []generators.Artifact, r *diag.Report) emitted {
	e := emitted{origins: map[*rulefile.Rule]diag.Pos{}}
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

// judge runs the checks over what a build emits. Findings are moved from the
// generated rule to the place in the specs that it comes from, which is where
// they can be mended, and silenced.
func judge(b *build) []check.Finding {
	e := readBack(b.artifacts, b.report)
	findings := check.Run(e.files)
	for i, f := range findings {
		if origin, ok := e.origins[f.Rule]; ok {
			findings[i].Pos, findings[i].Scope = origin, origin
			findings[i].Message += " (in the generated rule " + f.Rule.Name() + ")"
		}
	}
	return findings
}

// sources are the texts of a unit's files in which a comment can silence a
// check. Those of a Jsonnet program stand nowhere in what it yields.
func (u *unit) sources() []*diag.Source {
	var sources []*diag.Source
	for _, f := range u.files {
		if path.Ext(f.name) != ".jsonnet" {
			sources = append(sources, f.source)
		}
	}
	return sources
}
