package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// environments are a unit as check sees it: compiled as it is, and in each
// environment that its overlays name, so that a mistake is found whichever is
// compiled.
type environments struct {
	*build
	others []*build
	known  map[string]bool // findings that need not be told again
}

// inEnvironments compiles b in every environment. Where some were chosen,
// overlays may make sense only together: then there are no others.
func inEnvironments(b *build) environments {
	e := environments{build: b, known: map[string]bool{}}
	e.news(b, b.report.Findings())
	if len(b.envs) > 0 {
		return e
	}
	for _, env := range slices.Compact(slices.Sorted(slices.Values(b.known))) {
		in := b.in(env, new(diag.Report))
		e.others = append(e.others, in)
		for _, f := range e.news(in, in.report.Findings()) {
			b.report.Append(f)
		}
	}
	return e
}

// figures are what differs between environments in what is the same mistake: a
// threshold, and with it when an alert clears.
var figures = pattern.New(`[0-9][0-9a-z.]*`)

// news are the findings about in that were not told of another environment.
func (e environments) news(in *build, findings []diag.Finding) []diag.Finding {
	var fresh []diag.Finding
	for _, f := range findings {
		id := f.Pos.String() + " " + f.Kind.Name + " "
		if in != e.build && e.known[id+figures().ReplaceAllString(f.Message, "0")] || e.known[id+f.Message] {
			continue
		}
		e.known[id+f.Message] = true
		e.known[id+figures().ReplaceAllString(f.Message, "0")] = true
		if in != e.build {
			f.Message += " (with --env " + in.envs[0] + ")"
		}
		fresh = append(fresh, f)
	}
	return fresh
}

// incomplete tells whether something of the unit could not be compiled, so that
// what it emits cannot be judged.
func (e environments) incomplete() bool {
	return e.build.broken || slices.ContainsFunc(e.others, func(in *build) bool { return in.broken })
}

// judge judges what all of them emit.
func (e environments) judge(c *configuration) []check.Finding {
	var all []check.Finding
	for _, in := range append([]*build{e.build}, e.others...) {
		for _, f := range judge(in, c) {
			for _, fresh := range e.news(in, []diag.Finding{f.Finding}) {
				f.Finding = fresh
				all = append(all, f)
			}
		}
	}
	return all
}

// tellUnchecked says what errors have kept from being looked at: it may hold as
// many findings again.
func (e environments) tellUnchecked(w io.Writer) {
	if !e.incomplete() {
		return
	}
	what := "what it compiles to was"
	if n := len(e.runbooks); n > 0 {
		what = "what it compiles to and " + countWord(n, "runbook") + " were"
	}
	fmt.Fprintf(w, "%s: %s not checked; mend its errors first\n", filepath.ToSlash(e.unit.dir), what)
}
