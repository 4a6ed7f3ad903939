package simulate

import (
	"cmp"
	"slices"
	"time"
)

// firing is when an alert fires whose tiers' conditions hold in some spans, as
// far as it is watched. More is how much longer each may seem to hold, where for
// decides whether it was long enough.
func (h hold) firing(held [][]Span, more time.Duration, watch Span) []Span {
	holds := union(held)
	if h.wait > 0 {
		holds = moved(holds, 0, more)
	}
	fires := h.fires(holds)
	for i := range fires {
		fires[i].Until = min(fires[i].Until, watch.Until)
	}
	return fires
}

// union are the spans of several lists, those joined that meet.
func union(lists [][]Span) []Span {
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	var joined []Span
	for _, s := range all {
		if n := len(joined); n > 0 && s.From <= joined[n-1].Until {
			joined[n-1].Until = max(joined[n-1].Until, s.Until)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}
