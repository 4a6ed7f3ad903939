package check

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
)

// SilencePages is Silence for runbooks, where comments are Markdown's:
//
//	<!-- slowburn:ignore unwarned-destruction the folder is a cache -->
//
// One speaks of the block below it; directly below the title, of the page.
func SilencePages(findings []Finding, pages []*runbook.Page, partial bool) []diag.Finding {
	var r diag.Report
	var all []*pageIgnore
	for _, page := range pages {
		all = append(all, readPageIgnores(page, &r)...)
	}
	var kept []diag.Finding
	for _, f := range findings {
		silenced := f.off
		for _, i := range all {
			if i.page == f.Page && i.check == f.Kind.Name && i.first <= f.Pos.Line && f.Pos.Line <= i.last {
				i.used, silenced = true, true
			}
		}
		if !silenced {
			kept = append(kept, f.Finding)
		}
	}
	for _, i := range all {
		if !i.used && !partial {
			r.Add(BadIgnore, i.at, "remove the comment", "%s finds nothing here", i.check)
		}
	}
	return append(kept, r.Findings()...)
}

// pageIgnore is one comment, with the lines that it speaks of.
type pageIgnore struct {
	page        *runbook.Page
	check       string
	at          diag.Pos
	first, last int
	used        bool
}

func readPageIgnores(page *runbook.Page, r *diag.Report) []*pageIgnore {
	var all []*pageIgnore
	for _, m := range page.Marks {
		if m.Name != runbook.Ignore {
			continue
		}
		name, why, _ := strings.Cut(m.Rest, " ")
		at := page.Pos(m.Start, m.Stop)
		switch {
		case !slices.Contains(Names(), name):
			r.Add(BadIgnore, at, spec.Suggest(name, Names()), "there is no check %q", name)
		case strings.TrimSpace(why) == "":
			r.Add(BadIgnore, at, "say why, behind the name of the check", "no reason is given for ignoring %s", name)
		default:
			first, last := linesBelow(page, m)
			all = append(all, &pageIgnore{page: page, check: name, at: at, first: first, last: last})
		}
	}
	return all
}

// linesBelow are the lines of the block below a comment: all of the page, if
// nothing but the title, and what the page says of itself, stands before it.
func linesBelow(page *runbook.Page, m runbook.Mark) (first, last int) {
	own := page.Pos(m.Start, m.Stop).Line
	if page.IsHead(m.Start) {
		return 0, maxLines
	}
	var block ast.Node
	walk(page.Root, func(n ast.Node) {
		if n.Type() == ast.TypeBlock && n.Kind() != ast.KindDocument && block == nil && runbook.Start(n) >= m.Stop {
			block = n
		}
	})
	if block == nil {
		return own, own
	}
	last = own
	walk(block, func(n ast.Node) {
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			end := n.Lines().At(n.Lines().Len() - 1).Start
			last = max(last, page.Pos(end, end).Line)
		}
	})
	return own, last
}

// maxLines is more than a page can have.
const maxLines = 1 << 30
