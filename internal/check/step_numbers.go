package check

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/runbook"
)

var stepNumbers = &Check{
	Kind: diag.Kind{Name: "step-numbers", Severity: diag.Warning, Doc: `Steps are numbered with a gap, or twice.

Pages and people speak of "step 4". Markdown numbers a list by its first item alone, so that what is read differs from what
was written; and headings such as "§2" or "Step 2" it does not number at all. A list whose items are all 1 is left to Markdown.`},
	Bad:  pageHead + "1. Look.\n2. Think.\n4. Act.\n",
	Good: pageHead + "1. Look.\n2. Think.\n3. Act.\n",
	Pages: func(p *PagesPass) {
		p.EachNode(func(n ast.Node) {
			if list, ok := n.(*ast.List); ok && list.IsOrdered() {
				p.checkItems(list)
			}
		})
		p.EachPage(p.checkNumberedHeadings)
	},
}

var itemNumber = pattern.New(`(\d{1,9})[.)][ \t]*(?:\[[ xX]\][ \t]*)?[*_` + "`" + `\[]*$`)

// numberOf is the number that an item of a list has in the source, with its place.
func numberOf(page *runbook.Page, item ast.Node) (number, start, stop int, ok bool) {
	if item.FirstChild() == nil {
		return 0, 0, 0, false
	}
	end := runbook.Start(item)
	text := page.Source.Text
	begin := bytes.LastIndexByte(text[:end], '\n') + 1
	m := itemNumber().FindSubmatchIndex(text[begin:end])
	if m == nil {
		return 0, 0, 0, false
	}
	number, err := strconv.Atoi(string(text[begin+m[2] : begin+m[3]]))
	return number, begin + m[2], begin + m[3], err == nil
}

func (p *PagesPass) checkItems(list *ast.List) {
	last, ones := -1, true // last as it is written: what follows a gap without one is right
	shown := 0             // the number that the item would have without gaps
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		n, start, stop, ok := numberOf(p.page, item)
		if !ok {
			last = -1
			continue
		}
		ones = ones && n == 1
		switch {
		case last < 0 && item == list.FirstChild() && n > 1 && !continues(p.page, list, n):
			p.Report(p.page.Pos(start, stop), "begin with 1, or where the list before ends", "the steps begin with %d", n)
		case last >= 0 && n != last+1 && n != shown+1 && !ones:
			p.Report(p.page.Pos(start, stop), numberHelp(shown+1), "step %d follows step %d", n, last)
		case last < 0:
			shown = n - 1
		}
		last, shown = n, shown+1
	}
}

// numberHelp is the way out for a number. Those behind it count on from it.
func numberHelp(n int) string {
	return "number it " + strconv.Itoa(n) + ", and count on from there"
}

// continues tells whether a list goes on with the steps of one before it in the
// same section.
func continues(page *runbook.Page, list *ast.List, from int) bool {
	for before := list.PreviousSibling(); before != nil; before = before.PreviousSibling() {
		switch before := before.(type) {
		case *ast.Heading:
			return false
		case *ast.List:
			if !before.IsOrdered() {
				continue
			}
			n, _, _, ok := numberOf(page, before.LastChild())
			return ok && n+1 == from
		}
	}
	return false
}

var headingNumber = pattern.New(`^(?i:(§|step|phase|mode|part)\s*)?(\d{1,4})(?:[.:) ]|$)`)

// checkNumberedHeadings holds headings of one level and one kind of number, below
// the same heading, against each other.
func (p *PagesPass) checkNumberedHeadings(page *runbook.Page) {
	type series struct {
		level int
		word  string
	}
	type number struct{ written, shown int }
	last := map[series]number{}
	for _, h := range page.Headings {
		for s := range last {
			if s.level > h.Level {
				delete(last, s)
			}
		}
		m := headingNumber().FindStringSubmatch(h.Text)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil || n > 999 {
			continue // a year
		}
		s := series{h.Level, strings.ToLower(m[1])}
		before, ok := last[s]
		want := before.shown + 1
		if n != before.written+1 && n != want && (ok || n > 1) {
			p.Report(page.PosOf(h.Node), numberHelp(want), "the heading %q should be number %d", h.Text, want)
		} else if !ok {
			want = n
		}
		last[s] = number{n, want}
	}
}
