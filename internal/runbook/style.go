package runbook

import (
	"embed"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Sources are the files that declare spec types; their comments document the JSON Schema.
//
//go:embed style.go
var Sources embed.FS

// Spec says how the runbooks of a service are written.
type Spec struct {
	// Style is what sections the pages have: first-moves, phases, procedure, tree, question, or one of styles. Without it
	// no section is asked for. A page that says "Style: NAME" below its title has that one.
	Style spec.Text `json:"style,omitempty"`
	// Styles are those of the team's own.
	Styles []StyleSpec `json:"styles,omitempty"`
}

// StyleSpec is a style: the sections that its pages have, in order.
type StyleSpec struct {
	spec.Node
	// Name of the style.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Sections are those that a page must have, in order; it may have others between them.
	Sections []SectionSpec `json:"sections" jsonschema:"required"`
}

// SectionSpec is a section that pages of a style have.
type SectionSpec struct {
	spec.Node
	// Title is what the heading begins with, in any case of letters; *? stands for headings that are questions. Alternatives
	// are divided by |, as in Recovery|Restoration.
	Title spec.Text `json:"title" jsonschema:"required"`
	// Prompt tells the author what belongs there.
	Prompt spec.Text `json:"prompt,omitempty"`
	// Numbered asks for numbered steps.
	Numbered *bool `json:"numbered,omitempty"`
	// Commands asks for a block of code: something to run, filled in.
	Commands *bool `json:"commands,omitempty"`
}

// Style is what a page of a team looks like.
type Style struct {
	Name     string
	Sections []Section
}

// Section is one that a page must have.
type Section struct {
	Titles   []string // any of them begins the heading; *? is a heading that ends in a question mark
	Prompt   string
	Numbered bool // it holds numbered steps
	Commands bool // it holds a block of code
}

// Styles are those that everybody has.
var Styles = []Style{
	{"first-moves", []Section{
		{Titles: []string{"What fired"}, Prompt: "nothing: the marker below is filled in by slowburn"},
		{Titles: []string{"First moves"}, Prompt: "what to do within five minutes: each move with a command that is filled in, how to read what it prints, and where to go for each reading", Numbered: true, Commands: true},
		{Titles: []string{"Common causes"}, Prompt: "what it usually was: how it shows, and what mends it"},
	}},
	{"phases", []Section{
		{Titles: []string{"Symptoms"}, Prompt: "what users and neighbours notice"},
		{Titles: []string{"Diagnosis"}, Prompt: "commands that tell the causes apart, and how to read what they print", Commands: true},
		{Titles: []string{"Immediate actions"}, Prompt: "what restores the service now", Commands: true},
		{Titles: []string{"Recovery", "Restoration"}, Prompt: "how to get back to normal, and how to see that it is", Commands: true},
		{Titles: []string{"Postmortem"}, Prompt: "which questions to answer afterwards"},
	}},
	{"procedure", []Section{
		{Titles: []string{"Steps"}, Prompt: "the steps, in order: each with its command and what it must print before the next", Numbered: true, Commands: true},
	}},
	{"tree", []Section{
		{Titles: []string{"Symptoms"}, Prompt: "what shows, with numbers"},
		{Titles: []string{"Diagnosis"}, Prompt: "a tree of questions; each leaf leads to a section, as in: above 5 s → §1"},
		{Titles: []string{"Causes"}, Prompt: "a table of causes with their likelihood in percent, which sum to 100"},
		{Titles: []string{"§1"}, Prompt: "how to resolve the first cause: commands, what they print, what to do then", Commands: true},
		{Titles: []string{"Validation"}, Prompt: "how to see that it is over, with numbers", Commands: true},
		{Titles: []string{"Prevention"}, Prompt: "what keeps it from coming back"},
		{Titles: []string{"Related"}, Prompt: "pages that one needs next"},
	}},
	{"question", []Section{
		{Titles: []string{"*?"}, Prompt: "a question whose answer decides what to do, the command that answers it, and what to do for each answer", Commands: true},
	}},
}

// StyleNames are the names of styles.
func StyleNames(styles []Style) []string {
	var names []string
	for _, s := range styles {
		names = append(names, s.Name)
	}
	return names
}

// FindStyle is the style of a name, or nil.
func FindStyle(styles []Style, name string) *Style {
	if i := slices.IndexFunc(styles, func(s Style) bool { return s.Name == name }); i >= 0 {
		return &styles[i]
	}
	return nil
}

// Resolve returns the styles that there are, and the one that pages have unless
// they say otherwise: nil for none.
func (d *Spec) Resolve(r *diag.Report) ([]Style, *Style) {
	styles := slices.Clone(Styles)
	for i := range d.Styles {
		styles = append(styles, d.Styles[i].resolve(r))
	}
	if d.Style.Text == "" {
		return styles, nil
	}
	style := FindStyle(styles, d.Style.Text)
	if style == nil {
		r.Add(spec.UnknownReference, d.Style.Pos(), spec.Suggest(d.Style.Text, StyleNames(styles)), "there is no style %q", d.Style.Text)
	}
	return styles, style
}

func (d *StyleSpec) resolve(r *diag.Report) Style {
	style := Style{Name: d.Name.Text}
	if FindStyle(Styles, d.Name.Text) != nil {
		r.Add(spec.BadValue, d.Name.Pos(), "choose another name", "style %q exists already", d.Name.Text)
	}
	if len(d.Sections) == 0 && d.Value().Get("sections") != nil {
		r.Add(spec.BadValue, d.Pos(), "list sections", "style %q asks for nothing", d.Name.Text)
	}
	for i := range d.Sections {
		s := &d.Sections[i]
		section := Section{Prompt: s.Prompt.Text, Numbered: isTrue(s.Numbered), Commands: isTrue(s.Commands)}
		for title := range strings.SplitSeq(s.Title.Text, "|") {
			if title = strings.TrimSpace(title); title != "" {
				section.Titles = append(section.Titles, title)
			}
		}
		if len(section.Titles) == 0 {
			if s.Title.Value() != nil && !s.Title.IsUnreadable() {
				r.Add(spec.BadValue, s.Title.Pos(), "write what the heading begins with", "the section has no title")
			}
			continue
		}
		style.Sections = append(style.Sections, section)
	}
	return style
}

func isTrue(b *bool) bool { return b != nil && *b }

// Title is what the section is called when a page is begun.
func (s Section) Title() string {
	if s.Titles[0] == anyQuestion {
		return "Is it this?"
	}
	return s.Titles[0]
}

const anyQuestion = "*?"

// Is tells whether a heading begins the section.
func (s Section) Is(heading string) bool {
	return slices.ContainsFunc(s.Titles, func(title string) bool {
		if title == anyQuestion {
			return strings.HasSuffix(heading, "?")
		}
		return len(heading) >= len(title) && strings.EqualFold(heading[:len(title)], title)
	})
}

// HasSteps tells whether there is a numbered list among nodes, or numbered headings.
func HasSteps(nodes []ast.Node) bool { return contains(nodes, isStep) }

// HasCode tells whether there is a block of code among nodes.
func HasCode(nodes []ast.Node) bool {
	return contains(nodes, func(n ast.Node) bool {
		return n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock
	})
}

func isStep(n ast.Node) bool {
	list, ok := n.(*ast.List)
	return ok && list.IsOrdered()
}

func contains(nodes []ast.Node, is func(ast.Node) bool) bool {
	found := false
	for _, n := range nodes {
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if entering && is(n) {
				found = true
			}
			if found {
				return ast.WalkStop, nil
			}
			return ast.WalkContinue, nil
		})
	}
	return found
}

// StyleOf is the style that a page has: its own, otherwise the one given. It is
// false if the page names one that does not exist.
func (p *Page) StyleOf(styles []Style, otherwise *Style) (*Style, bool) {
	if !p.Meta.Style.IsSet() {
		return otherwise, true
	}
	style := FindStyle(styles, p.Meta.Style.Text)
	return style, style != nil
}
