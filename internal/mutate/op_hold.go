package mutate

import (
	"time"

	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var holding = &Operator{
	Name: "for",
	Doc:  "drops for or keep_firing_for, and makes it twice as long",
	Hint: "test just before and just after it is over, and a condition that ends just before",
	inRule: func(r *rulefile.Rule) []ruleChange {
		var changes []ruleChange
		for _, of := range []struct {
			key string
			d   *time.Duration
		}{{"for", &r.For}, {"keep_firing_for", &r.KeepFiringFor}} {
			if *of.d == 0 {
				continue
			}
			was := of.key + ": " + spec.PrometheusDuration(*of.d)
			changes = append(changes,
				ruleChange{says: was + " is dropped", at: r.Value.Get(of.key), apply: func() { *of.d = 0 }},
				ruleChange{says: becomes(was, spec.PrometheusDuration(2**of.d)), at: r.Value.Get(of.key), apply: func() { *of.d *= 2 }},
			)
		}
		return changes
	},
}
