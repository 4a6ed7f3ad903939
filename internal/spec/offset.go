package spec

import (
	"bytes"
	"unicode/utf8"

	"slowburn/internal/diag"
)

// scalarStyle is how a scalar is written in YAML; it decides how a place in
// the decoded text is found again in the source.
type scalarStyle int

const (
	plain scalarStyle = iota
	singleQuoted
	doubleQuoted
	literal // |
	folded  // >
)

// Sub is the position of the bytes [start, end) of a scalar's text. For a
// computed value it is the value's own position.
func (v *Value) Sub(start, end int) diag.Pos {
	if v.Pos.Path != "" || v.Pos.Source == nil || v.Pos.Line == 0 {
		return v.Pos
	}
	src := v.Pos.Source.Text
	a := align{raw: src, text: v.Text, style: v.style, p: lineOffset(src, v.Pos.Line, v.Pos.Col)}
	a.enter()
	a.advance(min(max(start, 0), len(v.Text)))
	width := 1
	if end > start && end <= len(v.Text) {
		width = utf8.RuneCountInString(v.Text[start:end])
	}
	return diag.PosAt(v.Pos.Source, a.p, width)
}

// lineOffset is the byte offset of a line and column, both counted from 1, the
// column in characters.
func lineOffset(src []byte, line, col int) int {
	p := 0
	for ; line > 1; line-- {
		next := bytes.IndexByte(src[p:], '\n')
		if next < 0 {
			return len(src)
		}
		p += next + 1
	}
	for ; col > 1 && p < len(src); col-- {
		_, size := utf8.DecodeRune(src[p:])
		p += size
	}
	return p
}

// align walks the raw source of a scalar and its decoded text side by side:
// raw[p] is where text[d] is written.
type align struct {
	raw    []byte
	text   string
	style  scalarStyle
	p, d   int
	indent int // of a block scalar's lines
}

// enter moves from the scalar's first raw byte to that of its text.
func (a *align) enter() {
	switch a.style {
	case singleQuoted, doubleQuoted:
		a.p++
	case literal, folded:
		a.nextLine()
		// The first line that is not blank sets the indent; a blank one has none to lose.
		for q := a.p; q < len(a.raw); {
			n := countSpaces(a.raw[q:])
			if rest := a.raw[q+n:]; len(rest) > 0 && rest[0] != '\n' && rest[0] != '\r' {
				a.indent = n
				break
			}
			next := bytes.IndexByte(a.raw[q:], '\n')
			if next < 0 {
				break
			}
			q += next + 1
		}
		a.skipIndent()
	}
}

// advance moves to text[off].
func (a *align) advance(off int) {
	for a.d < off && a.p < len(a.raw) {
		c, size := utf8.DecodeRuneInString(a.text[a.d:])
		switch a.style {
		case literal, folded:
			if a.atLineEnd() && (c == '\n' || c == ' ') {
				a.nextLine()
				a.skipIndent()
				a.d += size
				continue
			}
			// A folded blank line: one line end in the text, two in the source.
			if c != '\n' && a.atLineEnd() {
				a.nextLine()
				a.skipIndent()
				continue
			}
		case doubleQuoted:
			if a.raw[a.p] == '\\' {
				a.escape(size)
				continue
			}
			fallthrough
		case singleQuoted, plain:
			if (c == ' ' || c == '\n') && a.foldAhead() {
				a.fold(c)
				continue
			}
			if a.style == singleQuoted && a.raw[a.p] == '\'' {
				a.p++
			}
		}
		_, rawSize := utf8.DecodeRune(a.raw[a.p:])
		a.p += rawSize
		a.d += size
	}
}

// escape consumes a backslash sequence, which stands for one character of size
// bytes, or for none where it hides a line end.
func (a *align) escape(size int) {
	rest := a.raw[a.p+1:]
	if len(rest) == 0 {
		a.p++
		return
	}
	switch rest[0] {
	case '\n', '\r':
		a.p++
		a.nextLine()
		a.p += countBlanks(a.raw[a.p:])
		return
	case 'x':
		a.p += 4
	case 'u':
		a.p += 6
	case 'U':
		a.p += 10
	default:
		a.p += 2
	}
	a.p = min(a.p, len(a.raw))
	a.d += size
}

// foldAhead tells whether only blanks stand between here and the line's end.
func (a *align) foldAhead() bool {
	rest := a.raw[a.p:]
	rest = rest[countBlanks(rest):]
	return len(rest) > 0 && (rest[0] == '\n' || rest[0] == '\r')
}

// fold consumes a line break in a flow scalar, which reads as a space, or as
// line ends where blank lines follow.
func (a *align) fold(c rune) {
	for a.p < len(a.raw) && bytes.IndexByte([]byte(" \t\r\n"), a.raw[a.p]) >= 0 {
		a.p++
	}
	if c == ' ' {
		a.d++
		return
	}
	for a.d < len(a.text) && a.text[a.d] == '\n' {
		a.d++
	}
}

func (a *align) atLineEnd() bool {
	return a.raw[a.p] == '\n' || bytes.HasPrefix(a.raw[a.p:], []byte("\r\n"))
}

func (a *align) nextLine() {
	next := bytes.IndexByte(a.raw[a.p:], '\n')
	if next < 0 {
		a.p = len(a.raw)
		return
	}
	a.p += next + 1
}

func (a *align) skipIndent() {
	a.p += min(a.indent, countSpaces(a.raw[a.p:]))
}

func countSpaces(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " ")) }

func countBlanks(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t")) }
