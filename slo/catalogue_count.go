package slo

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/expr"
)

// CountSeries is how many series of the catalogue a selector matches. A
// catalogue is the page of one target: each further instance has as many again.
// It is false where the catalogue does not know, for a metric of which it has
// no series.
func (c *Catalogue) CountSeries(s expr.Selector) (int, bool) {
	if c == nil || c.metrics[s.Name] == nil || len(c.metrics[s.Name].series) == 0 {
		return 0, false
	}
	seen := map[string]bool{} // a page may show a series twice, with a timestamp each
	for _, lset := range c.Series(s) {
		seen[lset.String()] = true
	}
	return len(seen), true
}

// Series are those of the catalogue that a selector matches.
func (c *Catalogue) Series(s expr.Selector) []labels.Labels {
	if c == nil || c.metrics[s.Name] == nil {
		return nil
	}
	matchers := expr.LabelMatchers(s)
	return slices.DeleteFunc(slices.Clone(c.metrics[s.Name].series), func(lset labels.Labels) bool { return !c.matches(lset, matchers) })
}

// matches tells whether a series matches. Labels that scraping adds are taken to.
func (c *Catalogue) matches(lset labels.Labels, matchers []*labels.Matcher) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool {
		added := slices.Contains(c.targetLabels, m.Name) && !lset.Has(m.Name)
		return !added && !m.Matches(lset.Get(m.Name))
	})
}
