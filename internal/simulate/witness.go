package simulate

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// maxWitnesses is how many values are tried for a label.
const maxWitnesses = 64

// witnesses are values of a label that every one of its matchers accepts, those
// that were seen in the real service first.
func witnesses(seen []string, matchers []*labels.Matcher) []string {
	candidates := slices.Clone(seen)
	for _, m := range matchers {
		switch m.Type {
		case labels.MatchEqual:
			candidates = append(candidates, m.Value)
		case labels.MatchRegexp:
			candidates = append(candidates, examples(m.Value)...)
		}
	}
	// For matchers that only exclude: values that exist in most services, and ones that nobody excludes.
	candidates = append(candidates, "200", "204", "404", "500", "503", "GET", "POST", "other", "x1")
	var accepted []string
	for _, c := range candidates[:min(len(candidates), maxWitnesses)] {
		ok := !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(c) })
		if ok && !slices.Contains(accepted, c) {
			accepted = append(accepted, c)
		}
	}
	return accepted
}

// examples are a few texts that a regular expression matches.
func examples(expression string) []string {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil // no matcher was made of it
	}
	return expand(re.Simplify())
}

// maxExamples bounds the alternatives that are followed at each place.
const maxExamples = 8

func expand(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCharClass:
		return expandClass(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return []string{"0", "3", "a"}
	case syntax.OpCapture:
		return expand(re.Sub[0])
	case syntax.OpStar, syntax.OpQuest:
		return append(expand(re.Sub[0]), "")
	case syntax.OpPlus:
		return expand(re.Sub[0])
	case syntax.OpRepeat:
		once := expand(re.Sub[0])
		return []string{strings.Repeat(once[0], max(re.Min, 1))}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, expand(sub)...)
		}
		return all[:min(len(all), maxExamples)]
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			var longer []string
			for _, prefix := range all {
				for _, next := range expand(sub) {
					longer = append(longer, prefix+next)
				}
			}
			all = longer[:min(len(longer), maxExamples)]
		}
		return all
	}
	return []string{""} // anchors and the empty match
}

// expandClass takes the first character of each range of a class.
func expandClass(ranges []rune) []string {
	var all []string
	for i := 0; i+1 < len(ranges) && len(all) < maxExamples; i += 2 {
		all = append(all, string(max(ranges[i], ' ')))
	}
	if len(all) == 0 {
		return []string{""}
	}
	return all
}
