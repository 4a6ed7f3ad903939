package runbook

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

// Marker is a marker in a runbook that cannot be filled in.
var Marker = &diag.Kind{Name: "runbook-marker", Severity: diag.Error, Doc: `A runbook has a marker that means nothing, or at a place where it cannot be filled in.

A marker is an HTML comment on a line of its own:

    <!-- slowburn:facts -->

Compiling replaces it, in the output and never in the source; each stands once on a page. facts is what the alerts that link
to the page mean: when they fire, how much budget is gone by then, who is told, what mutes them, a query to look at. rules are
the rules themselves, related the pages that have to do with this one. key is not replaced: the command below it is the one that
the quick reference shows.`}

// Mark is a comment that speaks to slowburn.
type Mark struct {
	Name        string // what stands behind "slowburn:"
	Rest        string
	Start, Stop int // of the comment, in the page
}

// The marks that there are. The first three are filled in.
const (
	Facts   = "facts"
	Rules   = "rules"
	Related = "related"
	Key     = "key"
	Ignore  = "ignore"
)

var unique = []string{Facts, Key, Related, Rules}

var (
	commentStart = []byte("<!--")
	commentEnd   = []byte("-->")
	emptyComment = pattern.New(`^<!---?>`) // <!--> and <!---> are whole, CommonMark says
	markText     = pattern.New(`^\s*slowburn:([^\s]+)\s*(.*?)\s*$`)
	nearMark     = pattern.New(`(?i)slowburn\s*:|^\s*slowburn\b`)
	torn         = pattern.New(`(?i)<(?:!\s+-*|-*)\s*slowburn\s*:\s*\w*[\s-]*>?`) // Markdown takes it for text
)

// anyMark is what a marker looks like.
const anyMark = "<!-- slowburn:NAME -->"

// readHTML reads the comments in a piece of HTML, and judges the rest.
func (p *Page) readHTML(start, stop int, inline bool, r *diag.Report) {
	html := p.Source.Text[start:stop]
	for offset := 0; ; {
		at := bytes.Index(html[offset:], commentStart)
		if at < 0 {
			p.checkHTML(start+offset, stop, r)
			return
		}
		p.checkHTML(start+offset, start+offset+at, r)
		at += offset
		if m := emptyComment().Find(html[at:]); m != nil {
			offset = at + len(m)
			continue
		}
		end := bytes.Index(html[at:], commentEnd)
		if end < 0 {
			p.addMark(start+at, stop, html[at+len(commentStart):], inline, true, r)
			return
		}
		offset = at + end + len(commentEnd)
		p.addMark(start+at, start+offset, html[at+len(commentStart):at+end], inline, false, r)
	}
}

func (p *Page) addMark(start, stop int, comment []byte, inline, open bool, r *diag.Report) {
	m := markText().FindSubmatch(comment)
	if m == nil {
		if nearMark().Match(comment) {
			r.Add(Marker, p.Pos(start, firstLine(p.Source.Text, start, stop)), "write "+anyMark+" on a line of its own", "the comment is not a marker, though it speaks of slowburn")
		}
		return
	}
	mark := Mark{string(m[1]), string(m[2]), start, stop}
	at := p.Pos(start, firstLine(p.Source.Text, start, stop))
	switch {
	case open:
		r.Add(Marker, at, "end it with -->, on its line", "the marker is not closed, so that the rest of the page is a comment")
	case bytes.ContainsRune(comment, '\n'):
		r.Add(Marker, at, "write it on one line", "the marker has more than one line")
	case mark.Name == Ignore:
		p.Marks = append(p.Marks, mark)
	case inline || !p.aloneOnLine(start, stop):
		r.Add(Marker, at, "put it on a line of its own, between empty lines", "the marker stands inside a paragraph")
	case mark.Rest != "":
		r.Add(Marker, at, "write <!-- slowburn:"+mark.Name+" -->", "%q stands behind the marker", mark.Rest)
	default:
		p.Marks = append(p.Marks, mark)
	}
}

// firstLine is where the line of start ends, at most stop.
func firstLine(text []byte, start, stop int) int {
	if end := bytes.IndexByte(text[start:stop], '\n'); end >= 0 {
		return start + end
	}
	return stop
}

func (p *Page) aloneOnLine(start, stop int) bool {
	text := p.Source.Text
	before := text[bytes.LastIndexByte(text[:start], '\n')+1 : start]
	return len(bytes.TrimSpace(before)) == 0 && len(bytes.TrimSpace(text[stop:firstLine(text, stop, len(text))])) == 0
}

// checkTorn reports text of a paragraph that was meant to be a marker.
func (p *Page) checkTorn(paragraph ast.Node, r *diag.Report) {
	for i := range paragraph.Lines().Len() {
		line := paragraph.Lines().At(i)
		text := line.Value(p.Source.Text)
		for _, at := range torn().FindAllIndex(text, -1) {
			if isCode := bytes.Count(text[:at[0]], []byte("`"))%2 == 1; !isCode {
				r.Add(Marker, p.Pos(line.Start+at[0], line.Start+at[1]), "write "+anyMark+" on a line of its own", "this is text, and no marker")
			}
		}
	}
}

// checkMarks reports markers that are unknown or repeated, and keeps the others.
func (p *Page) checkMarks(r *diag.Report) {
	kept := p.Marks[:0]
	first := map[string]int{}
	for _, m := range p.Marks {
		at := m.Start + bytes.Index(p.Source.Text[m.Start:], []byte("slowburn:")) + len("slowburn:")
		name := p.Pos(at, at+len(m.Name))
		line, repeated := first[m.Name]
		switch {
		case m.Name == Ignore:
			kept = append(kept, m)
		case !slices.Contains(unique, m.Name):
			r.Add(Marker, name, spec.Suggest(m.Name, unique), "unknown marker %q", m.Name)
		case repeated:
			r.Add(Marker, name, "remove it", "the marker %s stands in line %d already", m.Name, line)
		default:
			first[m.Name] = name.Line
			kept = append(kept, m)
		}
	}
	p.Marks = kept
}
