package generators

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
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
