package slo

import (
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

// UnknownValue is a value that a label was never seen with, and that looks like one that was.
var UnknownValue = &diag.Kind{Name: "unknown-value", Severity: diag.Warning, Doc: `A label has no such value in the catalogue, but one that looks like it.

A selector with a misspelt value matches nothing, a classifier with one finds that nothing ever fails, and a member that does not
exist is down for ever. Values that differ in numbers only (n1 and n4, 500 and 503) are taken for others of their kind. If the
value is right, add a line with it to the catalogue, which is yours to edit.`}

// checkValues reports values that were meant to be another one.
func (c *Catalogue) checkValues(text fragment, metric string, matchers []*labels.Matcher, r *diag.Report) {
	for _, m := range matchers {
		for _, value := range asked(m) {
			if near := c.meant(metric, m.Name, value); near != "" {
				r.Add(UnknownValue, text.placeValue(value, m.Name), "did you mean "+strconv.Quote(near)+"?", "no series of %s in the catalogue has %s=%q", metric, m.Name, value)
			}
		}
	}
}

// misspelt tells whether a value of some matchers was meant to be another one.
func (c *Catalogue) misspelt(metric string, matchers []*labels.Matcher) bool {
	return slices.ContainsFunc(matchers, func(m *labels.Matcher) bool {
		return slices.ContainsFunc(asked(m), func(value string) bool { return c.meant(metric, m.Name, value) != "" })
	})
}

// asked are the values that a matcher names.
func asked(m *labels.Matcher) []string {
	switch {
	case m.Type == labels.MatchEqual || m.Type == labels.MatchNotEqual:
		return []string{m.Value}
	default:
		return m.SetMatches()
	}
}

// leastSpelt is how long a value must be for two wrong letters to be told from another word: get is not set.
const leastSpelt = 5

var digits = pattern.New(`[0-9]+`)

// meant is the value that was seen and that an unseen one looks like, or "".
func (c *Catalogue) meant(metric, label, value string) string {
	seen := c.Values(metric, label)
	if len(value) < leastSpelt || slices.Contains(seen, value) {
		return ""
	}
	near := spec.Nearest(value, seen)
	switch {
	case near == "" || digits().ReplaceAllString(near, "0") == digits().ReplaceAllString(value, "0"):
		return ""
	case strings.HasSuffix(near, value) || strings.HasSuffix(value, near):
		return "" // the opposite: valid, invalid
	}
	return near
}

// placeValue is where a matcher's value stands in the fragment, or its label.
func (f fragment) placeValue(value, label string) diag.Pos {
	v := f.Value()
	for i := 0; i+len(value) <= len(v.Text); i++ {
		if strings.HasPrefix(v.Text[i:], value) && i > 0 && strings.ContainsRune("\"'`|(", rune(v.Text[i-1])) {
			return v.Sub(i, i+len(value))
		}
	}
	return f.place(label)
}
