package simulate

import (
	"math"
	"slices"
	"sort"
)

// apportionment spreads events, which are numbered from 1, over series.
type apportionment struct {
	shares []float64 // of the events, adding up to 1
	events [][]int   // of each series, ascending; nil if there are too many to tell them apart

	fractions bool // of events are counted, where they are too many to tell apart
}

// maxTold is how many events are told apart. More of them are spread by share,
// where a series loses less than one event to rounding.
const maxTold = 50_000

// apportion gives each event to the series that lags furthest behind its share.
func apportion(n float64, shares []float64) apportionment {
	a := apportionment{shares: shares}
	if n > maxTold {
		return a
	}
	a.events = make([][]int, len(shares))
	for e := 1; e <= int(n)+1; e++ {
		to := 0
		for i := range shares {
			if float64(e)*shares[i]-float64(len(a.events[i])) > float64(e)*shares[to]-float64(len(a.events[to])) {
				to = i
			}
		}
		a.events[to] = append(a.events[to], e)
	}
	return a
}

// count is how many of the first n events a series has.
func (a apportionment) count(series int, n float64) float64 {
	switch {
	case a.events == nil && a.fractions:
		return n * a.shares[series]
	case a.events == nil:
		return math.Floor(n * a.shares[series])
	}
	return float64(sort.SearchInts(a.events[series], int(n)+1))
}

// normal scales shares to a sum of 1.
func normal(shares []float64) []float64 {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	scaled := slices.Clone(shares)
	for i := range scaled {
		scaled[i] /= sum
	}
	return scaled
}
