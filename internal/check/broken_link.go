package check

import (
	"net/url"
	"path"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
)

var brokenLink = &Check{
	Kind: diag.Kind{Name: "broken-link", Severity: diag.Error, Doc: `A link leads to a page or a heading that does not exist.

Links to files are looked up beside the page; anchors among the headings of the page that they lead to, as GitHub and GitLab
make them. Addresses of other sites are not asked: what is checked is the same on every machine.`},
	Bad:  pageHead + "See [the first moves](#first-move).\n\n## First moves\n\nNone.\n",
	Good: pageHead + "See [the first moves](#first-moves).\n\n## First moves\n\nNone.\n",
	Pages: func(p *PagesPass) {
		p.EachPage(func(page *runbook.Page) {
			for _, l := range page.Links {
				p.checkLink(page, l)
			}
		})
	},
}

func (p *PagesPass) checkLink(page *runbook.Page, l runbook.Link) {
	if _, err := url.Parse(l.Destination); err != nil {
		p.Report(page.LinkPos(l), "write an address, or the name of a page beside this one", "the link is not an address")
		return
	}
	file, anchor, ok := l.Relative()
	if !ok || strings.HasPrefix(file, "/") || !runbook.IsInside(file) {
		return // an address, or what link-outside reports
	}
	target := page
	switch {
	case file != "":
		if target = p.beside(file); target == nil {
			if p.Exists != nil && !p.Exists(page, file) && !p.isWritten(file) {
				p.Report(page.LinkPos(l), spec.Suggest(file, p.pageFiles()), "there is no file %q", file)
			}
			return
		}
	case anchor == "" && l.Destination == "":
		p.Report(page.PosOf(l.Node.Parent()), "say where it leads", "a link leads nowhere")
		return
	}
	if anchor != "" && !target.NotText && !target.HasAnchor(strings.ToLower(anchor)) && !target.HasAnchor(anchor) {
		p.Report(page.LinkPos(l), spec.Suggest(anchor, target.Anchors()), "%s has no heading #%s", path.Base(target.Source.Name), anchor)
	}
}

// beside is the page of a path as seen from another, or nil.
func (p *PagesPass) beside(file string) *runbook.Page {
	return p.byFile[path.Clean(file)]
}

// isWritten tells whether compiling writes the file.
func (p *PagesPass) isWritten(file string) bool { return path.Clean(file) == "index.md" }

func (p *PagesPass) pageFiles() []string {
	var names []string
	for _, page := range p.Pages {
		names = append(names, page.Name+".md")
	}
	return names
}
