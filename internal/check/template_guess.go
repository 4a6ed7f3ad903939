package check

import (
	"maps"
	"slices"
	"slowburn/internal/pattern"

	"github.com/prometheus/common/model"
)

// search renders a template with other guesses for the labels of the part that
// fails, one at a time, as long as that brings it further. It returns the failure
// that no guess mends, or nil.
func (p *Pass) search(text string, data map[string]string) *templateFailure {
	failure := p.render(text, data)
	for range 2 * maxGuessed {
		if failure == nil {
			return nil
		}
		next, found := p.another(text, data, failure)
		if !found {
			return failure
		}
		failure = next
	}
	return nil // it may go on for long
}

// another sets a label of the failing part of a template to another guess with
// which that part does not fail, and returns what fails then.
func (p *Pass) another(text string, data map[string]string, failure *templateFailure) (*templateFailure, bool) {
	names := namesIn(failure.part)
	if len(names) == 0 { // the part is a function behind a bar
		names = slices.Sorted(maps.Keys(data))
	}
	for _, name := range names {
		before := data[name]
		if !slices.Contains(guesses, before) {
			continue // it is known, or no label
		}
		for _, guess := range guesses {
			data[name] = guess
			if next := p.render(text, data); next == nil || next.part != failure.part || next.start != failure.start {
				return next, true
			}
		}
		data[name] = before
	}
	return nil, false
}

// guesses are values that labels may have: as long as a name is, a number, a duration.
var guesses = []string{"a-name-as-long-as-those-of-pods-are-7d4b9c6f5d-x2x9z", "5", "5m"}

// mentioned finds whatever may be the name of a label in a template: what stands
// behind a dot or a quote.
var mentioned = pattern.New("[.\"`]([a-zA-Z_][a-zA-Z0-9_]*)")

// namesIn are the names of labels that a template may speak of, each once.
func namesIn(text string) []string {
	var names []string
	for _, m := range mentioned().FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) && len(names) < maxGuessed {
			names = append(names, m[1])
		}
	}
	return names
}

// maxGuessed is how many labels values are guessed for.
const maxGuessed = 30

// guessed are the labels of which a template may speak, those that series may
// have, each with the first guess.
func guessed(text string, may labelSet) map[string]string {
	data := map[string]string{}
	for _, name := range namesIn(text) {
		if may.has(name) && name != model.MetricNameLabel {
			data[name] = guesses[0]
		}
	}
	return data
}
