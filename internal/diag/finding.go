// Package diag holds positions and findings and prints them. It is the leaf
// that every other package may use.
//
// A finding is what is wrong with something that a user wrote: where, what,
// and the way out. It is not an error: an error means that the environment is
// broken (a disk that is full), a finding that the input is.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding means for the exit status.
type Severity int

// The severities, mildest first.
const (
	Note    Severity = iota // worth knowing; never changes the exit status
	Warning                 // exit status 1, but nothing is held back
	Error                   // exit status 1, and nothing is compiled
)

// String is the severity as it is printed.
func (s Severity) String() string {
	return [...]string{"note", "warning", "error"}[s]
}

// Kind is one kind of finding: its name, which findings show and `slowburn
// explain` takes, and its documentation.
type Kind struct {
	Name     string
	Severity Severity
	Doc      string // a sentence that ends in a full stop, then whatever helps
}

// Finding is one thing wrong at one place.
type Finding struct {
	Kind    *Kind
	Pos     Pos
	Message string // lower case, names the offending value, no full stop
	Help    string // the way out, an imperative; may be empty
	Detail  string // what takes more than a line, such as expected and got; may be empty
}

// Severity is the severity of the finding's kind.
func (f Finding) Severity() Severity { return f.Kind.Severity }

// Text is the message with the way out.
func (f Finding) Text() string {
	if f.Help == "" {
		return f.Message
	}
	return f.Message + "; " + f.Help
}

// Whole is Text with the path that the position may have before it and the
// detail below it: all of the finding, for formats with one text.
func (f Finding) Whole() string {
	text := f.Text()
	if f.Pos.Path != "" {
		text = f.Pos.Path + ": " + text
	}
	if f.Detail != "" {
		text += "\n" + f.Detail
	}
	return text
}

// Report collects findings. The zero value is ready to use.
type Report struct {
	findings []Finding
}

// Add adds a finding; help may be empty.
func (r *Report) Add(kind *Kind, at Pos, help, format string, args ...any) {
	r.findings = append(r.findings, Finding{Kind: kind, Pos: at, Help: help, Message: fmt.Sprintf(format, args...)})
}

// Append adds findings made elsewhere.
func (r *Report) Append(findings ...Finding) {
	r.findings = append(r.findings, findings...)
}

// Take removes findings, and returns them.
func (r *Report) Take(these func(Finding) bool) []Finding {
	var taken, rest []Finding
	for _, f := range r.findings {
		if these(f) {
			taken = append(taken, f)
		} else {
			rest = append(rest, f)
		}
	}
	r.findings = rest
	return taken
}

// Findings returns what was collected, sorted by position, without repetitions
// and without secrets.
func (r *Report) Findings() []Finding {
	sorted := slices.Clone(r.findings)
	slices.SortStableFunc(sorted, func(a, b Finding) int {
		return cmp.Or(a.Pos.compare(b.Pos), strings.Compare(a.Kind.Name, b.Kind.Name), strings.Compare(a.Message, b.Message))
	})
	for i, f := range sorted {
		sorted[i] = f.shown()
	}
	return slices.CompactFunc(sorted, func(a, b Finding) bool {
		return a.Kind == b.Kind && a.Message == b.Message && a.Detail == b.Detail && a.Pos.compare(b.Pos) == 0
	})
}

// Len is the number of findings so far.
func (r *Report) Len() int { return len(r.findings) }

// Worst is the highest severity collected, and false if there is no finding.
func (r *Report) Worst() (Severity, bool) {
	worst := Note
	for _, f := range r.findings {
		worst = max(worst, f.Severity())
	}
	return worst, len(r.findings) > 0
}

// HasErrors tells whether any finding is an error.
func (r *Report) HasErrors() bool {
	worst, _ := r.Worst()
	return worst == Error
}
