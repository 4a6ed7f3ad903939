package spec

import (
	"bytes"
	"math"
	"strings"
	"unicode/utf8"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// scalarStyle is how a scalar is written in YAML; it decides how a place in
// the decoded text is found again in the source.
type scalarStyle uint8

const (
	plain scalarStyle = iota
	singleQuoted
	doubleQuoted
	literal // |
	folded  // >
	inside  // a part of a text that is written otherwise
)

// Sub is the position of the bytes [start, end) of a scalar's text. For a
// computed value, or a part of a text, it is the value's own position.
func (v *Value) Sub(start, end int) diag.Pos {
	if v.Pos.Path != "" || v.Pos.Source == nil || v.Pos.Line == 0 || v.Text == "" || v.style == inside {
		return v.Pos
	}
	start = min(max(start, 0), len(v.Text))
	end = min(max(end, start), len(v.Text))
	a := align{raw: v.Pos.Source.Text, text: v.Text, style: v.style, p: v.Pos.Source.Offset(v.Pos.Line, v.Pos.Col)}
	a.enter()
	a.advance(start)
	return diag.PosAt(v.Pos.Source, a.p, max(utf8.RuneCountInString(v.Text[start:end]), 1))
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

var anchorName = pattern.New(`^[0-9A-Za-z_-]+`)

// enter moves from where the scalar's node begins to the first byte of its text.
func (a *align) enter() {
	a.skipProperties()
	switch a.style {
	case singleQuoted, doubleQuoted:
		a.p++
	case literal, folded:
		a.nextLine()
		a.measureIndent()
		a.skipIndent()
	}
}

// skipProperties moves over an anchor and a tag: &name !!str text.
func (a *align) skipProperties() {
	for a.p < len(a.raw) {
		switch c := a.raw[a.p]; {
		case c == '&': // a text may follow at once: &name:text
			a.p += 1 + len(anchorName().Find(a.raw[a.p+1:]))
		case c == '!':
			for a.p < len(a.raw) && !isBlank(a.raw[a.p]) && breakLen(a.raw[a.p:]) == 0 {
				a.p++
			}
		case c == '#':
			a.nextLine()
		case isBlank(c):
			a.p++
		case breakLen(a.raw[a.p:]) > 0:
			a.nextLine()
		default:
			return
		}
	}
}

// measureIndent compares the first line that has text with that text: the
// spaces that it has more are the indent, whether YAML guessed it or was told (|2).
func (a *align) measureIndent() {
	a.indent = math.MaxInt // of lines that are blank altogether
	p, text := a.p, a.text
	for p < len(a.raw) && text != "" {
		n := breakLen(text)
		if n == 0 {
			a.indent = max(countSpaces(a.raw[p:])-(len(text)-len(strings.TrimLeft(text, " "))), 0)
			return
		}
		text = text[n:]
		p += lineLen(a.raw[p:])
	}
}

// advance moves to text[off].
func (a *align) advance(off int) {
	for a.p < len(a.raw) && (a.d < off || a.hidden()) {
		_, size := utf8.DecodeRuneInString(a.text[a.d:])
		switch block := a.style == literal || a.style == folded; {
		case block && breakLen(a.raw[a.p:]) > 0:
			if !a.hidden() {
				a.d += size
			}
			a.nextLine()
			a.skipIndent()
		case !block && a.foldAhead():
			a.fold(off)
		case a.style == doubleQuoted && a.raw[a.p] == '\\':
			a.escape(off, size)
		default:
			if a.style == singleQuoted && a.raw[a.p] == '\'' {
				a.p++
			}
			_, rawSize := utf8.DecodeRune(a.raw[a.p:])
			a.p += rawSize
			a.d += size
		}
	}
}

// hidden tells whether a line end stands here that has nothing in the text: an
// escaped one, or the last one of blank lines that folding dropped.
func (a *align) hidden() bool {
	if a.d == len(a.text) {
		return false
	}
	switch a.style {
	case doubleQuoted:
		return a.raw[a.p] == '\\' && breakLen(a.raw[a.p+1:]) > 0
	case folded:
		return breakLen(a.raw[a.p:]) > 0 && a.text[a.d] != ' ' && breakLen(a.text[a.d:]) == 0
	}
	return false
}

// escape consumes a backslash sequence, which stands for one character of size
// bytes, or hides a line end.
func (a *align) escape(off, size int) {
	a.p++
	if breakLen(a.raw[a.p:]) > 0 {
		a.nextLine()
		a.blankLines(off)
		return
	}
	length := 1
	switch a.raw[min(a.p, len(a.raw)-1)] {
	case 'x':
		length = 3
	case 'u':
		length = 5
	case 'U':
		length = 9
	}
	a.p = min(a.p+length, len(a.raw))
	a.d += size
}

// foldAhead tells whether only blanks stand between here and the line's end.
func (a *align) foldAhead() bool {
	return breakLen(a.raw[a.p+countBlanks(a.raw[a.p:]):]) > 0
}

// fold consumes a line end in a flow scalar, with the blanks around it. It reads
// as a space, or as nothing where blank lines follow. U+2028 and U+2029 stay.
func (a *align) fold(off int) {
	a.p += countBlanks(a.raw[a.p:])
	if breakLen(a.raw[a.p:]) == len("\u2028") {
		a.blankLines(off)
		return
	}
	a.nextLine()
	a.p += countBlanks(a.raw[a.p:])
	if breakLen(a.raw[a.p:]) == 0 {
		a.d++
		return
	}
	a.blankLines(off)
}

// blankLines consumes line ends that read as themselves, with the blanks around them.
func (a *align) blankLines(off int) {
	a.p += countBlanks(a.raw[a.p:])
	for a.d < off && a.p < len(a.raw) && breakLen(a.raw[a.p:]) > 0 {
		_, size := utf8.DecodeRuneInString(a.text[a.d:])
		a.d += size
		a.nextLine()
		a.p += countBlanks(a.raw[a.p:])
	}
}

func (a *align) nextLine() { a.p += lineLen(a.raw[a.p:]) }

func (a *align) skipIndent() { a.p += min(a.indent, countSpaces(a.raw[a.p:])) }

func countSpaces[T string | []byte](b T) int {
	n := 0
	for n < len(b) && b[n] == ' ' {
		n++
	}
	return n
}

func countBlanks(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t")) }

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
