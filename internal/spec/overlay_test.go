package spec

import (
	"testing"

	"slowburn/internal/diag"
)

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		name, base, overlay, want string
	}{
		{"a scalar is replaced", "a: 1\nb: 2", "a: 3", "{a: 3, b: 2}"},
		{"a key is added at the end", "a: 1\nb: 2", "c: 3", "{a: 1, b: 2, c: 3}"},
		{"a key is removed", "a: 1\nb: 2", "a: null", "{b: 2}"},
		{"removing what is not there", "a: 1", "b: null", "{a: 1}"},
		{"an empty text is a value", "a: x", "a: ''", "{a: ''}"},
		{"maps merge at any depth", "a: {b: {c: 1, d: 2}}", "a: {b: {d: 3, e: 4}}", "{a: {b: {c: 1, d: 3, e: 4}}}"},
		{"an empty map changes nothing", "a: {b: 1}", "a: {}", "{a: {b: 1}}"},
		{"another kind replaces", "a: {b: 1}", "a: [x]", "{a: [x]}"},
		{"a number for a text", "a: x", "a: 1", "{a: 1}"},
		{"a list of scalars is replaced", "a: [1h, 5m]", "a: [6h]", "{a: [6h]}"},
		{"named lists merge by name", "a: [{name: x, b: 1}, {name: y, b: 2}]", "a: [{name: y, b: 3, c: 4}]",
			"{a: [{name: x, b: 1}, {name: y, b: 3, c: 4}]}"},
		{"the order is the base's, what it lacks comes last", "a: [{name: x}, {name: y}]", "a: [{name: z}, {name: y}, {name: x}]",
			"{a: [{name: x}, {name: y}, {name: z}]}"},
		{"named lists merge at any depth", "a: [{name: x, b: [{name: y, c: 1}]}]", "a: [{name: x, b: [{name: y, d: 2}]}]",
			"{a: [{name: x, b: [{name: y, c: 1, d: 2}]}]}"},
		{"a key of an item is removed", "a: [{name: x, b: 1}]", "a: [{name: x, b: ~}]", "{a: [{name: x}]}"},
		{"an item twice in the overlay", "a: [{name: x}]", "a: [{name: y, b: 1}, {name: y, c: 2}]", "{a: [{name: x}, {name: y, b: 1, c: 2}]}"},
		{"a list with an item that has no name is replaced", "a: [{name: x}, {b: 1}]", "a: [{name: x, c: 2}]", "{a: [{name: x, c: 2}]}"},
		{"by a list with one as well", "a: [{name: x}]", "a: [{b: 1}]", "{a: [{b: 1}]}"},
		{"a name that is a number is none", "a: [{name: 1, b: 1}]", "a: [{name: 1, c: 1}]", "{a: [{name: 1, c: 1}]}"},
		{"an empty list empties", "a: [{name: x}]", "a: []", "{a: []}"},
		{"an empty list is filled", "a: []", "a: [{name: x}]", "{a: [{name: x}]}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, overlay := readOne(t, c.base), readOne(t, c.overlay)
			shownBase, shownOverlay := show(base), show(overlay)
			if got, want := show(Merge(base, overlay)), show(readOne(t, c.want)); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if show(base) != shownBase || show(overlay) != shownOverlay {
				t.Errorf("the inputs changed to %s and %s", show(base), show(overlay))
			}
		})
	}
}

// TestMergedPositions holds that a finding about a merged document stands in
// the file, and at the line, that its value is from.
func TestMergedPositions(t *testing.T) {
	read := func(name, text string) *Value {
		return ReadYAML(&diag.Source{Name: name, Text: []byte(text)}, new(diag.Report))[0]
	}
	merged := Merge(
		read("base.yaml", "slos:\n  - name: x\n    objective: 1\n    period: 30d\n"),
		read("gke.yaml", "slos:\n  - {name: x, objective: 2}\n  - {name: y}\n"))
	items := merged.Get("slos").Items()
	for _, c := range []struct {
		value *Value
		want  string
	}{
		{items[0].Get("period"), "base.yaml:4:13"},
		{items[0].Get("objective"), "gke.yaml:2:26"},
		{items[0], "base.yaml:2:5"},
		{items[1], "gke.yaml:3:5"},
	} {
		if got := c.value.Pos.String(); got != c.want {
			t.Errorf("%s is at %s, want %s", show(c.value), got, c.want)
		}
	}
}

func TestMergeWithNothing(t *testing.T) {
	overlay := readOne(t, "a: 1")
	if Merge(nil, overlay) != overlay {
		t.Error("an overlay over nothing is not the overlay")
	}
}
