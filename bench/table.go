package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// table is cells with a heading each; a row of one cell is a heading too.
type table struct {
	title string
	head  []string
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// text prints all tables in columns.
func (r *report) text(w io.Writer) {
	fmt.Fprintln(w, r.environment)
	for _, t := range r.tables() {
		fmt.Fprintf(w, "\n%s\n\n", t.title)
		t.text(w)
	}
}

func (t table) text(w io.Writer) {
	widths := make([]int, len(t.head))
	for _, cells := range append([][]string{t.head}, t.rows...) {
		for i, c := range cells {
			if len(cells) > 1 {
				widths[i] = max(widths[i], utf8.RuneCountInString(c))
			}
		}
	}
	line := func(cells []string) {
		var b strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(c)))
			switch {
			case len(cells) == 1:
				b.WriteString(strings.Trim(c, "*"))
			case i == 0:
				b.WriteString("  " + c + pad)
			default:
				b.WriteString("  " + pad + c)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
	line(t.head)
	for _, cells := range t.rows {
		line(cells)
	}
}

//go:embed benchmarks.md.in
var page string

// write writes the tables in Markdown to a file, with what they mean.
func (r *report) write(path string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.environment)
	for _, t := range r.tables() {
		fmt.Fprintf(&b, "\n## %s\n\n", t.title)
		t.markdown(&b)
	}
	return os.WriteFile(path, []byte(strings.Replace(page, "@TABLES@\n", b.String(), 1)), 0o644)
}

func (t table) markdown(w io.Writer) {
	line := func(cells []string) {
		padded := append(append([]string{}, cells...), make([]string, len(t.head)-len(cells))...)
		fmt.Fprintf(w, "| %s |\n", strings.ReplaceAll(strings.Join(padded, " | "), "  ", " "))
	}
	line(t.head)
	fmt.Fprintf(w, "|---|%s\n", strings.Repeat("---:|", len(t.head)-1))
	for _, cells := range t.rows {
		line(cells)
	}
}
