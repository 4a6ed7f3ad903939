package check

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
)

var staleReview = &Check{
	Kind: diag.Kind{Name: "stale-review", Severity: diag.Warning, Doc: `Nobody has held a page against reality for more than a year.

Systems change, pages do not. Go through the page, run what can be run, and write today's date behind Reviewed:. A date in
the future, or what is no date at all, says nothing. days is how long a review holds.`},
	Configuration: `stale-review: {days: 365}`,
	Bad:           "# Redis is down\n\nOwner: infra · Reviewed: 2024-06-01\n",
	Good:          pageHead,
	Parameters:    func() any { return &reviewParameters{} },
	Pages: func(p *PagesPass) {
		p.EachPage(func(page *runbook.Page) {
			field := page.Meta.Reviewed
			if !field.IsSet() || p.Today.IsZero() {
				return // unowned-page says so
			}
			days := defaultReviewDays
			if set := parametersOfPages[reviewParameters](p).Days; set.IsSet() {
				days = set.N
			}
			reviewed, ok := page.ReviewDate()
			age := int(p.Today.Sub(reviewed) / (24 * time.Hour))
			switch {
			case !ok && len(promptsIn(page, page.Root)) > 0: // left-prompt says that it is not written yet
			case !ok:
				p.Report(page.FieldPos(field), "write the day on which somebody went through the page, such as 2026-06-01", "%q is not a date", field.Text)
			case age < 0:
				p.Report(page.FieldPos(field), "write the day of the last review, not of the next", "%s is in the future", field.Text)
			case age > days:
				p.Report(page.FieldPos(field), "go through the page, and write today's date", "the last review was %d days ago", age)
			}
		})
	},
}

const defaultReviewDays = 365

type reviewParameters struct {
	// Days is how long a review holds. Default: 365.
	Days spec.Count `json:"days,omitempty"`
}
