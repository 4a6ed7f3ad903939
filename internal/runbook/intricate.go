package runbook

import (
	"bytes"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// What readers of Markdown compare each with each other, or go down into: with
// many of them reading takes minutes. People write a handful.
const (
	maxNesting    = 64   // quotations and lists in each other, begun in one line
	maxEmphasis   = 5000 // asterisks and underscores that may begin or end emphasis, in one paragraph
	maxReferences = 5000 // lines such as [name]: address, on one page
)

// checkIntricate reports a page that would take minutes to read. It is false then.
func (p *Page) checkIntricate(r *diag.Report) bool {
	emphasis, references, offset := 0, 0, 0
	for line := range bytes.Lines(p.Source.Text) {
		trimmed := bytes.TrimSpace(line)
		if len(trimmed) == 0 {
			emphasis = 0
		}
		emphasis += countEmphasis(trimmed)
		if bytes.HasPrefix(trimmed, []byte("[")) && bytes.Contains(trimmed, []byte("]:")) {
			references++
		}
		switch at := p.Pos(offset, offset); {
		case nesting(trimmed) > maxNesting:
			r.Add(TooLarge, at, "write it as a plain list", "the line nests deeper than %d levels", maxNesting)
			return false
		case emphasis > maxEmphasis:
			r.Add(TooLarge, at, "break it into paragraphs, or put it into a block of code", "the paragraph has more than %d asterisks and underscores", maxEmphasis)
			return false
		case references > maxReferences:
			r.Add(TooLarge, at, "split it into pages that each answer one question", "the page defines more than %d links", maxReferences)
			return false
		}
		offset += len(line)
	}
	return true
}

var nested = pattern.New(`^[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])`)

// nesting is how many quotations and lists a line begins.
func nesting(line []byte) int {
	levels := 0
	for {
		begun := len(nested().Find(line))
		if begun == 0 || levels > maxNesting {
			return levels
		}
		line = line[begun:]
		levels++
	}
}

// countEmphasis counts the marks in a line that may begin or end emphasis: not
// those inside of words, and not those between spaces.
func countEmphasis(line []byte) int {
	n := 0
	for i, c := range line {
		if c != '*' && c != '_' {
			continue
		}
		before, after := i > 0 && isWordByte(line[i-1]), i+1 < len(line) && isWordByte(line[i+1])
		if before != after || c == '*' && before {
			n++
		}
	}
	return n
}

func isWordByte(c byte) bool {
	return c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
