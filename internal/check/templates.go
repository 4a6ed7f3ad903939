package check

import (
	"slices"
	"strings"

	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// ruleTemplate is a label or an annotation of a rule in which something is filled in.
type ruleTemplate struct {
	key, name, text string
	rule            *rulefile.Rule
}

// value is where it stands.
func (t ruleTemplate) value() *spec.Value { return t.rule.Value.Get(t.key).Get(t.name) }

// templatesOf appends the templates of a rule to a list, labels first, by name.
func templatesOf(all []ruleTemplate, r *rulefile.Rule) []ruleTemplate {
	for _, field := range []struct {
		key   string
		texts map[string]string
	}{{"labels", r.Labels}, {"annotations", r.Annotations}} {
		first := len(all)
		for name, text := range field.texts {
			if strings.Contains(text, "{{") {
				all = append(all, ruleTemplate{field.key, name, text, r})
			}
		}
		slices.SortFunc(all[first:], func(a, b ruleTemplate) int { return strings.Compare(a.name, b.name) })
	}
	return all
}
