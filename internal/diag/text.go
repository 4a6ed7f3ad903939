package diag

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// maxShown is the longest part of a source line that is printed, in characters.
const maxShown = 120

// WriteText prints findings for people: a line with position, message, way out
// and kind, then the source line with a caret under the place.
func WriteText(w io.Writer, findings []Finding, colour bool) error {
	paint := painter(colour)
	for _, f := range findings {
		severity := ""
		switch f.Severity() {
		case Warning:
			severity = paint(yellow, "warning: ")
		case Note:
			severity = "note: "
		}
		where := f.Pos.String()
		if where != "" {
			where = paint(bold, printable(where)+":") + " "
		}
		if _, err := fmt.Fprintf(w, "%s%s%s %s\n%s%s", where, severity, printable(f.Text()), paint(dim, "("+f.Kind.Name+")"), snippet(f.Pos, paint), indented(f.Detail)); err != nil {
			return err
		}
	}
	return nil
}

// indented is a detail below its snippet.
func indented(detail string) string {
	var b strings.Builder
	for line := range strings.Lines(detail) {
		b.WriteString("        " + printable(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return b.String()
}

// snippet is the source line of p with a caret below, or nothing where there is none.
func snippet(p Pos, paint func(style, string) string) string {
	if p.Source == nil || p.Line == 0 || !p.Source.showable(p.Line) {
		return ""
	}
	line := []rune(firstRunes(p.Source.Line(p.Line), max(p.Col, 1)+2*maxShown))
	if len(line) == 0 {
		return ""
	}
	col := min(max(p.Col, 1), len(line)+1) - 1
	span := min(max(p.Width, 1), max(len(line)-col, 1))
	lead := ""
	if from := col - maxShown/2; from > 0 && len(line) > maxShown {
		line, col, lead = line[from:], col-from, "…"
	}
	tail := ""
	if len(line) > maxShown {
		line, tail = line[:maxShown], "…"
		span = min(span, max(maxShown-col, 1))
	}
	var under strings.Builder
	under.WriteString(strings.Repeat(" ", terminal.StringWidth(lead)))
	for _, c := range line[:min(col, len(line))] {
		if c == '\t' {
			under.WriteByte('\t')
			continue
		}
		under.WriteString(strings.Repeat(" ", terminal.StringWidth(printable(string(c)))))
	}
	marked := 0
	for _, c := range line[min(col, len(line)):min(col+span, len(line))] {
		marked += terminal.StringWidth(printable(string(c)))
	}
	gutter := fmt.Sprintf("%5d | ", p.Line)
	return fmt.Sprintf("%s%s\n%s%s%s\n",
		paint(dim, gutter), lead+printable(string(line))+tail,
		paint(dim, strings.Repeat(" ", len(gutter)-2)+"| "), under.String(), paint(red, strings.Repeat("^", max(marked, 1))))
}

// terminal counts columns as most terminals do, whatever the locale says.
var terminal = &runewidth.Condition{}

// firstRunes is s without what follows the first n characters: a line can be
// far longer than what is shown of it.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// printable replaces what would move the cursor or colour the terminal; a tab stays.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '\t' || unicode.IsPrint(c) {
			return c
		}
		return '·'
	}, s)
}

type style string

const (
	bold   style = "\x1b[1m"
	dim    style = "\x1b[2m"
	red    style = "\x1b[31m"
	yellow style = "\x1b[33m"
)

func painter(colour bool) func(style, string) string {
	if !colour {
		return func(_ style, s string) string { return s }
	}
	return func(st style, s string) string { return string(st) + s + "\x1b[0m" }
}
