package spec

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
)

// Pieces of large files are nearly always of the plainest YAML: block maps and lists, scalars, literal blocks. That
// is read here line by line, in a tenth of the time that the parser takes. Whatever is not certainly so is for the parser:
// flow collections, anchors, tags, escapes, folded texts, quoted ones over several lines, comments behind values, tabs, and
// everything that is an error. Fuzzing holds that both read the same (FuzzPieces).

// lineReader reads a piece of plain YAML.
type lineReader struct {
	builder *builder
	rest    string
	line    int // of the file, in which the rest begins, from 1
	// The line that is next, without its end: it is not empty, and no comment.
	next   string
	at     int // its number
	indent int // of it; -1 at the end

	fields []Field  // of maps that are not complete, outer ones first
	items  []*Value // of lists, likewise
	depth  int
	other  bool // something is for the parser to read
}

// maxFields is how many fields a map may have: they are held against each other.
const maxFields = 64

// maxPlain is how deep plain YAML nests, maxKey how long a key is (the parser takes longer ones for texts), and maxLines in how
// many lines a scalar is written that is no literal.
const (
	maxPlain = 50
	maxKey   = 128
	maxLines = 100
)

// readLines reads a piece, or returns nil if it is for the parser. The first one begins with a map, the others with a list.
func (b *builder) readLines(text []byte, line int, first bool) *Value {
	if !bytes.HasSuffix(text, []byte("\n")) {
		return nil
	}
	// The text of a source is never changed. Values are parts of it, and not of a copy, which would be kept with them.
	rest := unsafe.String(unsafe.SliceData(text), len(text))
	r := lineReader{builder: b, rest: rest, line: line}
	r.advance()
	if first && r.next == "---" { // a second one begins another document
		r.advance()
	}
	var v *Value
	if first {
		v = r.block(0)
	} else {
		v = r.block(r.indent)
	}
	if r.other || r.indent >= 0 || v.Kind == Map != first {
		return nil
	}
	return v
}

// advance moves to the next line that is not empty and no comment.
func (r *lineReader) advance() {
	for r.rest != "" {
		line := r.take()
		indent := countSpaces(line)
		if indent == len(line) || line[indent] == '#' {
			continue
		}
		r.next, r.at, r.indent = line, r.line-1, indent
		return
	}
	r.next, r.indent = "", -1
}

// take cuts the first line off the text.
func (r *lineReader) take() string {
	line, rest, _ := strings.Cut(r.rest, "\n")
	r.rest = rest
	r.line++
	if !isPrintable(line) {
		r.other = true
	}
	return line
}

// isPrintable tells whether a line has nothing but characters that YAML prints as they are, and no tab.
func isPrintable(line string) bool {
	for i := 0; i < len(line); i++ {
		if c := line[i]; c < ' ' || c > '~' {
			return !strings.ContainsFunc(line[i:], func(c rune) bool {
				return c < ' ' || '~' < c && c < 0xa0 || c == 0xfeff || c == 0xfffe || c == 0xffff
			})
		}
	}
	return true
}

// value makes a value that begins in a column of the next line, from 0.
func (r *lineReader) value(kind Kind, column, width int) *Value {
	v := r.builder.value(diag.Pos{Source: r.builder.src, Line: r.at, Col: column + 1, Width: width})
	v.Kind = kind
	return v
}

// giveUp leaves the piece to the parser.
func (r *lineReader) giveUp() *Value {
	r.other = true
	return &Value{}
}

// block reads the map or the list whose lines are indented by so much.
func (r *lineReader) block(indent int) *Value {
	if r.depth++; r.other || r.depth > maxPlain || r.indent != indent {
		return r.giveUp()
	}
	defer func() { r.depth-- }()
	if isItem(r.next[indent:]) {
		return r.list(indent)
	}
	return r.mapping(indent)
}

// isItem tells whether what stands in a line begins with an item of a list.
func isItem(s string) bool { return strings.HasPrefix(s, "- ") }

func (r *lineReader) list(indent int) *Value {
	list := r.value(List, indent, 1)
	begin := len(r.items)
	for r.indent == indent && isItem(r.next[indent:]) && !r.other {
		at := indent + 1 + countSpaces(r.next[indent+1:])
		var item *Value
		if key, _ := splitKey(r.next[at:]); key != "" {
			r.indent = at
			item = r.mapping(at)
		} else if item = r.scalarLines(r.next[at:], at, indent); r.indent > indent {
			return r.giveUp()
		}
		r.items = append(r.items, item)
	}
	if r.indent > indent {
		return r.giveUp()
	}
	list.SetItems(slices.Clone(r.items[begin:]))
	r.items = r.items[:begin]
	return list
}

// mapping reads a map whose first key stands in the next line at indent, maybe behind the dash of an item.
func (r *lineReader) mapping(indent int) *Value {
	m := r.value(Map, indent, 1)
	begin := len(r.fields)
	for r.indent == indent && !r.other {
		name, rest := splitKey(r.next[indent:])
		if name == "" || len(name) > maxKey || name == "<<" || utf8.RuneCountInString(name) < len(name) || len(r.fields)-begin >= maxFields {
			return r.giveUp()
		}
		key := r.scalar(name, indent)
		if slices.ContainsFunc(r.fields[begin:], func(f Field) bool { return f.Key.Text == key.Text }) {
			return r.giveUp()
		}
		value := r.valueOf(rest, indent, indent+len(name)+len(":")+countSpaces(rest))
		r.fields = append(r.fields, Field{key, value})
	}
	if r.indent > indent {
		return r.giveUp()
	}
	m.SetFields(slices.Clone(r.fields[begin:]))
	r.fields = r.fields[:begin]
	return m
}

// splitKey is the key that a line begins with, and what stands behind its colon; "" where there is no key.
func splitKey(s string) (key, rest string) {
	for i := 0; ; i++ {
		next := strings.IndexByte(s[i:], ':')
		if next < 0 {
			return "", ""
		}
		if i += next; i+1 == len(s) || s[i+1] == ' ' {
			return s[:i], s[i+1:]
		}
	}
}

// valueOf is the value of a key, of which rest stands behind the colon, in a column of its line.
func (r *lineReader) valueOf(rest string, indent, column int) *Value {
	switch text := strings.TrimLeft(rest, " "); text {
	case "":
		r.advance()
		if r.indent == indent && isItem(r.next[indent:]) { // lists may stand in the column of their key
			return r.block(indent)
		}
		if rest != "" || r.indent <= indent {
			return r.giveUp()
		}
		return r.block(r.indent)
	case "|", "|-":
		return r.literal(indent, column, countSpaces(r.rest), text == "|")
	case "|2", "|2-": // the text itself begins with blanks
		return r.literal(indent, column, indent+2, text == "|2")
	default:
		return r.scalarLines(text, column, indent)
	}
}

// scalarLines is a scalar that begins in the next line, and may go on in lines that are indented further than what it
// stands in: many printers break long ones.
func (r *lineReader) scalarLines(s string, column, indent int) *Value {
	for lines := 1; s != "" && s[0] != '"' && s[0] != '\''; lines++ {
		inner := countSpaces(r.rest)
		if inner <= indent || inner == len(r.rest) || r.rest[inner] == '\n' || r.rest[inner] == '#' || s[len(s)-1] == ' ' {
			break
		}
		if lines == maxLines { // each is put behind all those before it
			return r.giveUp()
		}
		s += " " + r.take()[inner:]
	}
	v := r.scalar(s, column)
	r.advance()
	return v
}

// literal reads the lines of a block below a key that are indented by inner.
func (r *lineReader) literal(indent, column, inner int, newline bool) *Value {
	v := r.value(String, column, 1)
	v.style = literal
	first := countSpaces(r.rest)
	if inner <= indent || first < inner || strings.HasPrefix(r.rest[first:], "\n") {
		return r.giveUp()
	}
	var text strings.Builder
	ends := 0 // of lines, that are not written yet
	for r.rest != "" && (r.rest[0] == '\n' || countSpaces(r.rest) >= inner) {
		line := r.take()
		switch {
		case line == "":
		case countSpaces(line) == len(line): // are its blanks part of the text?
			return r.giveUp()
		default:
			for ; ends > 0; ends-- {
				text.WriteByte('\n')
			}
			text.WriteString(line[inner:])
		}
		ends++
	}
	if n := countSpaces(r.rest); n > 0 && strings.HasPrefix(r.rest[n:], "\n") {
		return r.giveUp()
	}
	if newline {
		text.WriteByte('\n')
	}
	v.Text = text.String()
	r.advance()
	return v
}

// scalar is one that is all that stands in a line from a column on.
func (r *lineReader) scalar(s string, column int) *Value {
	if s == "" || s[len(s)-1] == ' ' {
		return r.giveUp()
	}
	v := r.value(String, column, utf8.RuneCountInString(s))
	switch c := s[0]; {
	case c == '\'' || c == '"':
		v.style = singleQuoted
		if c == '"' {
			v.style = doubleQuoted
		}
		text, ok := unquoted(s)
		if !ok {
			return r.giveUp()
		}
		v.Text, v.Pos.Width = text, utf8.RuneCountInString(text)+2
		return v
	case strings.IndexByte("-?:,[]{}#&*!|>%@`", c) >= 0, s[len(s)-1] == ':', strings.Contains(s, ": "), strings.Contains(s, " #"):
		return r.giveUp()
	}
	v.Text = s
	if c := s[0] | 0x20; c < 'a' || c > 'z' || len(s) <= len("false") { // no word means more than a text but true, false and null
		r.builder.resolve(v, &yaml.Node{Kind: yaml.ScalarNode, Value: s})
	}
	return v
}

// unquoted is what stands in quotes that end where the text does, if nothing in it is escaped otherwise than by doubling.
func unquoted(s string) (string, bool) {
	if len(s) < 2 || s[len(s)-1] != s[0] {
		return "", false
	}
	in := s[1 : len(s)-1]
	if s[0] == '"' {
		return in, !strings.ContainsAny(in, `"\`)
	}
	whole := strings.ReplaceAll(in, "''", "'")
	return whole, len(in)-len(whole) == strings.Count(whole, "'")
}
