package check

import (
	"regexp"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// BadIgnore is a comment that silences nothing.
var BadIgnore = &diag.Kind{Name: "bad-ignore", Severity: diag.Warning, Doc: `A comment that should silence a check does not.

A finding of a check is silenced by a comment in its rule or directly above it, in the spec or in the rule file:

    # slowburn:ignore short-range the autoscaler needs a fast signal

The name of the check comes first, then the reason, which is mandatory. A comment that silences nothing any more is reported,
so that none outlives its cause.`}

var ignoreComment = regexp.MustCompile(`#\s*slowburn:ignore\b[ \t]*(\S*)[ \t]*(.*?)\s*$`)

// ignore is one comment.
type ignore struct {
	check  string
	at     diag.Pos
	target int // the line that it speaks of: its own, or the first below that is no comment
	used   bool
}

// Silence leaves out the findings that a comment in their source silences, and
// adds findings about comments that silence nothing. Sources are all that were
// read, also those without findings.
func Silence(findings []Finding, sources []*diag.Source) []diag.Finding {
	var kept []diag.Finding
	ignores := map[*diag.Source][]*ignore{}
	for _, src := range sources {
		list, bad := readIgnores(src)
		ignores[src] = list
		kept = append(kept, bad...)
	}
	for _, f := range findings {
		if !silenced(f, ignores[f.Pos.Source]) {
			kept = append(kept, f.Finding)
		}
	}
	var r diag.Report
	for _, src := range sources {
		for _, i := range ignores[src] {
			if !i.used {
				r.Add(BadIgnore, i.at, "remove the comment", "%s finds nothing here", i.check)
			}
		}
	}
	return append(kept, r.Findings()...)
}

func silenced(f Finding, ignores []*ignore) bool {
	if len(ignores) == 0 {
		return false
	}
	first, last := f.Pos.Line, f.Pos.Line
	if f.Rule != nil {
		first, last = block(f.Pos.Source, f.scope())
	}
	found := false
	for _, i := range ignores {
		if i.check == f.Kind.Name && first <= i.target && i.target <= last {
			i.used, found = true, true
		}
	}
	return found
}

// scope is where the item that a finding is about begins, in the finding's source.
func (f Finding) scope() diag.Pos {
	if f.Scope.Source != nil {
		return f.Scope
	}
	return f.Rule.Value.Pos
}

// block is the range of lines of a YAML item that begins at p: all below that
// are indented as far as it, and blank ones between.
func block(src *diag.Source, p diag.Pos) (first, last int) {
	first, last = p.Line, p.Line
	total := strings.Count(string(src.Text), "\n") + 1
	for n := p.Line + 1; n <= total; n++ {
		line := src.Line(n)
		text := strings.TrimLeft(line, " ")
		if text == "" {
			continue
		}
		if len(line)-len(text) < p.Col-1 {
			break
		}
		last = n
	}
	return first, last
}

func readIgnores(src *diag.Source) ([]*ignore, []diag.Finding) {
	if !strings.Contains(string(src.Text), "slowburn:ignore") {
		return nil, nil
	}
	var list []*ignore
	var r diag.Report
	names := Names()
	lines := strings.Split(string(src.Text), "\n")
	for n, line := range lines {
		m := ignoreComment.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		at := diag.Pos{Source: src, Line: n + 1, Col: len([]rune(line[:m[0]])) + 1, Width: len([]rune(line[m[0]:m[1]]))}
		name, why := line[m[2]:m[3]], line[m[4]:m[5]]
		switch {
		case !slices.Contains(names, name):
			r.Add(BadIgnore, at, spec.Suggest(name, names), "there is no check %q", name)
			continue
		case why == "":
			r.Add(BadIgnore, at, "say why, behind the name of the check", "no reason is given for ignoring %s", name)
			continue
		}
		i := &ignore{check: name, at: at, target: n + 1}
		for ; i.target <= len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i.target-1]), "#"); i.target++ {
		}
		list = append(list, i)
	}
	return list, r.Findings()
}

// Names are the names of all checks.
func Names() []string {
	var names []string
	for _, c := range All {
		names = append(names, c.Name)
	}
	return names
}
