package runbook

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// What a page must not do, whoever renders it.
var (
	ActiveHTML = &diag.Kind{Name: "active-html", Severity: diag.Error, Doc: `A page holds HTML that runs something or loads it from elsewhere.

Runbooks are read in wikis and browsers by people who hold the keys. Scripts, frames, forms, event handlers and javascript:
addresses have no place there. Plain markup such as <details> or <br> is left alone.`}
	LinkOutside = &diag.Kind{Name: "link-outside", Severity: diag.Error, Doc: `A relative link leaves the folder of the spec, or names a file of the machine.

A page may link to the pages beside it and to files of the folder above, which belongs to the same system. What lies outside
is not there when the pages are published, and may be anything on the machine that renders them.`}
)

// Link is a link or a picture.
type Link struct {
	Destination string
	Node        ast.Node // nil for one in HTML
	start, stop int
}

// LinkPos is the place of a link's destination.
func (p *Page) LinkPos(l Link) diag.Pos { return p.Pos(l.start, l.stop) }

func (p *Page) addLink(n ast.Node, destination []byte) {
	l := Link{Destination: string(destination), Node: n}
	from := Start(n)
	l.start, l.stop = from, from
	text := p.Source.Text
	forms := []linkForm{{from, "]("}, {from, "](<"}, {from, ""}} // the last one is an address as it stands
	if isReference(n) {
		forms = []linkForm{{0, "]: "}, {0, "]: <"}, {0, "]:"}}
	}
	for _, form := range forms {
		if at := bytes.Index(text[form.from:], append([]byte(form.before), destination...)); at >= 0 && len(destination) > 0 {
			l.start = form.from + at + len(form.before)
			l.stop = l.start + len(destination)
			break
		}
	}
	p.Links = append(p.Links, l)
}

// linkForm is what stands before a destination, somewhere behind a byte.
type linkForm struct {
	from   int
	before string
}

// isReference tells whether a link's destination is defined elsewhere on the page.
func isReference(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Link:
		return n.Reference != nil
	case *ast.Image:
		return n.Reference != nil
	}
	return false
}

// Relative takes a destination apart that leads to a file: its path, seen from
// the page's folder, and the anchor behind it. It is false for addresses.
func (l Link) Relative() (file, anchor string, ok bool) {
	u, err := url.Parse(l.Destination)
	if err != nil || u.Scheme != "" || u.Host != "" {
		return "", "", false
	}
	return u.Path, u.Fragment, true
}

// harmless are schemes of addresses that do nothing but lead somewhere.
var harmless = []string{"", "http", "https", "mailto", "tel", "slack"}

func (p *Page) checkLinks(r *diag.Report) {
	for _, l := range p.Links {
		u, err := url.Parse(l.Destination)
		if err != nil {
			continue // broken-link says so
		}
		if scheme := strings.ToLower(u.Scheme); !slices.Contains(harmless, scheme) {
			kind := ActiveHTML
			if scheme == "file" {
				kind = LinkOutside
			}
			r.Add(kind, p.LinkPos(l), "link to a page or to an https address", "%s: is no scheme for a runbook", u.Scheme)
			continue
		}
		if file, _, ok := l.Relative(); ok && (strings.HasPrefix(file, "/") || !IsInside(file)) {
			r.Add(LinkOutside, p.LinkPos(l), "link to a page beside this one, or to an https address", "%q leaves the folder of the system", file)
		}
	}
}

// IsInside tells whether a path, seen from the folder of the pages, stays in the
// folder above.
func IsInside(file string) bool {
	clean := path.Join("runbooks", file)
	return clean != ".." && !strings.HasPrefix(clean, "../")
}

var activeHTML = pattern.New(`(?i)<\s*/?\s*(script|iframe|frame|object|embed|applet|form|input|button|style|link|meta|base|svg|math|template)\b|\son[a-z]+\s*=|(?:href|src|action|formaction|srcdoc)\s*=\s*["']?\s*(?:javascript|data|vbscript):|\ssrcdoc\s*=`)

// linkHTML is a link or a picture in HTML; javascript: and the like are active.
var linkHTML = pattern.New(`(?i)\s(?:href|src)\s*=\s*["']?([^"'\s>]+)`)

var anchorHTML = pattern.New(`(?i)<[a-z][^>]*\s(?:id|name)\s*=\s*["']?([^"'\s>]+)`)

// checkHTML reports what runs in a piece of HTML, and notes the anchors in it.
func (p *Page) checkHTML(start, stop int, r *diag.Report) {
	html := p.Source.Text[start:stop]
	for _, m := range activeHTML().FindAllIndex(html, -1) {
		found := bytes.TrimSpace(html[m[0]:m[1]])
		r.Add(ActiveHTML, p.Pos(start+m[1]-len(found), start+m[1]), "write it in Markdown, or leave it out", "%q runs something or loads it", found)
	}
	for _, m := range linkHTML().FindAllSubmatchIndex(html, -1) {
		if !activeHTML().Match(html[m[0]:m[1]]) {
			p.Links = append(p.Links, Link{Destination: string(html[m[2]:m[3]]), start: start + m[2], stop: start + m[3]})
		}
	}
	for _, m := range anchorHTML().FindAllSubmatch(html, -1) {
		p.anchors[string(m[1])] = true
	}
}
