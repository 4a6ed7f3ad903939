package check

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
)

var repeatedParagraph = &Check{
	Kind: diag.Kind{Name: "repeated-paragraph", Severity: diag.Warning, Doc: `A paragraph stands twice, on one page or on two.

When one of them is corrected, the other stays wrong, and nobody knows which is right. Keep it on the page that it belongs to,
and link there. Paragraphs of fewer than 80 characters are left alone.`},
	Bad: pageHead + "A restart ends every request that this process serves, so never restart all of them at once.\n\n" +
		"A restart ends every request that this process serves, so never restart all of them at once.\n",
	Good: pageHead + "A restart ends every request that this process serves, so never restart all of them at once.\n",
	Pages: func(p *PagesPass) {
		type place struct {
			page *runbook.Page
			node ast.Node
		}
		first := map[string]place{}
		p.EachNode(func(n ast.Node) {
			if n.Kind() != ast.KindParagraph {
				return
			}
			text := strings.Join(strings.Fields(p.page.Text(n)), " ")
			if len(text) < minRepeated {
				return
			}
			if other, ok := first[text]; ok {
				p.Report(p.page.PosOf(n), "keep it once, and link there", "the paragraph stands at %s, too", other.page.PosOf(other.node))
				return
			}
			first[text] = place{p.page, n}
		})
	},
}

// minRepeated is how long a paragraph is, in bytes, that must not be repeated.
const minRepeated = 80
