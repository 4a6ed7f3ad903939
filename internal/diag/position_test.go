package diag

import "testing"

func TestPosAt(t *testing.T) {
	for _, c := range []struct {
		text      string
		offset    int
		line, col int
	}{
		{"", 0, 1, 1},
		{"ab", 1, 1, 2},
		{"ab", 2, 1, 3},
		{"ab\ncd", 2, 1, 3},
		{"ab\ncd", 3, 2, 1},
		{"ab\r\ncd", 5, 2, 2},
		{"é日x", 5, 1, 3}, // columns are characters
		{"ab\n", 3, 2, 1},
		{"ab", 99, 1, 3},
		{"ab", -1, 1, 1},
	} {
		src := &Source{Text: []byte(c.text)}
		if p := PosAt(src, c.offset, 1); p.Line != c.line || p.Col != c.col {
			t.Errorf("%q at %d: %d:%d, want %d:%d", c.text, c.offset, p.Line, p.Col, c.line, c.col)
		}
	}
}

func TestLine(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"ab\ncd", 1, "ab"},
		{"ab\ncd", 2, "cd"},
		{"ab\ncd\n", 2, "cd"},
		{"ab\ncd\n", 3, ""},
		{"ab\r\ncd\r\n", 1, "ab"},
		{"ab\rcd\r", 1, "ab\rcd\r"}, // a lone carriage return ends no line
		{"ab\n\ncd", 2, ""},
		{"ab", 0, ""},
		{"ab", -1, ""},
		{"ab", 2, ""},
		{"", 1, ""},
	} {
		src := &Source{Text: []byte(c.text)}
		if got := src.Line(c.n); got != c.want {
			t.Errorf("line %d of %q: %q, want %q", c.n, c.text, got, c.want)
		}
	}
}

func TestOffset(t *testing.T) {
	for _, c := range []struct {
		text            string
		line, col, want int
	}{
		{"ab\ncd", 1, 1, 0},
		{"ab\ncd", 2, 2, 4},
		{"é日x\ny", 1, 3, 5}, // columns are characters
		{"ab\n", 2, 1, 3},
		{"ab\ncd", 3, 1, 5}, // beyond the end
		{"ab\ncd", 0, 1, 0},
	} {
		src := &Source{Text: []byte(c.text)}
		if got := src.Offset(c.line, c.col); got != c.want {
			t.Errorf("line %d, column %d of %q: %d, want %d", c.line, c.col, c.text, got, c.want)
		}
	}
}
