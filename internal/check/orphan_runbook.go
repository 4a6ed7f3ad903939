package check

import (
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
)

var orphanRunbook = &Check{
	Kind: diag.Kind{Name: "orphan-runbook", Severity: diag.Warning, Doc: `No alert links to a runbook, and the page does not say that this is meant.

Perhaps the alert was renamed or lost its link: then nobody finds the page when it is needed. A page that stands alone says
so, with the reason, in the line below its title; one that alerts of some environments link to may say it, too:

    Owner: infra · Reviewed: 2026-06-01 · Stand-alone: done by hand, before each upgrade.`},
	Bad:  pageHead + "<!-- alert: RedisDown page -->\n\n<!-- next page -->\n# Upgrade Redis\n\nOwner: infra · Reviewed: 2026-06-01\n",
	Good: pageHead + "<!-- alert: RedisDown page -->\n\n<!-- next page -->\n# Upgrade Redis\n\nOwner: infra · Reviewed: 2026-06-01 · Stand-alone: done by hand\n",
	Pages: func(p *PagesPass) {
		if len(p.Alerts) == 0 {
			return // nobody knows who links here
		}
		p.EachPage(func(page *runbook.Page) {
			linked := slices.ContainsFunc(p.Alerts, func(a LinkedAlert) bool { return a.Runbook == page.Name })
			alone := page.Meta.StandAlone
			switch {
			case !linked && !alone.IsSet():
				p.Report(page.Pos(0, 0), "link to it from an alert, or write Stand-alone: WHY below its title", "no alert links to the runbook %q", page.Name)
			case alone.IsSet() && alone.Text == "":
				p.Report(page.FieldPos(alone), "say why no alert links here", "the page stands alone without a reason")
			}
		})
	},
}
