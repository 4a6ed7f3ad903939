package check

import (
	"slowburn/internal/diag"
	"slowburn/internal/runbook"
)

var unownedPage = &Check{
	Kind: diag.Kind{Name: "unowned-page", Severity: diag.Warning, Doc: `A page does not say who owns it, or when it was reviewed.

Somebody must answer for what it says, and the reader must know how old that is. Both stand in the line below the title, or in
front matter:

    Owner: infra on-call · Reviewed: 2026-06-01

Last updated counts as Reviewed.`},
	Bad:  "# Redis is down\n\nStart it.\n",
	Good: pageHead + "Start it.\n",
	Pages: func(p *PagesPass) {
		p.EachPage(func(page *runbook.Page) {
			at := page.Pos(0, 0)
			if len(page.Headings) > 0 {
				at = page.PosOf(page.Headings[0].Node)
			}
			if page.Meta.Owner.Text == "" {
				p.Report(at, "write below the title: Owner: TEAM", "the page has no owner")
			}
			if !page.Meta.Reviewed.IsSet() {
				p.Report(at, "write below the title: Reviewed: YEAR-MONTH-DAY", "the page does not say when it was reviewed")
			}
		})
	},
}
