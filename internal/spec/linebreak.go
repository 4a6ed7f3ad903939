package spec

import "unicode/utf8"

// YAML has more line ends than the rest of the world: a lone carriage return,
// U+0085, U+2028 and U+2029 end a line as well, and count.

// breakLen is the length of the line end that b begins with, or 0.
func breakLen[T string | []byte](b T) int {
	switch {
	case len(b) >= 2 && b[0] == '\r' && b[1] == '\n':
		return 2
	case len(b) >= 1 && (b[0] == '\n' || b[0] == '\r'):
		return 1
	case len(b) >= 2 && b[0] == 0xc2 && b[1] == 0x85: // U+0085
		return 2
	case len(b) >= 3 && b[0] == 0xe2 && b[1] == 0x80 && (b[2] == 0xa8 || b[2] == 0xa9): // U+2028, U+2029
		return 3
	}
	return 0
}

// lineLen is the length of b's first line with its end.
func lineLen(b []byte) int {
	for i := 0; i < len(b); {
		if n := breakLen(b[i:]); n > 0 {
			return i + n
		}
		i++
	}
	return len(b)
}

// place is a line and a column as editors count them, from 1.
type place struct{ line, col int }

// lineStarts says where the lines that YAML counts begin for everybody else.
func lineStarts(text []byte) []place {
	at := place{1, 1}
	starts := []place{at}
	for i := 0; i < len(text); {
		at.col++
		if c := text[i]; ' ' <= c && c < utf8.RuneSelf {
			i++
			continue
		}
		if n := breakLen(text[i:]); n > 0 {
			if i += n; text[i-1] == '\n' {
				at = place{at.line + 1, 1}
			}
			starts = append(starts, at)
			continue
		}
		_, size := utf8.DecodeRune(text[i:])
		i += size
	}
	return starts
}
