package spec

import (
	"fmt"
	"strings"
	"testing"
)

// TestSub holds that the k-th X of a decoded text stands where the k-th X of
// its source does, in every style of scalar.
func TestSub(t *testing.T) {
	for _, c := range []struct {
		name, source, text string
	}{
		{"plain", "v: abXcX\n", "abXcX"},
		{"plain, indented", "a:\n  v: X X\n", "X X"},
		{"plain, of several bytes", "v: é日Xß😀X\n", "é日Xß😀X"},
		{"plain, several bytes before it", "{é日😀: ü, v: Xé X}\n", "Xé X"},
		{"plain, over several lines", "v: X\n  b X\n   c X\n", "X b X c X"},
		{"plain, with blanks at line ends", "v: X  \t\n  X\t \n  X\n", "X X X"},
		{"plain, with blank lines", "v: X\n\n  X\n\n \n\n  X\n", "X\nX\n\n\nX"},
		{"plain, in CRLF", "v: X\r\n  X\r\n\r\n  X\r\n", "X X\nX"},
		{"plain, a list item", "v:\n- X\n- v: aX\n", ""},
		{"plain, on the line below its key", "v:\n  aX\n", "aX"},
		{"single quoted", "v: 'abX''X'\n", "abX'X"},
		{"single quoted, quotes in a row", "v: '''''X''''X'\n", "''X''X"},
		{"single quoted, backslashes", `v: '\X\nX'` + "\n", `\X\nX`},
		{"single quoted, over several lines", "v: ' X\n\n  X''\n  ''X '\n", " X\nX' 'X "},
		{"single quoted, at the end of lines", "v: 'X \n  X\n\n\n  X\n  '\n", "X X\n\nX "},
		{"single quoted, in CRLF", "v: 'X\r\n  X''\r\n\r\n  X'\r\n", "X X'\nX"},
		{"double quoted", `v: "abX'X"` + "\n", "abX'X"},
		{"double quoted, short escapes", `v: "\n\tX\"X\\X\e\0X\N\_X\L\PX"` + "\n", "\n\tX\"X\\X\x1b\x00X\u0085\u00a0X\u2028\u2029X"},
		{"double quoted, numbered escapes", `v: "\x41X\u00e9X\U0001F600X"` + "\n", "AXéX😀X"},
		{"double quoted, over several lines", "v: \"X \n\n  X\\n\n  \\nX\"\n", "X\nX\n \nX"},
		{"double quoted, a blank line before an escaped one", "v: \"X\n\n  \\nX\"\n", "X\n\nX"},
		{"double quoted, escaped line ends", "v: \"aX \\\n    X\\\n  \\ X\\\n\n\n  X\"\n", "aX X X\n\nX"},
		{"double quoted, escaped line ends in CRLF", "v: \"aX\\\r\n  X\\\r\n\r\n  X\"\r\n", "aXX\nX"},
		{"double quoted, begins with a line end", "v: \"\n  X\n  X\n  \"\n", " X X "},
		{"literal", "v: |\n  X\n  bX\n", "X\nbX\n"},
		{"literal, indented", "a:\n  v: |\n      X\n        X\n      X\n", ""},
		{"literal, without a line end", "v: |-\n  X\n\n  X\n\n", "X\n\nX"},
		{"literal, with all line ends", "v: |+\n\n  X\n\n", "\nX\n\n"},
		{"literal, begins with blank lines", "v: |\n\n \n  X\n", "\n\nX\n"},
		{"literal, begins with blanks", "v: |2\n    X\n  X\n", "  X\nX\n"},
		{"literal, begins with a blank line and blanks", "v: |2-\n\n    X\n   X", "\n  X\n X"},
		{"literal, with blanks at the end", "v: |\n  X  \n     \n  X\n", "X  \n   \nX\n"},
		{"literal, with a comment in its header", "v: |- # a comment: X\n  aX\n", "aX"},
		{"literal, with tabs", "v: |2\n  \tX\n  X\tX\n", "\tX\nX\tX\n"},
		{"literal, in CRLF", "v: |\r\n  X\r\n\r\n  X\r\n", "X\n\nX\n"},
		{"literal, of several bytes", "v: |\n  é日X\n  😀X\n", "é日X\n😀X\n"},
		{"folded", "v: >\n  X\n  X\n", "X X\n"},
		{"folded, with blank lines", "v: >-\n  X\n\n  X\n\n\n  X\n", "X\nX\n\nX"},
		{"folded, with indented lines", "v: >\n  X\n    X\n    X\n  X\n  X\n", "X\n  X\n  X\nX X\n"},
		{"folded, with blank and indented lines", "v: >\n  X\n\n    X\n\n  X\n", "X\n\n  X\n\nX\n"},
		{"folded, with blanks at the end", "v: >\n  X \n  X\n", "X  X\n"},
		{"folded, in CRLF", "v: >\r\n  X\r\n  X\r\n\r\n  X\r\n", "X X\nX\n"},
		{"folded, begins with blanks", "v: >1\n  X\n X\n", " X\nX\n"},
		{"after an anchor", "v: &name X bX\n", "X bX"},
		{"after a tag", "v: !!str X bX\n", "X bX"},
		{"after a tag and an anchor", "v: !!str &n 'X b''X'\n", "X b'X"},
		{"after an anchor, on the next line", "v: &n # X\n  \"aX\"\n", "aX"},
		{"literal, after an anchor", "v: &n |\n  aX\n", "aX\n"},
		{"after a byte-order mark", "\ufeffv: X\n", "X"},
		{"lone carriage returns", "v: X\r  X\r\r  X\rb: |\r  a\r", "X X\nX"},
		{"U+0085 ends a line", "v: 'X\u0085 X\u0085\u0085X'\n", "X X\nX"},
		{"U+2028 ends a line and stays", "v: 'X\u2028 X\u2028\u2029X \n X'\n", "X\u2028X\u2028\u2029X X"},
		{"U+2028 in a block", "v: >\n  X\u2028  X\n  X\n", "X\u2028X X\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v *Value
			doc := readOne(t, c.source)
			switch {
			case doc.Get("v") == nil:
				v = doc.Get("a").Get("v")
			case doc.Get("v").Kind == List:
				v = doc.Get("v").Items()[1].Get("v")
			default:
				v = doc.Get("v")
			}
			if c.text != "" && v.Text != c.text {
				t.Fatalf("the text is %q, want %q", v.Text, c.text)
			}
			// The X of comments and of other values do not count.
			source := c.source
			for _, other := range []string{"a comment: X", "# X", "- X\n- "} {
				source = strings.Replace(source, other, strings.ReplaceAll(other, "X", "x"), 1)
			}
			want := placesOf(source)
			var got []string
			for i, c := range v.Text {
				if c == 'X' {
					p := v.Sub(i, i+1)
					got = append(got, fmt.Sprintf("%d:%d+%d", p.Line, p.Col, p.Width))
				}
			}
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%q\ngot  %s\nwant %s", c.source, got, want)
			}
		})
	}
}

// placesOf are the places of the X in a text.
func placesOf(text string) []string {
	var places []string
	line, col := 1, 1
	for _, c := range strings.TrimPrefix(text, "\ufeff") {
		switch c {
		case 'X':
			places = append(places, fmt.Sprintf("%d:%d+1", line, col))
		case '\n':
			line, col = line+1, 0
		}
		col++
	}
	return places
}

// TestSubOfEscapes holds that what is escaped, or folded, stands where its
// escape, or the line end, does.
func TestSubOfEscapes(t *testing.T) {
	for _, c := range []struct {
		source, part, want string
	}{
		{`v: "a\nb"`, "\n", "1:6+1"},
		{`v: "a\\b"`, `\`, "1:6+1"},
		{`v: "é\x41b"`, "A", "1:6+1"},
		{`v: "é\x41b"`, "Ab", "1:6+2"},
		{`v: "\u00e9\U0001F600b"`, "😀", "1:11+1"},
		{`v: "a\u00e9"`, "é", "1:6+1"},
		{"v: 'a''b'", "'", "1:6+1"},
		{"v: a\n  b", " ", "1:5+1"},
		{"v: a  \n  b", " ", "1:5+1"},
		{"v: |\n  a\n  b\n", "\n", "2:4+1"},
		{"v: >\n  a\n  b\n", " ", "2:4+1"},
		{"v: |\n  a\n  b\n", "a\nb", "2:3+3"},
	} {
		v := readOne(t, c.source).Get("v")
		start := strings.Index(v.Text, c.part)
		p := v.Sub(start, start+len(c.part))
		if got := fmt.Sprintf("%d:%d+%d", p.Line, p.Col, p.Width); got != c.want {
			t.Errorf("%q: %q at %s, want %s", c.source, c.part, got, c.want)
		}
	}
}

// TestSubBounds holds that offsets outside of the text, as a parser reports them
// for what ends too early, are its ends.
func TestSubBounds(t *testing.T) {
	for _, c := range []struct {
		source     string
		start, end int
		want       string
	}{
		{"v: abc", 3, 3, "1:7+1"},
		{"v: abc", 99, 100, "1:7+1"},
		{"v: abc", 1, 99, "1:5+2"},
		{"v: abc", -5, 2, "1:4+2"},
		{"v: abc", -5, -2, "1:4+1"},
		{"v: abc", 2, 1, "1:6+1"},
		{"v: 'abc'", 3, 4, "1:8+1"},
		{"v: ''", 0, 1, "1:4+2"},
		{"v: |\n  abc\n", 4, 5, "3:1+1"},
		{"v: é", 1, 2, "1:5+1"}, // the middle of a character
	} {
		p := readOne(t, c.source).Get("v").Sub(c.start, c.end)
		if got := fmt.Sprintf("%d:%d+%d", p.Line, p.Col, p.Width); got != c.want {
			t.Errorf("%q [%d:%d] at %s, want %s", c.source, c.start, c.end, got, c.want)
		}
	}
}
