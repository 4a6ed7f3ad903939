package diag

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

// Source is a text that positions point into.
type Source struct {
	Name string // as the user named it, for printing
	Text []byte

	starts []int        // byte offset of each line's start, made on first use
	hidden map[int]bool // lines that hold a secret

	learning     sync.Once // of the following, from the text
	confidential bool      // secrets are expected here
	secrets      []string  // longest first
}

// Line returns line n, counted from 1, without its end. It is empty where
// there is no such line.
func (s *Source) Line(n int) string {
	if s.starts == nil {
		s.starts = []int{0}
		for i, c := range s.Text {
			if c == '\n' {
				s.starts = append(s.starts, i+1)
			}
		}
	}
	if n < 1 || n > len(s.starts) {
		return ""
	}
	line := s.Text[s.starts[n-1]:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = bytes.TrimSuffix(line[:end], []byte("\r"))
	}
	return string(line)
}

// Pos is a place in a source. Line and Col count from 1, Col in characters;
// zero means unknown. Width is the number of characters that the place spans.
type Pos struct {
	Source           *Source
	Line, Col, Width int
	// Path is the field's path (slos[0].objective) where the text was
	// computed, by Jsonnet, and so has no line of its own.
	Path string
}

// PosAt is the position of the byte at offset in src, width characters wide.
func PosAt(src *Source, offset, width int) Pos {
	offset = min(max(offset, 0), len(src.Text))
	before := src.Text[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return Pos{
		Source: src,
		Line:   bytes.Count(before, []byte("\n")) + 1,
		Col:    utf8.RuneCount(before[start:]) + 1,
		Width:  width,
	}
}

// Hide keeps the line of the position from being shown with findings, any of
// them: a secret stands in it.
func (p Pos) Hide() {
	if p.Source == nil {
		return
	}
	if p.Source.hidden == nil {
		p.Source.hidden = map[int]bool{}
	}
	p.Source.hidden[p.Line] = true
}

// Hidden tells whether the line of the position is kept from being shown.
func (p Pos) Hidden() bool { return p.Source != nil && p.Source.hidden[p.Line] }

// File is the name of the position's source, or "" for none.
func (p Pos) File() string {
	if p.Source == nil {
		return ""
	}
	return p.Source.Name
}

// String is file:line:col, as far as it is known; a computed field shows its path.
func (p Pos) String() string {
	switch {
	case p.Path != "":
		return fmt.Sprintf("%s: %s", p.File(), p.Path)
	case p.Line > 0 && p.Col > 0:
		return fmt.Sprintf("%s:%d:%d", p.File(), p.Line, p.Col)
	case p.Line > 0:
		return fmt.Sprintf("%s:%d", p.File(), p.Line)
	}
	return p.File()
}

// compare orders positions by file, line, column and path.
func (p Pos) compare(q Pos) int {
	return cmp.Or(
		strings.Compare(p.File(), q.File()),
		p.Line-q.Line, p.Col-q.Col,
		strings.Compare(p.Path, q.Path),
	)
}
