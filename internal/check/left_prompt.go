package check

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
)

var leftPrompt = &Check{
	Kind: diag.Kind{Name: "left-prompt", Severity: diag.Warning, Doc: `Something on a page is still to be written.

slowburn scaffold leaves prompts (` + runbook.Prompt + `) where a person must write; TODO, TBD, FIXME and XXX say the same. At night
they help nobody. Code is not looked at.`},
	Bad:  pageHead + "> " + runbook.Prompt + " what users notice\n",
	Good: pageHead + "> Nobody can log in.\n",
	Pages: func(p *PagesPass) {
		p.EachNode(func(n ast.Node) {
			switch n := n.(type) {
			case *ast.Emphasis:
				if n.Level == 2 && p.page.Text(n) == strings.Trim(runbook.Prompt, "*") {
					p.Report(p.page.PosOf(n), "write it, and remove the prompt", "a prompt is left")
				}
			case *ast.Text:
				for _, at := range todoWord.FindAllIndex(n.Segment.Value(p.page.Source.Text), -1) {
					if _, isCode := n.Parent().(*ast.CodeSpan); !isCode {
						start := n.Segment.Start
						p.Report(p.page.Pos(start+at[0], start+at[1]), "write it, or leave it out", "something is still to be done here")
					}
				}
			}
		})
	},
}

var todoWord = regexp.MustCompile(`\b(?:TODO|TBD|FIXME|XXX)\b`)
