package generators

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/runbook"
)

// Scaffold begins the runbooks that alerts name and that are missing: with the
// sections of the style, and prompts where a person must write.
func Scaffold(services []*alerts.Service, have []string, style *runbook.Style) []Artifact {
	var artifacts []Artifact
	begun := slices.Clone(have)
	for _, s := range services {
		for _, a := range s.All() {
			if a.Runbook == "" || slices.Contains(begun, a.Runbook) {
				continue
			}
			begun = append(begun, a.Runbook)
			artifacts = append(artifacts, Artifact{Path: runbookPath(a.Runbook), Bytes: begin(a.Runbook, s.Owner, style), Pos: diag.Pos{Source: a.Pos.Source}})
		}
	}
	return artifacts
}

// begin is the beginning of a page.
func begin(name, owner string, style *runbook.Style) []byte {
	var b bytes.Buffer
	if owner == "" {
		owner = prompted("the team that answers for this page")
	}
	title := strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "-", " ")
	fmt.Fprintf(&b, "# %s\n\nOwner: %s · Reviewed: not yet\n\n> %s\n", title, owner, prompted("what happens, in one sentence, and what users notice"))
	sections := []runbook.Section{{Titles: []string{"First moves"}, Prompt: "what to do first: commands that are filled in, how to read what they print, what to do for each reading", Numbered: true}}
	if style != nil {
		sections = style.Sections
	}
	facts := slices.IndexFunc(sections, func(s runbook.Section) bool { return s.Is(whatFired) })
	if facts < 0 {
		fmt.Fprintf(&b, "\n## %s\n\n<!-- slowburn:%s -->\n", whatFired, runbook.Facts)
	}
	for i, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n\n", s.Title())
		switch {
		case i == facts:
			fmt.Fprintf(&b, "<!-- slowburn:%s -->\n", runbook.Facts)
		case s.Numbered:
			fmt.Fprintf(&b, "1. %s\n", prompted(s.Prompt))
		default:
			fmt.Fprintf(&b, "> %s\n", prompted(s.Prompt))
		}
	}
	return b.Bytes()
}

const whatFired = "What fired"

// prompted is a place where a person must write; the check left-prompt finds it.
func prompted(what string) string {
	if what == "" {
		what = "this section"
	}
	return runbook.Prompt + " " + strings.Join(strings.Fields(what), " ")
}
