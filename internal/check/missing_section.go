package check

import (
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
)

var missingSection = &Check{
	Kind: diag.Kind{Name: "missing-section", Severity: diag.Warning, Doc: `A page lacks a section that pages of its style have.

Whoever is woken should find the same things at the same places. The style is the service's (runbooks: {style: NAME} in the
spec), or the page's own (a line Style: NAME below its title); style sets it for pages without a spec. There are: ` + styleList() + `, and those that
a spec defines. Sections come in this order; others may stand between them.`},
	Configuration: `missing-section: {style: phases}`,
	Bad:           pageHead + "## Symptoms\n\nLogins fail.\n\n## Diagnosis\n\n```sh\nredis-cli ping\n```\n\n## Recovery\n\n```sh\nredis-cli ping\n```\n\n## Postmortem\n\nWhy?\n",
	Good:          pageHead + "## Symptoms\n\nLogins fail.\n\n## Diagnosis\n\n```sh\nredis-cli ping\n```\n\n## Immediate actions\n\n```sh\nsudo systemctl start redis\n```\n\n## Recovery\n\n```sh\nredis-cli ping\n```\n\n## Postmortem\n\nWhy?\n",
	Parameters:    func() any { return &sectionParameters{} },
	Pages: func(p *PagesPass) {
		p.EachPage(func(page *runbook.Page) {
			otherwise := p.Style
			if name := parametersOfPages[sectionParameters](p).Style; otherwise == nil && name.Text != "" {
				otherwise = runbook.FindStyle(p.styles(), name.Text)
			}
			style, ok := page.StyleOf(p.styles(), otherwise)
			switch {
			case !ok:
				p.Report(page.FieldPos(page.Meta.Style), spec.Suggest(page.Meta.Style.Text, runbook.StyleNames(p.styles())), "there is no style %q", page.Meta.Style.Text)
			case style != nil:
				p.checkSections(page, style)
			}
		})
	},
}

type sectionParameters struct {
	// Style is that of pages of which no spec says any.
	Style spec.Text `json:"style,omitempty"`
}

func styleList() string { return strings.Join(runbook.StyleNames(runbook.Styles), ", ") }

// styles are those that there are.
func (p *PagesPass) styles() []runbook.Style {
	if p.Styles == nil {
		return runbook.Styles
	}
	return p.Styles
}

func (p *PagesPass) checkSections(page *runbook.Page, style *runbook.Style) {
	last := -1 // index of the heading of the section before
	for _, want := range style.Sections {
		all := headingsOf(page, want)
		if len(all) == 0 {
			p.Report(page.Pos(0, 0), "add the heading, or name another style", "a page of style %s lacks the section %q", style.Name, want.Titles[0])
			continue
		}
		first := page.Headings[all[0]]
		if all[0] < last {
			p.Report(page.PosOf(first.Node), "move it", "the section %q stands before %q", first.Text, page.Headings[last].Text)
		}
		last = max(last, all[0])
		for _, i := range all {
			h := page.Headings[i]
			if want.Numbered && !runbook.HasSteps(h.Section()) {
				p.Report(page.PosOf(h.Node), "number the steps", "the section %q has no numbered steps", h.Text)
			}
			if want.Commands && !runbook.HasCode(h.Section()) && len(promptsIn(page, h.Section()...)) == 0 {
				p.Report(page.PosOf(h.Node), "show what to run, filled in, in a block of code", "the section %q has no commands", h.Text)
			}
		}
	}
}

// headingsOf are the indexes of the headings that a section asks for.
func headingsOf(page *runbook.Page, want runbook.Section) []int {
	var all []int
	for i, h := range page.Headings {
		if i > 0 && want.Is(h.Text) { // the first is the title
			all = append(all, i)
		}
	}
	if len(all) > 1 && want.Titles[0] != "*?" {
		all = all[:1]
	}
	return all
}
