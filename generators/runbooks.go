package generators

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// runbookIndex is the page that leads to the others.
const runbookIndex = "index"

// Runbooks fills the runbooks of a spec folder in, and makes an index of them.
// Every runbook that an alert names must be among pages. Of a page that could
// not be read nothing is written.
func Runbooks(services []*alerts.Service, routing *alerts.Routing, pages []*runbook.Page, r *diag.Report) []Artifact {
	all := newPages(services, routing, pages)
	for _, a := range all.alerts {
		if a.Runbook != "" && all.page(a.Runbook) == nil {
			reportMissing(a, all.names(), r)
		}
	}
	var artifacts []Artifact
	for _, p := range all.pages {
		if p.NotText {
			continue
		}
		artifacts = append(artifacts, Artifact{Path: runbookPath(p.Name), Bytes: p.render(), Pos: diag.Pos{Source: p.Source}})
	}
	if len(artifacts) > 0 {
		artifacts = append(artifacts, Artifact{Path: runbookPath(runbookIndex), Bytes: all.index(), Pos: artifacts[0].Pos})
	}
	return artifacts
}

func runbookPath(name string) string { return "runbooks/" + name + ".md" }

// ScaffoldHelp begins the way out of a runbook that is missing.
const ScaffoldHelp = "slowburn scaffold begins runbooks/"

func reportMissing(a alerts.Alert, have []string, r *diag.Report) {
	help := ScaffoldHelp + a.Runbook + ".md"
	if near := spec.Nearest(a.Runbook, have); near != "" {
		help += fmt.Sprintf("; or did you mean %q?", near)
	}
	r.Add(spec.UnknownReference, a.RunbookPos, help, "there is no runbook %q", a.Runbook)
}

// pages are the runbooks of a spec folder, with the alerts that they are about.
type pages struct {
	services []*alerts.Service
	routing  *alerts.Routing // nil where there is none
	alerts   []alerts.Alert  // of all services, in order
	pages    []*page         // by name
}

// page is one runbook with the alerts that link to it.
type page struct {
	*runbook.Page
	all     *pages
	alerts  []linkedAlert
	routing *alerts.Routing
}

func newPages(services []*alerts.Service, routing *alerts.Routing, read []*runbook.Page) *pages {
	all := &pages{services: services, routing: routing}
	for _, s := range services {
		all.alerts = append(all.alerts, s.All()...)
	}
	users := map[string][]linkedAlert{}
	for _, a := range all.link() {
		users[a.Runbook] = append(users[a.Runbook], a)
	}
	for _, p := range read {
		all.pages = append(all.pages, &page{Page: p, all: all, alerts: users[p.Name], routing: routing})
	}
	slices.SortFunc(all.pages, func(a, b *page) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (all *pages) page(name string) *page {
	if i := slices.IndexFunc(all.pages, func(p *page) bool { return p.Name == name }); i >= 0 {
		return all.pages[i]
	}
	return nil
}

func (all *pages) names() []string {
	var names []string
	for _, p := range all.pages {
		names = append(names, p.Name)
	}
	return names
}

// markers are what a marker in a runbook is replaced by.
var markers = map[string]func(*page) string{
	runbook.Facts:   (*page).facts,
	runbook.Related: (*page).related,
	runbook.Rules:   (*page).rules,
}

// render is the page with its markers filled in. They were looked for in the
// syntax tree, so that one in a code block stays what it is: an example.
func (p *page) render() []byte {
	var out bytes.Buffer
	done := 0
	for _, m := range p.Marks {
		if write := markers[m.Name]; write != nil {
			out.Write(p.Source.Text[done:m.Start])
			out.WriteString(write(p))
			done = m.Stop
		}
	}
	out.Write(p.Source.Text[done:])
	return out.Bytes()
}

// facts says what each alert that links here means.
func (p *page) facts() string {
	var b strings.Builder
	for i, a := range p.alerts {
		if i > 0 && p.alerts[i-1].Name == a.Name {
			continue // another member of the same alert
		}
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "**%s**\n\n", escape(a.Name))
		if members := p.membersOf(a.Alert); len(members) > 0 {
			fmt.Fprintf(&b, "- One alert for each of %s. Of the first:\n", escape(strings.Join(members, ", ")))
		}
		for _, fact := range p.factsOf(a) {
			fmt.Fprintf(&b, "- %s\n", fact)
		}
		fmt.Fprintf(&b, "\n```promql\n%s\n```\n", verifyQuery(a.Alert))
	}
	if len(p.alerts) == 0 {
		return "No alert links to this page."
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// membersOf are the members that the spec lists for an alert.
func (p *page) membersOf(a alerts.Alert) []string {
	var members []string
	for _, o := range p.alerts {
		if o.Name == a.Name && o.Threshold != nil && o.Threshold.Member != "" {
			members = append(members, o.Threshold.Member)
		}
	}
	return members
}

func (p *page) factsOf(a linkedAlert) []string {
	var facts []string
	switch {
	case a.Threshold != nil:
		facts = thresholdFacts(a.Alert)
	default:
		facts = sloFacts(a.Alert)
	}
	facts = append(facts, p.audience(a)...)
	if link := a.DashboardURL(); link != "" {
		facts = append(facts, "Dashboard: <"+link+">")
	}
	return facts
}

// thresholdFacts say when a threshold alert fires.
func thresholdFacts(a alerts.Alert) []string {
	fires := "Fires while " + escape(a.Threshold.Condition)
	if a.For > 0 {
		fires += ", when that has lasted for " + spec.FormatDuration(a.For)
	}
	facts := []string{fires + "."}
	if keep := a.KeepFiringFor; keep > 0 {
		facts = append(facts, fmt.Sprintf("Goes on for %s after that has ended.", spec.FormatDuration(keep)))
	}
	return facts
}

// sloFacts say when an alert of an SLO fires, and what is lost by then.
func sloFacts(a alerts.Alert) []string {
	o := a.SLO
	promise := fmt.Sprintf("Objective: %s over %s", spec.FormatPercent(o.Objective), spec.FormatDuration(o.Service.Period))
	if o.Summary != "" {
		promise += ": " + escape(o.Summary)
	}
	facts := []string{promise + "."}
	for i, t := range a.Tiers {
		facts = append(facts, tierFacts(a, t, i > 0)...)
	}
	if len(a.Tiers) == 0 {
		facts = append(facts, fmt.Sprintf("Fires when the SLO's metrics have been gone for %s. No other alert of the SLO can fire meanwhile.", spec.FormatDuration(a.For)))
	}
	return facts
}

// tierFacts are those of one tier of a burn-rate alert.
func tierFacts(a alerts.Alert, t slo.Tier, further bool) []string {
	fires, outage := "Fires", "In a full outage it fires after %s, plus a scrape and an evaluation; it ends %s after the last error."
	if further {
		fires, outage = "Fires also", "In a full outage that is after %s, and until %s after the last error."
	}
	facts := []string{fmt.Sprintf("%s when more than %s of the events of the last %s, and of the last %s, were bad: the error budget burns more than %s times too fast.",
		fires, spec.FormatPercent(t.Threshold()), spec.FormatDuration(t.Long), spec.FormatDuration(t.Short), spec.FormatDecimal(t.Factor()))}
	if full, reset, ok := t.FullOutage(a.SLO.SLI.Slice()); ok {
		facts = append(facts, fmt.Sprintf(outage, spec.FormatDuration(full+a.For), spec.FormatDuration(reset+a.KeepFiringFor)))
	}
	facts = append(facts, fmt.Sprintf("By then %s of the budget is spent. A full outage of %s spends all of it.",
		spec.FormatPercent(t.Share), spec.FormatDuration(t.BudgetTime())))
	if a.SLO.MinErrors > 0 {
		facts = append(facts, fmt.Sprintf("Silent below %d bad events in %s, whatever their share.", a.SLO.MinErrors, spec.FormatDuration(t.Long)))
	}
	return facts
}

// verifyQuery is a query that shows what the alert saw.
func verifyQuery(a alerts.Alert) string {
	if len(a.Tiers) == 0 {
		return expr.String(a.Expr)
	}
	return expr.String(a.SLO.ErrorRatio(a.Tiers[0].Long))
}

var markdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `{`, `\{`, `[`, `\[`, `]`, `\]`, `<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`, `#`, `\#`, `|`, `\|`, `!`, `\!`,
)

// escape makes a text stand in Markdown as it is.
func escape(text string) string { return markdown.Replace(text) }
