package check

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/runbook"
)

var leftPrompt = &Check{
	Kind: diag.Kind{Name: "left-prompt", Severity: diag.Warning, Doc: `Something on a page is still to be written.

slowburn scaffold leaves prompts (` + runbook.Prompt + `) where a person must write; TODO, TBD, FIXME and XXX say the same. At night
they help nobody. Code is not looked at. Of a page that is begun this one finding tells what is missing: that its review and
its commands are, too, is not said besides.`},
	Bad:  pageHead + "> " + runbook.Prompt + " what users notice\n",
	Good: pageHead + "> Nobody can log in.\n",
	Pages: func(p *PagesPass) {
		p.EachPage(func(page *runbook.Page) {
			switch prompts := promptsIn(page, page.Root); len(prompts) {
			case 0:
			case 1:
				p.Report(page.PosOf(prompts[0]), "write it, and remove the prompt", "a prompt is left")
			default:
				p.Report(page.PosOf(prompts[0]), "write what they ask for, and remove them", "%d prompts are left", len(prompts))
			}
		})
		p.EachNode(func(n ast.Node) {
			text, ok := n.(*ast.Text)
			if !ok {
				return
			}
			for _, at := range todoWord().FindAllIndex(text.Segment.Value(p.page.Source.Text), -1) {
				if _, isCode := n.Parent().(*ast.CodeSpan); !isCode {
					start := text.Segment.Start
					p.Report(p.page.Pos(start+at[0], start+at[1]), "write it, or leave it out", "something is still to be done here")
				}
			}
		})
	},
}

// promptsIn are the prompts that slowburn scaffold left in parts of a page.
func promptsIn(page *runbook.Page, parts ...ast.Node) []ast.Node {
	var prompts []ast.Node
	for _, part := range parts {
		walk(part, func(n ast.Node) {
			if e, ok := n.(*ast.Emphasis); ok && e.Level == 2 && page.Text(e) == strings.Trim(runbook.Prompt, "*") {
				prompts = append(prompts, n)
			}
		})
	}
	return prompts
}

var todoWord = pattern.New(`\b(?:TODO|TBD|FIXME|XXX)\b`)
