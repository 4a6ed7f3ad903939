package check

import (
	"slices"
	"time"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/runbook"
	"slowburn/slo"
)

// Runbooks are pages that are judged together, with what is known around them.
type Runbooks struct {
	Pages []*runbook.Page
	// Alerts are those whose pages stand among Pages, or should.
	Alerts []LinkedAlert
	// Files are the rules that pages may speak of, Catalogues the metrics.
	Files      []*rulefile.File
	Catalogues []*slo.Catalogue
	// Styles are those that there are; Style is that of pages which name none, or nil.
	Styles []runbook.Style
	Style  *runbook.Style
	// Exists tells whether a file is there, by its path as seen from a page; nil if nobody knows.
	Exists func(page *runbook.Page, path string) bool
	// Today is the day on which reviews are overdue or not.
	Today time.Time
}

// LinkedAlert is an alert with the name of its runbook, "" if it names none.
type LinkedAlert struct {
	Name, Runbook string
	Pos           diag.Pos
}

// PagesOptions are what the checks of runbooks are told besides.
type PagesOptions struct {
	Config *Config
	// Path is what the patterns of the configuration are held against.
	Path func(*runbook.Page) string
}

// PagesPass is one check on its way through runbooks.
type PagesPass struct {
	*Runbooks
	options  PagesOptions
	check    *Check
	findings *[]Finding
	shells   map[ast.Node]*script // blocks that were parsed
	known    *knownNames          // made on first use
	byFile   map[string]*runbook.Page

	page       *runbook.Page
	parameters any // of the check, for the page
}

// RunPages runs every check of runbooks.
func RunPages(books *Runbooks, options PagesOptions) []Finding {
	if books == nil {
		return nil
	}
	pass := PagesPass{Runbooks: books, options: options, shells: map[ast.Node]*script{}, known: &knownNames{}, byFile: map[string]*runbook.Page{}}
	for _, page := range books.Pages {
		pass.byFile[page.Name+".md"] = page
	}
	var findings []Finding
	for _, c := range All {
		if c.Pages != nil {
			of := pass
			of.check, of.findings = c, &findings
			c.Pages(&of)
		}
	}
	return findings
}

// EachPage calls f for every page that could be read, with the pass set to it.
func (p *PagesPass) EachPage(f func(*runbook.Page)) {
	for _, page := range p.Pages {
		if page.NotText {
			continue
		}
		p.page = page
		path := page.Source.Name
		if p.options.Path != nil {
			path = p.options.Path(page)
		}
		p.parameters = p.options.Config.parameters(p.check, path)
		f(page)
	}
}

// EachNode calls f for every node of every page.
func (p *PagesPass) EachNode(f func(ast.Node)) {
	p.EachPage(func(page *runbook.Page) { walk(page.Root, f) })
}

func walk(root ast.Node, f func(ast.Node)) {
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			f(n)
		}
		return ast.WalkContinue, nil
	})
}

// EachCode calls f for every block of code of every page, and for every command
// and query in running text.
func (p *PagesPass) EachCode(f func(runbook.Code)) {
	p.EachPage(func(page *runbook.Page) {
		for _, c := range slices.Concat(page.Code, page.Spans) {
			f(c)
		}
	})
}

// Report adds a finding about the page that the pass is at.
func (p *PagesPass) Report(at diag.Pos, help, format string, args ...any) {
	var r diag.Report
	r.Add(&p.check.Kind, at, help, format, args...)
	*p.findings = append(*p.findings, Finding{Finding: r.Findings()[0], Page: p.page})
}

// parametersOfPages are the parameters of the check that a pass runs, for the page that it is at.
func parametersOfPages[T any](p *PagesPass) *T { return p.parameters.(*T) }

// pageHead begins the examples of pages.
const pageHead = "# Redis is down\n\nOwner: infra · Reviewed: 2026-06-01\n\n"
