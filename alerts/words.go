package alerts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"slowburn/internal/spec"
)

// Words are what a condition means.
type Words struct {
	Condition string   // such as "no series of up is 1"
	Per       []string // labels that name the member that fires
	Gone      bool     // it may fire for what has no labels, too
	Value     string   // a template for a sentence about the value, or ""
}

// member is the part of an alert's summary that names the member that fires, a
// template.
func (w Words) member() string {
	var names []string
	for _, label := range w.Per {
		names = append(names, fmt.Sprintf("%s {{ $labels.%s }}", label, label))
	}
	text := " (" + strings.Join(names, ", ") + ")"
	switch {
	case len(names) == 0:
		return ""
	case w.Gone:
		return "{{ if $labels." + w.Per[0] + " }}" + text + "{{ end }}"
	}
	return text
}

// describe gives an alert its words.
func describe(a *Alert, d *AlertSpec) {
	words := a.Threshold.of.words()
	a.Threshold.Condition = words.Condition
	summary := cmp.Or(literal(d.Summary.Text), literal(title(a.Name, a.Service.Name))) + words.member()
	if t := a.Threshold; t.listed != "" {
		summary += " (" + literal(t.listed+" "+t.Member) + ")"
	}
	description := "It fires while " + literal(words.Condition) + lasting(a.For) + "."
	if words.Value != "" {
		description = words.Value + " " + description
	}
	annotate(a, a.Service.Name+": "+summary, description)
	for _, n := range d.Annotations {
		a.Annotations = slices.DeleteFunc(a.Annotations, func(o Annotation) bool { return o.Name == n.Name.Text })
		a.Annotations = append(a.Annotations, Annotation{n.Name.Text, n.Value.Text})
	}
	slices.SortFunc(a.Annotations, func(a, b Annotation) int { return strings.Compare(a.Name, b.Name) })
}

// lasting says for how long a condition must hold, or nothing.
func lasting(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return ", for " + spec.FormatDuration(d)
}
