package check

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/runbook"
)

var danglingStep = &Check{
	Kind: diag.Kind{Name: "dangling-step", Severity: diag.Error, Doc: `A page sends the reader to a step or a section that it does not have.

A diagnosis tree ends in targets: §2, step 4, move 3. Each must be there: § as a heading that begins with it, steps and moves
as items of a numbered list, or as headings. Where a sentence links to another page, its numbers are that page's, and not judged.`},
	Bad:  pageHead + "Lag above 5 s → §2.\n\n## §1 Lag\n\nWait.\n",
	Good: pageHead + "Lag above 5 s → §1.\n\n## §1 Lag\n\nWait.\n",
	Pages: func(p *PagesPass) {
		p.EachPage(func(page *runbook.Page) {
			have := targetsOf(page)
			walk(page.Root, func(n ast.Node) {
				if code, ok := n.(*ast.FencedCodeBlock); ok && code.Language(page.Source.Text) == nil {
					p.checkTree(page, code, have)
				}
				text, ok := n.(*ast.Text)
				if !ok || isHeading(n) {
					return
				}
				start := text.Segment.Start
				for _, m := range targetText().FindAllSubmatchIndex(text.Segment.Value(page.Source.Text), -1) {
					p.checkTarget(page, have, start, m, text.Segment.Value(page.Source.Text), hasLink(n))
				}
			})
		})
	},
}

var targetText = pattern.New(`(§)\s?(\d{1,3})\b|(?i:\b(step|move)s?\s+(\d{1,3})\b)`)

// targets are what a page can send its reader to.
type targets struct {
	sections map[int]bool
	steps    map[int]bool
}

func targetsOf(page *runbook.Page) targets {
	have := targets{map[int]bool{}, map[int]bool{}}
	for _, h := range page.Headings {
		m := headingNumber().FindStringSubmatch(h.Text)
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		have.sections[n] = true
		if m[1] != "§" {
			have.steps[n] = true
		}
	}
	walk(page.Root, func(n ast.Node) {
		if item, ok := n.(*ast.ListItem); ok {
			if number, _, _, ok := numberOf(page, item); ok {
				have.steps[number] = true
			}
		}
	})
	return have
}

// checkTree looks for targets in a tree that is drawn in a block of code.
func (p *PagesPass) checkTree(page *runbook.Page, code *ast.FencedCodeBlock, have targets) {
	for i := range code.Lines().Len() {
		line := code.Lines().At(i)
		for _, m := range targetText().FindAllSubmatchIndex(line.Value(page.Source.Text), -1) {
			p.checkTarget(page, have, line.Start, m, line.Value(page.Source.Text), false)
		}
	}
}

func (p *PagesPass) checkTarget(page *runbook.Page, have targets, start int, m []int, text []byte, linked bool) {
	if linked {
		return // of the page that the sentence links to
	}
	there, number := have.sections, m[4:6]
	if m[2] < 0 {
		there, number = have.steps, m[8:10]
	}
	n, _ := strconv.Atoi(string(text[number[0]:number[1]]))
	if !there[n] {
		p.Report(page.Pos(start+m[0], start+m[1]), "write it, or send the reader elsewhere", "the page has no %s", strings.ToLower(string(text[m[0]:m[1]])))
	}
}

func isHeading(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		if n.Kind() == ast.KindHeading {
			return true
		}
	}
	return false
}

// hasLink tells whether the paragraph of a text links to another page.
func hasLink(n ast.Node) bool {
	for n.Parent() != nil && n.Type() == ast.TypeInline {
		n = n.Parent()
	}
	found := false
	walk(n, func(n ast.Node) {
		if l, ok := n.(*ast.Link); ok && !strings.HasPrefix(string(l.Destination), "#") {
			found = true
		}
	})
	return found
}
