// Package runbook reads Markdown pages, anybody's, into what the compiler and
// the checks ask of them: headings and their anchors, links, code, markers, who
// owns the page and when it was reviewed. What is Markdown is decided by
// goldmark; everything here knows its place in the source.
package runbook

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// maxPage bounds a page, in bytes. Nobody reads one megabyte at night.
const maxPage = 1 << 20

// TooLarge is a page that nobody can read.
var TooLarge = &diag.Kind{Name: "page-too-large", Severity: diag.Error, Doc: `A runbook has more than 1 MiB, or more markup than anybody writes.

Nobody finds anything in it, and it is probably not a page at all: an export, a log, a picture. Nothing in it is read. Thousands
of asterisks in one paragraph would keep any reader of Markdown busy for minutes.`}

// Page is one Markdown page.
type Page struct {
	Name     string // of the file, without .md
	Source   *diag.Source
	Root     ast.Node
	Headings []Heading
	Code     []Code // blocks
	Spans    []Code // commands and queries in running text
	Links    []Link
	Marks    []Mark
	Meta     Meta
	// NotText tells that nothing but Name and Source could be read.
	NotText bool

	anchors map[string]bool
}

// Read reads a page. What nobody could render safely is reported: markers that
// cannot be filled in, active HTML, links that leave the folder above the page.
func Read(name string, src *diag.Source, r *diag.Report) *Page {
	p := &Page{Name: name, Source: src, Root: ast.NewDocument(), NotText: true, anchors: map[string]bool{}}
	if len(src.Text) > maxPage {
		r.Add(TooLarge, diag.Pos{Source: src}, "split it into pages that each answer one question", "%d KiB are more than the %d KiB that a page may have", len(src.Text)>>10, maxPage>>10)
		return p
	}
	if !spec.CheckText(src, r) || !p.checkIntricate(r) {
		return p
	}
	p.NotText = false
	markdown := p.readFrontMatter()
	p.Root = parser.Parse(text.NewReader(markdown))
	p.readHeadings()
	_ = ast.Walk(p.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			p.readNode(n, r)
		}
		return ast.WalkContinue, nil
	})
	p.checkMarks(r)
	p.checkLinks(r)
	return p
}

// parser reads what GitHub, GitLab and most wikis read: CommonMark with tables.
var parser = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList)).Parser()

func (p *Page) readNode(n ast.Node, r *diag.Report) {
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		p.addCode(n, strings.ToLower(string(n.Language(p.Source.Text))))
	case *ast.CodeBlock:
		p.addCode(n, "")
	case *ast.CodeSpan:
		p.addSpan(n)
	case *ast.Link:
		p.addLink(n, n.Destination)
	case *ast.Image:
		p.addLink(n, n.Destination)
	case *ast.AutoLink:
		p.addLink(n, n.URL(p.Source.Text))
	case *ast.HTMLBlock:
		start, stop := linesOf(n)
		if n.HasClosure() {
			stop = n.ClosureLine.Stop
		}
		p.readHTML(start, stop, false, r)
	case *ast.RawHTML:
		segments := n.Segments
		p.readHTML(segments.At(0).Start, segments.At(segments.Len()-1).Stop, true, r)
	case *ast.Paragraph, *ast.TextBlock:
		p.readMeta(n)
		p.checkTorn(n, r)
	}
}

// Pos is the place of the bytes from start to stop.
func (p *Page) Pos(start, stop int) diag.Pos {
	start = max(start, 0)
	stop = min(max(stop, start), len(p.Source.Text))
	return diag.PosAt(p.Source, start, utf8.RuneCount(p.Source.Text[start:stop]))
}

// PosOf is the place of a node, as wide as its first line.
func (p *Page) PosOf(n ast.Node) diag.Pos {
	start := Start(n)
	width := bytes.IndexByte(p.Source.Text[start:], '\n')
	if width < 0 {
		width = len(p.Source.Text) - start
	}
	return p.Pos(start, start+width)
}

// Start is the byte at which a node's text begins.
func Start(n ast.Node) int {
	for at := n; at != nil; at = at.FirstChild() {
		if at.Type() == ast.TypeBlock && at.Lines() != nil && at.Lines().Len() > 0 {
			return at.Lines().At(0).Start
		}
		switch at := at.(type) {
		case *ast.Text:
			return at.Segment.Start
		case *ast.RawHTML:
			return at.Segments.At(0).Start
		}
	}
	return max(n.Pos(), 0)
}

// linesOf are the bytes that a block's lines span.
func linesOf(n ast.Node) (start, stop int) {
	lines := n.Lines()
	if lines == nil || lines.Len() == 0 {
		return max(n.Pos(), 0), max(n.Pos(), 0)
	}
	return lines.At(0).Start, lines.At(lines.Len() - 1).Stop
}

// Text is what a reader sees of a node: its words without the markup.
func (p *Page) Text(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(p.Source.Text))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(p.Source.Text))
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}
