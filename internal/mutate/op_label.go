package mutate

import (
	"fmt"
	"maps"
	"slices"

	"slowburn/internal/rulefile"
)

var label = &Operator{
	Name: "label",
	Doc:  "drops a label that the rule sets, and sets it to something else",
	Hint: "test the labels of what fires, or select what is recorded by this label",
	inRule: func(r *rulefile.Rule) []ruleChange {
		var changes []ruleChange
		for _, name := range slices.Sorted(maps.Keys(r.Labels)) {
			without := maps.Clone(r.Labels)
			delete(without, name)
			other := maps.Clone(r.Labels)
			other[name] += "-other"
			changes = append(changes,
				ruleChange{"the label " + name + " is dropped", "labels", func() { r.Labels = without }, name},
				ruleChange{"the label " + becomes(fmt.Sprintf("%s: %q", name, r.Labels[name]), fmt.Sprintf("%q", other[name])), "labels", func() { r.Labels = other }, ""},
			)
		}
		return changes
	},
}
