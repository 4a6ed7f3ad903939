package runbook

import (
	"fmt"
	"slowburn/internal/pattern"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// Heading is one heading of a page.
type Heading struct {
	Level  int
	Text   string
	Anchor string // as GitHub and GitLab make it
	Node   ast.Node
}

func (p *Page) readHeadings() {
	for n := p.Root.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			continue
		}
		text := p.Text(h)
		p.Headings = append(p.Headings, Heading{h.Level, text, p.newAnchor(slug(text)), h})
	}
}

// newAnchor is an anchor that no heading before has; the second of a name ends in -1.
func (p *Page) newAnchor(slug string) string {
	anchor := slug
	for i := 1; p.anchors[anchor]; i++ {
		anchor = fmt.Sprintf("%s-%d", slug, i)
	}
	p.anchors[anchor] = true
	return anchor
}

// slug is a heading as it stands in an address: lower case, dashes for spaces,
// and nothing else but letters, digits, dashes and underscores.
func slug(heading string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ':
			return '-'
		case c == '-' || c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c):
			return unicode.ToLower(c)
		}
		return -1
	}, heading)
}

// HasAnchor tells whether an address can end in #anchor.
func (p *Page) HasAnchor(anchor string) bool { return p.anchors[anchor] }

// Anchors are those of the headings, in order.
func (p *Page) Anchors() []string {
	var all []string
	for _, h := range p.Headings {
		all = append(all, h.Anchor)
	}
	return all
}

// Title is the first heading, or the name of the file.
func (p *Page) Title() string {
	if len(p.Headings) > 0 && p.Headings[0].Text != "" {
		return p.Headings[0].Text
	}
	return p.Name
}

// Section are the nodes below a heading, up to the next one of its level or above.
func (h Heading) Section() []ast.Node {
	var nodes []ast.Node
	for n := h.Node.NextSibling(); n != nil; n = n.NextSibling() {
		if next, ok := n.(*ast.Heading); ok && next.Level <= h.Level {
			break
		}
		nodes = append(nodes, n)
	}
	return nodes
}

// maxShown bounds what the quick reference shows of a page, in letters: it is a table.
const maxShown = 200

func shorten(text string) string {
	if all := []rune(text); len(all) > maxShown {
		return strings.TrimSpace(string(all[:maxShown])) + "…"
	}
	return text
}

var sentenceEnd = pattern.New(`[.:;](?:\s|$)`)

// Situation is the first sentence below the title that says what happens.
func (p *Page) Situation() string {
	for n := p.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if _, ok := n.(*ast.Paragraph); !ok {
			continue
		}
		text := p.Text(n)
		if text == "" || metaLine().MatchString(text) {
			continue
		}
		if end := sentenceEnd().FindStringIndex(text); end != nil {
			text = text[:end[0]]
		}
		return shorten(text)
	}
	return ""
}
