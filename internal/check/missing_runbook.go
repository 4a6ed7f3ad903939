package check

import "slowburn/internal/diag"

var missingRunbook = &Check{
	Kind: diag.Kind{Name: "missing-runbook", Severity: diag.Warning, Doc: `An alert has no runbook.

Whoever it wakes is left alone with its name. Where there are runbooks, every alert has one: in a spec, name a page (runbook: NAME) and let slowburn scaffold begin it. Of
other rules the annotation runbook_url counts: its last part is the page's name, and only alerts are judged whose links lead
to where others find one of these pages.`},
	Bad:  pageHead + "<!-- alert: RedisDown page -->\n<!-- alert: RedisFull -->\n",
	Good: pageHead + "<!-- alert: RedisDown page -->\n<!-- alert: RedisFull page -->\n",
	Pages: func(p *PagesPass) {
		for _, a := range p.Alerts {
			switch {
			case a.Runbook == "" && len(p.Pages) == 0: // nobody writes runbooks here
			case a.Runbook == "":
				p.Report(a.Pos, "name the page that tells what to do: runbook: NAME", "the alert %s has no runbook", a.Name)
			case p.beside(a.Runbook+".md") == nil:
				p.Report(a.Pos, "write the page, or name another one", "the runbook %q of the alert %s is not there", a.Runbook, a.Name)
			}
		}
	},
}
