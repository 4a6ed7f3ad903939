package spec

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// Labels are label names with their values, sorted by name.
type Labels []Label

// Label is one label.
type Label struct {
	Name  Text
	Value Text
}

var labelNamePattern = pattern.New(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// DecodeSpec implements Decoder.
func (ls *Labels) DecodeSpec(v *Value, r *diag.Report) {
	eachLabel(v, r, func(name Text, value *Value) {
		label := Label{Name: name}
		label.Value.DecodeSpec(value, r)
		*ls = append(*ls, label)
	})
	slices.SortFunc(*ls, func(a, b Label) int { return strings.Compare(a.Name.Text, b.Name.Text) })
}

// NewLabels makes labels of pairs of name and value.
func NewLabels(pairs ...string) Labels {
	var ls Labels
	for i := 0; i+1 < len(pairs); i += 2 {
		ls = ls.With(Labels{{Text{Text: pairs[i]}, Text{Text: pairs[i+1]}}})
	}
	return ls
}

// With is ls with the labels of more, which win over those of the same name.
func (ls Labels) With(more Labels) Labels {
	merged := slices.DeleteFunc(slices.Clone(ls), func(l Label) bool { return more.Get(l.Name.Text) != nil })
	merged = append(merged, more...)
	slices.SortFunc(merged, func(a, b Label) int { return strings.Compare(a.Name.Text, b.Name.Text) })
	return merged
}

// Get returns the label of a name, or nil.
func (ls Labels) Get(name string) *Label {
	for i := range ls {
		if ls[i].Name.Text == name {
			return &ls[i]
		}
	}
	return nil
}

// Choices are label names, each with the values that it may have: one, or a
// list. They are sorted by name; values keep their order.
type Choices []Choice

// Choice is one label of Choices.
type Choice struct {
	Name   Text
	Values []Text
}

// DecodeSpec implements Decoder.
func (cs *Choices) DecodeSpec(v *Value, r *diag.Report) {
	eachLabel(v, r, func(name Text, value *Value) {
		choice := Choice{Name: name}
		items := []*Value{value}
		if value.Kind == List {
			items = value.Items()
		}
		if len(items) == 0 {
			r.Add(BadValue, value.Pos, "list the values that it may have", "label %q has no values", name.Text)
			return
		}
		for _, item := range items {
			var t Text
			t.DecodeSpec(item, r)
			choice.Values = append(choice.Values, t)
		}
		*cs = append(*cs, choice)
	})
	slices.SortFunc(*cs, func(a, b Choice) int { return strings.Compare(a.Name.Text, b.Name.Text) })
}

func eachLabel(v *Value, r *diag.Report, f func(name Text, value *Value)) {
	if v.Kind != Map {
		decoder{report: r}.wrongType(v, "a map of labels")
		return
	}
	for _, field := range v.Fields() {
		name := Text{Node{field.Key}, field.Key.Text}
		if !labelNamePattern().MatchString(name.Text) || strings.HasPrefix(name.Text, "__") {
			r.Add(BadValue, field.Key.Pos, "use letters, digits and underscores", "%s is not a label name", field.Key.describe())
			continue
		}
		f(name, field.Value)
	}
}
