package slo

import (
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// HitRatio is the share of lookups that a cache answered.
type HitRatio struct {
	spec.Node
	// Hits selects the counter of lookups that were answered: cache_hits_total{job="api"}.
	Hits Selector `json:"hits" jsonschema:"required"`
	// Misses selects the counter of those that were not. Hits and misses together are all.
	Misses Selector `json:"misses,omitempty"`
	// Total selects the counter of all lookups, where no counter has the misses.
	Total Selector `json:"total,omitempty"`

	Counted `json:"-"` // what it comes to: two counters, or a part of a total
}

// resolve implements SLI.
func (h *HitRatio) resolve(s *Service, per []string, r *diag.Report) bool {
	if h.Misses.IsSet() == h.Total.IsSet() {
		r.Add(spec.MissingKey, h.Pos(), `give one of them, such as misses: cache_misses_total`, "a hit ratio needs either misses or total, not both")
		return false
	}
	if h.Hits.Selector == nil || h.Misses.IsSet() && h.Misses.Selector == nil || h.Total.IsSet() && h.Total.Selector == nil {
		return false // reported where it was read
	}
	if h.Total.IsSet() {
		part := &Availability{Total: h.Total, Good: Classifier{text: h.Hits.text, Selector: h.Hits.Selector}}
		h.Counted = part
		return part.resolve(s, per, r)
	}
	h.Counted = &hitsAndMisses{h.Hits.Selector, h.Misses.Selector, per}
	c := s.Catalogue
	hits, misses := c.checkCounter(h.Hits.text, h.Hits.Selector, r), c.checkCounter(h.Misses.text, h.Misses.Selector, r)
	return hits && misses && checkApart(h.Hits, h.Misses, r)
}

// checkApart reports two selectors of one metric that may select the same series.
func checkApart(a, b Selector, r *diag.Report) bool {
	matchers := slices.Concat(expr.LabelMatchers(a.Selector), expr.LabelMatchers(b.Selector))
	apart := a.Selector.Name != b.Selector.Name ||
		slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return contradicts(matchers, m.Name) })
	if !apart {
		r.Add(OneSided, b.Pos(), `tell them apart by a label, such as result="hit" and result="miss"`, "a series of %s may be a hit and a miss", a.Selector.Name)
	}
	return apart
}

// hitsAndMisses are two counters that are all events together.
type hitsAndMisses struct {
	hits, misses expr.Selector
	per          []string
}

func (*hitsAndMisses) resolve(*Service, []string, *diag.Report) bool { return true }

// ErrorRatio implements SLI.
func (h *hitsAndMisses) ErrorRatio(window time.Duration) expr.Expr {
	rate := func(s expr.Selector) expr.Expr { return expr.Sum(expr.Rate(s, window), h.per...) }
	return expr.Div(orZero(rate(h.misses), rate(h.hits)), someOf(h.AllEvents(rate)))
}

// AllEvents implements SLI. A cache that never missed has no series of misses,
// and one that never hit none of hits.
func (h *hitsAndMisses) AllEvents(count Counting) expr.Expr {
	hits, misses := count(h.hits), count(h.misses)
	return expr.Add(orZero(hits, misses), orZero(misses, hits))
}

// BadEvents implements SLI.
func (h *hitsAndMisses) BadEvents(count Counting, total expr.Expr) expr.Expr {
	return orZero(count(h.misses), total)
}

// Errors implements SLI.
func (h *hitsAndMisses) Errors(window time.Duration) expr.Expr {
	return expr.Sum(expr.Increase(h.misses, window), h.per...)
}

// Inputs implements SLI: one of them is enough.
func (h *hitsAndMisses) Inputs() []Input { return []Input{{h.hits, h.misses}} }

// Streams implements SLI.
func (h *hitsAndMisses) Streams() []Stream {
	return []Stream{
		{Metric: h.hits.Name, Match: expr.LabelMatchers(h.hits), PerGood: 1},
		{Metric: h.misses.Name, Match: expr.LabelMatchers(h.misses), PerBad: 1},
	}
}

// Slice implements SLI.
func (*hitsAndMisses) Slice() time.Duration { return 0 }

// Events implements SLI.
func (h *hitsAndMisses) Events() string { return expr.String(expr.Add(h.hits, h.misses)) }
