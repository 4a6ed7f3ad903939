package main

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"time"
)

// report is all that was measured.
type report struct {
	options
	allowed map[time.Duration]time.Duration
	results []result
}

// result are all candidates in one setting.
type result struct {
	*setting
	of []measured
}

// measured is a candidate in one setting.
type measured struct {
	*candidate // nil if it was not measured
	columns    map[time.Duration]accuracy
	cost       cost
	took       time.Duration
}

// tables are all that was measured, as cells.
func (r *report) tables() []table {
	var all []table
	columns := slices.Sorted(maps.Keys(r.allowed))
	for _, of := range r.results {
		t := table{title: of.title, head: []string{"median / p99 / worst, %"}}
		for _, c := range columns {
			t.head = append(t.head, window(c))
		}
		for _, m := range of.of {
			if m.candidate == nil {
				continue
			}
			cells := []string{m.name}
			for _, c := range columns {
				a, ok := m.columns[c]
				cells = append(cells, a.cell(ok, c))
			}
			t.rows = append(t.rows, cells)
			if r.verbose {
				t.rows = append(t.rows, m.when(columns, of.from))
			}
		}
		all = append(all, t)
		if of.setting.cost {
			all = append(all, costs(of.of))
		}
	}
	if aims := r.aims(columns); len(aims.rows) > 0 {
		all = append(all, aims)
	}
	return all
}

func costs(of []measured) table {
	t := table{title: "Cost", head: []string{"", "rules", "recorded series", "samples read a minute", "of Sloth's"}}
	theirs := math.NaN()
	for _, m := range of {
		if m.candidate != nil && strings.HasPrefix(m.name, "Sloth") {
			theirs = m.cost.samples
		}
	}
	for _, m := range of {
		if m.candidate != nil {
			t.rows = append(t.rows, []string{m.name, fmt.Sprint(m.cost.rules), fmt.Sprint(m.cost.series), thousands(m.cost.samples), share(m.cost.samples / theirs)})
		}
	}
	return t
}

// words says what the figures are of.
func (r *report) words() string {
	var b strings.Builder
	instants := 0
	for _, of := range r.results {
		for _, m := range of.of {
			for _, a := range m.columns {
				instants = max(instants, a.of)
			}
		}
	}
	fmt.Fprintf(&b, "%d instants, each minute of %s after %s of history; seed %d. ", instants, window(r.options.measured), window(r.history), r.seed)
	fmt.Fprintf(&b, "A reading may lag behind the truth by up to ")
	byLag := map[time.Duration][]string{}
	for _, c := range slices.Sorted(maps.Keys(r.allowed)) {
		byLag[r.allowed[c]] = append(byLag[r.allowed[c]], window(c))
	}
	for i, lag := range slices.Sorted(maps.Keys(byLag)) {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (%s)", window(lag), strings.Join(byLag[lag], ", "))
	}
	b.WriteString(".")
	return b.String()
}

//go:embed accuracy.md.in
var page string

// text prints all tables in columns.
func (r *report) text(w io.Writer) {
	fmt.Fprintln(w, r.words())
	for _, t := range r.tables() {
		fmt.Fprintf(w, "\n%s\n\n", t.title)
		t.text(w)
	}
}

// write writes the tables in Markdown to a file, with what they mean.
func (r *report) write(path string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.words())
	for _, t := range r.tables() {
		fmt.Fprintf(&b, "\n## %s\n\n", t.title)
		t.markdown(&b)
	}
	return os.WriteFile(path, []byte(strings.Replace(page, "@TABLES@\n", b.String(), 1)), 0o644)
}
