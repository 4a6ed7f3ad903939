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
			at := r.Value.Get("labels").Get(name)
			changes = append(changes,
				ruleChange{says: "the label " + name + " is dropped", at: at, apply: func() { r.Labels = without }, loses: name},
				ruleChange{says: "the label " + becomes(fmt.Sprintf("%s: %q", name, r.Labels[name]), fmt.Sprintf("%q", other[name])), at: at, apply: func() { r.Labels = other }},
			)
		}
		return changes
	},
}
