package diag

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Source is a text that positions point into.
type Source struct {
	Name string // as the user named it, for printing
	Text []byte

	indexing sync.Once    // of starts
	starts   []int        // byte offset of each line's start
	hidden   map[int]bool // lines that hold a secret

	learning     sync.Once // of the following, from the text
	confidential bool      // secrets are expected here
	secrets      []string  // longest first
}

// lineStarts are the byte offsets at which lines begin. They are found once: positions are asked for by the thousand,
// and a file may have millions of lines.
func (s *Source) lineStarts() []int {
	s.indexing.Do(func() {
		s.starts = make([]int, 1, bytes.Count(s.Text, newline)+1)
		for at := 0; ; {
			next := bytes.IndexByte(s.Text[at:], '\n')
			if next < 0 {
				return
			}
			at += next + 1
			s.starts = append(s.starts, at)
		}
	})
	return s.starts
}

var newline = []byte("\n")

// Line returns line n, counted from 1, without its end. It is empty where
// there is no such line.
func (s *Source) Line(n int) string {
	starts := s.lineStarts()
	if n < 1 || n > len(starts) {
		return ""
	}
	line := s.Text[starts[n-1]:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = bytes.TrimSuffix(line[:end], []byte("\r"))
	}
	return string(line)
}

// Offset is the byte offset of a line and a column, both counted from 1, the
// column in characters. What is beyond the text is at its end.
func (s *Source) Offset(line, col int) int {
	starts := s.lineStarts()
	if line > len(starts) {
		return len(s.Text)
	}
	at := starts[max(line, 1)-1]
	for ; col > 1 && at < len(s.Text); col-- {
		_, size := utf8.DecodeRune(s.Text[at:])
		at += size
	}
	return at
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
	starts := src.lineStarts()
	line, exact := slices.BinarySearch(starts, offset)
	if exact {
		line++
	}
	return Pos{Source: src, Line: line, Col: utf8.RuneCount(src.Text[starts[line-1]:offset]) + 1, Width: width}
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
