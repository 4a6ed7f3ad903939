package runbook

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// Meta is what a page says about itself: in a line below the title, such as
//
//	Owner: infra on-call · Reviewed: 2026-11-21
//
// or in front matter.
type Meta struct {
	Owner      Field
	Reviewed   Field
	Category   Field
	Style      Field
	StandAlone Field // why no alert links here
}

// Prompt begins a place where a person must write, on a page that was begun.
const Prompt = "**To write:**"

// Field is one of them, with its place.
type Field struct {
	Text        string
	start, stop int
}

// IsSet tells whether the page has the field.
func (f Field) IsSet() bool { return f.stop > 0 }

// FieldPos is the place of a field's value.
func (p *Page) FieldPos(f Field) diag.Pos { return p.Pos(f.start, f.stop) }

// fieldNames are the names of fields, in lower case, with those that other people use.
var fieldNames = map[string]func(*Meta) *Field{
	"owner":         func(m *Meta) *Field { return &m.Owner },
	"reviewed":      func(m *Meta) *Field { return &m.Reviewed },
	"last reviewed": func(m *Meta) *Field { return &m.Reviewed },
	"last updated":  func(m *Meta) *Field { return &m.Reviewed },
	"category":      func(m *Meta) *Field { return &m.Category },
	"style":         func(m *Meta) *Field { return &m.Style },
	"stand-alone":   func(m *Meta) *Field { return &m.StandAlone },
}

var (
	metaLine   = pattern.New(`(?i)^[*_]*(owner|reviewed|last reviewed|last updated)[*_]*:`)
	metaField  = pattern.New(`(?:^|[·|])[ \t*_]*([A-Za-z][A-Za-z -]*?)[ \t*_]*:[*_]*[ \t]*([^·|\r\n]*)`)
	frontField = pattern.New(`(?m)^([A-Za-z][A-Za-z -]*):[ \t]*([^\r\n]*)`)
	notCommand = pattern.New(`^(?:#|cd \S+$|[A-Za-z_][A-Za-z0-9_]*=|(?:for|while|until|if|do|done|then|fi|umask|export|read)\b|(?:echo|printf)\b[^|]*$|(?:sleep|date)\b[^;|]*$|.*& *[A-Za-z_]+=\$!)`)
	trailing   = pattern.New(`\s{2,}#.*$`) // a comment behind a command
)

// readMeta reads the lines of a paragraph that hold fields.
func (p *Page) readMeta(n ast.Node) {
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		if text := line.Value(p.Source.Text); metaLine().Match(bytes.TrimLeft(text, " \t")) {
			p.addFields(metaField(), line.Start, line.Stop)
		}
	}
}

func (p *Page) addFields(form *regexp.Regexp, from, to int) {
	for _, m := range form.FindAllSubmatchIndex(p.Source.Text[from:to], -1) {
		name := strings.ToLower(string(p.Source.Text[from+m[2] : from+m[3]]))
		start, stop := from+m[4], from+m[5]
		value := strings.TrimRight(string(p.Source.Text[start:stop]), " \t*_\"")
		of := fieldNames[name]
		if of == nil || of(&p.Meta).IsSet() {
			continue
		}
		*of(&p.Meta) = Field{strings.TrimLeft(value, `"`), start, start + max(len(value), 1)}
	}
}

// readFrontMatter reads the fields between two lines of dashes at the very
// beginning, and returns the text with spaces in their place: Markdown would
// take them for a heading.
func (p *Page) readFrontMatter() []byte {
	text := p.Source.Text
	const fence = "---\n"
	if !bytes.HasPrefix(text, []byte(fence)) {
		return text
	}
	end := bytes.Index(text[len(fence):], []byte("\n"+fence))
	if end < 0 {
		return text
	}
	end += len(fence) + 1 + len(fence)
	p.addFields(frontField(), len(fence), end)
	blank := bytes.Clone(text)
	for i := range blank[:end] {
		if blank[i] != '\n' {
			blank[i] = ' '
		}
	}
	return blank
}

// IsHead tells whether a place stands at the head of the page: behind nothing
// but the title, the fields and comments.
func (p *Page) IsHead(offset int) bool {
	for n := p.Root.FirstChild(); n != nil && Start(n) < offset; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.HTMLBlock:
		case *ast.Heading:
			if n != p.Root.FirstChild() && n.Level > 1 {
				return false
			}
		case *ast.Paragraph:
			if !metaLine().MatchString(p.Text(n)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// ReviewDate is when somebody last held the page against reality; false where
// it says no such day.
func (p *Page) ReviewDate() (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, p.Meta.Reviewed.Text)
	return day, err == nil
}
