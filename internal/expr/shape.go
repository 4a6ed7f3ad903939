package expr

import (
	"strings"
	"sync"
)

// Shapes tells which expressions parse. Generated rules are many and of few
// shapes: they differ in the values that labels are compared with, which no rule
// of the language is about. So one of each shape is parsed. It may be used by
// several goroutines.
type Shapes struct {
	mu    sync.Mutex
	valid map[string]bool
}

// NewShapes makes Shapes that have seen nothing yet.
func NewShapes() *Shapes { return &Shapes{valid: map[string]bool{}} }

// Parses tells whether an expression parses.
func (s *Shapes) Parses(text string) bool {
	if len(text) > maxWords { // it may be too large, and its shape not
		_, err := Parse(text)
		return err == nil
	}
	of := shapeOf(text)
	s.mu.Lock()
	valid, known := s.valid[of]
	s.mu.Unlock()
	if known {
		return valid
	}
	_, err := Parse(text)
	s.mu.Lock()
	s.valid[of] = err == nil
	s.mu.Unlock()
	return err == nil
}

// shapeOf is an expression with "x" in place of every value that a label is
// compared with by = or !=. A value that is empty stays so, since a selector
// must have one that is not, and one with escapes, which may be wrong.
func shapeOf(text string) string {
	shape, _ := shapeWith(text, func(int) string { return "x" })
	return shape
}

// hole is a value that shapeOf replaces: that which stands in quotes from Start to End.
type hole struct{ Start, End int }

// shapeWith is shapeOf with values of the caller's choice, by their number; and where those were that they stand for.
func shapeWith(text string, value func(n int) string) (string, []hole) {
	var b strings.Builder
	b.Grow(len(text))
	var holes []hole
	last := byte(0) // character that is no blank
	for i := 0; i < len(text); {
		c := text[i]
		switch c {
		case '#':
			end := strings.IndexByte(text[i:], '\n')
			if end < 0 {
				end = len(text) - i
			}
			b.WriteString(text[i : i+end])
			i += end
			continue
		case '"', '\'', '`':
			end := literalEnd(text, i)
			in := text[i+1 : max(end-1, i+1)]
			if last == '=' && c != '`' && end-i > 2 && text[end-1] == c && !strings.ContainsAny(in, "\\\n") && isASCII(in) {
				b.WriteByte('"')
				b.WriteString(value(len(holes)))
				b.WriteByte('"')
				holes = append(holes, hole{i, end})
			} else {
				b.WriteString(text[i:end])
			}
			i, last = end, '"'
			continue
		}
		b.WriteByte(c)
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			last = c
		}
		i++
	}
	return b.String(), holes
}

// literalEnd is where the literal ends that begins at i.
func literalEnd(text string, i int) int {
	quote := text[i]
	for j := i + 1; j < len(text); j++ {
		switch {
		case text[j] == '\\' && quote != '`':
			j++
		case text[j] == quote:
			return j + 1
		}
	}
	return len(text)
}

// isASCII tells whether a text has nothing in it that might be no UTF-8.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
