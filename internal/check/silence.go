package check

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

// BadIgnore is a comment that silences nothing.
var BadIgnore = &diag.Kind{Name: "bad-ignore", Severity: diag.Warning, Doc: `A comment that should silence a check does not.

A finding of a check is silenced by a comment in its rule or directly above it, in the spec or in the rule file:

    # slowburn:ignore short-range the autoscaler needs a fast signal

The name of the check comes first, then the reason, which is mandatory. A comment that silences nothing any more is reported,
so that none outlives its cause.`}

var ignoreComment = pattern.New(`#\s*slowburn:ignore\b[ \t]*(\S*)[ \t]*(.*)$`)

// ignoreMark is in every such comment.
var ignoreMark = []byte("slowburn:ignore")

// ignore is one comment.
type ignore struct {
	check  string
	at     diag.Pos
	target int // the line that it speaks of
	used   bool
}

// ignores are the comments of one source.
type ignores struct {
	lines []string // of the source, if it has any such comment
	list  []*ignore
}

// Silence leaves out the findings that the configuration does not want or that a
// comment in their source silences, and adds findings about comments that silence nothing. Sources are all that were
// read, also those without findings. With partial, not everything could be
// checked, so that a comment without a finding may still have its use.
func Silence(findings []Finding, sources []*diag.Source, partial bool) []diag.Finding {
	var r diag.Report
	kept, unused := silence(findings, sources, &r)
	for _, i := range unused {
		if !partial {
			r.Add(BadIgnore, i.at, "remove the comment", "%s finds nothing here", i.check)
		}
	}
	return append(kept, r.Findings()...)
}

// Unsilenced is Silence without a word on comments: those are for slowburn check to judge.
func Unsilenced(findings []Finding, sources []*diag.Source) []diag.Finding {
	kept, _ := silence(findings, sources, new(diag.Report))
	return kept
}

// silence returns the findings that are left, and the comments that silence none.
func silence(findings []Finding, sources []*diag.Source, r *diag.Report) (kept []diag.Finding, unused []*ignore) {
	bySource := map[*diag.Source]*ignores{}
	for _, src := range sources {
		bySource[src] = readIgnores(src, r)
	}
	for _, f := range findings {
		if in := bySource[f.Pos.Source]; (in == nil || !in.silence(f)) && !f.off {
			kept = append(kept, f.Finding)
		}
	}
	for _, in := range bySource {
		for _, i := range in.list {
			if !i.used {
				unused = append(unused, i)
			}
		}
	}
	return kept, unused
}

// silence tells whether a comment silences f, and notes that it was of use.
func (in *ignores) silence(f Finding) bool {
	if len(in.list) == 0 {
		return false
	}
	first, last := in.block(f.scope())
	found := false
	for _, i := range in.list {
		if i.check == f.Kind.Name && first <= i.target && i.target <= last {
			i.used, found = true, true
		}
	}
	return found
}

// scope is where the item that a finding is about begins, in the finding's source.
func (f Finding) scope() diag.Pos {
	switch {
	case f.Scope.Source != nil:
		return f.Scope
	case f.Rule != nil:
		return f.Rule.Value.Pos
	}
	return f.Pos
}

// block is the range of lines of a YAML item that begins at p: all below that
// are indented as far as it, or farther where it is in braces and its neighbours
// begin with one too. Blank lines and comments do not end it.
func (in *ignores) block(p diag.Pos) (first, last int) {
	if p.Line < 1 || p.Line > len(in.lines) {
		return p.Line, p.Line
	}
	least := p.Col - 1
	if start := []rune(in.lines[p.Line-1]); least < len(start) && start[least] == '{' {
		least++
	}
	first, last = p.Line, p.Line
	for n, line := range in.lines[p.Line:] {
		switch {
		case indentOf(line) >= least && strings.TrimSpace(line) != "":
			last = p.Line + 1 + n
		case !isBlankOrComment(line):
			return first, last
		}
	}
	return first, last
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }

func isBlankOrComment(line string) bool { return isComment(line) || strings.TrimSpace(line) == "" }

func readIgnores(src *diag.Source, r *diag.Report) *ignores {
	in := &ignores{}
	if !bytes.Contains(src.Text, ignoreMark) {
		return in
	}
	names := Names()
	in.lines = strings.Split(string(src.Text), "\n")
	for n, line := range in.lines {
		line = strings.TrimRight(line, " \t\r")
		m := ignoreComment().FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		at := diag.Pos{Source: src, Line: n + 1, Col: utf8.RuneCountInString(line[:m[0]]) + 1, Width: utf8.RuneCountInString(line[m[0]:])}
		name, why := line[m[2]:m[3]], line[m[4]:m[5]]
		switch {
		case !slices.Contains(names, name):
			r.Add(BadIgnore, at, spec.Suggest(name, names), "there is no check %q", name)
		case why == "":
			r.Add(BadIgnore, at, "say why, behind the name of the check", "no reason is given for ignoring %s", name)
		default:
			in.list = append(in.list, &ignore{check: name, at: at, target: in.target(n)})
		}
	}
	return in
}

// target is the line, from 1, that a comment in lines[n] speaks of: its own, if
// it stands behind something other than a list's dash, otherwise the first below that is no comment. One
// that is indented farther than what follows ends the item above: its own again.
func (in *ignores) target(n int) int {
	line, own := in.lines[n], n+1
	if !isComment(strings.TrimLeft(line, " -")) {
		return own
	}
	below := slices.IndexFunc(in.lines[own:], func(l string) bool { return !isBlankOrComment(l) })
	if below < 0 || indentOf(in.lines[own+below]) < indentOf(line) {
		return own
	}
	return own + 1 + slices.IndexFunc(in.lines[own:], func(l string) bool { return !isComment(l) })
}

// Names are the names of all checks.
func Names() []string {
	var names []string
	for _, c := range everywhere() {
		names = append(names, c.Name)
	}
	return names
}
