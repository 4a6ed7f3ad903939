package engine

import (
	"cmp"
	"math"
	"slices"

	"github.com/prometheus/prometheus/promql"
)

// cursors walk over the series of a range query's result side by side. They
// look at a series from its first sample to its last only: where every instant
// has series of its own, a look at all of them each time would take the square
// of their number.
type cursors struct {
	all     []cursor
	waiting []int // those that have not begun, the earliest first
	active  []int // those that have begun and have samples left, in the order of the series
	vector  []element
	looks   int // how often one was asked for its sample
}

func newCursors(matrix promql.Matrix) *cursors {
	c := &cursors{all: make([]cursor, len(matrix)), waiting: make([]int, len(matrix)), vector: make([]element, 0, len(matrix))}
	for i, of := range matrix {
		c.all[i] = cursor{floats: of.Floats, histograms: of.Histograms}
		c.waiting[i] = i
	}
	slices.SortStableFunc(c.waiting, func(a, b int) int { return cmp.Compare(c.all[a].next(), c.all[b].next()) })
	return c
}

// at are the samples at t in the order of the series, until it is called again.
// It must be called for each instant in turn.
func (c *cursors) at(t int64) []element {
	for len(c.waiting) > 0 && c.all[c.waiting[0]].next() <= t {
		i := c.waiting[0]
		place, _ := slices.BinarySearch(c.active, i)
		c.active = slices.Insert(c.active, place, i)
		c.waiting = c.waiting[1:]
	}
	c.vector = c.vector[:0]
	left := c.active[:0]
	for _, i := range c.active {
		c.looks++
		of := &c.all[i]
		if e, ok := of.at(t); ok {
			e.series = i
			c.vector = append(c.vector, e)
		}
		if len(of.floats)+len(of.histograms) > 0 {
			left = append(left, i)
		}
	}
	c.active = left
	return c.vector
}

// cursor walks over a series of a range query's result.
type cursor struct {
	floats     []promql.FPoint
	histograms []promql.HPoint
}

// next is the time of the next sample.
func (c *cursor) next() int64 {
	t := int64(math.MaxInt64)
	if len(c.floats) > 0 {
		t = c.floats[0].T
	}
	if len(c.histograms) > 0 {
		t = min(t, c.histograms[0].T)
	}
	return t
}

// at is the sample at t, and must be asked for each instant in turn.
func (c *cursor) at(t int64) (element, bool) {
	switch {
	case len(c.floats) > 0 && c.floats[0].T == t:
		e := element{f: c.floats[0].F}
		c.floats = c.floats[1:]
		return e, true
	case len(c.histograms) > 0 && c.histograms[0].T == t:
		e := element{h: c.histograms[0].H}
		c.histograms = c.histograms[1:]
		return e, true
	}
	return element{}, false
}
