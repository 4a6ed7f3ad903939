package engine

import (
	"math"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// sums are a series without its stale markers, and what is computed from it
// once for all windows.
type sums struct {
	times  []int64
	values []float64
	resets []int // indices of samples that are less than the one before
	finite bool  // no value is infinite or not a number

	// The sum of the samples before each, high and low part: a pair of floats
	// holds about 106 bits, so that the difference of two of them is exact
	// enough to be rounded like the sum of a window.
	high, low []float64
}

// running computes a series' sums, or finds them.
func (of *series) running() *sums {
	if of.sums != nil {
		return of.sums
	}
	s := &sums{times: of.times, values: of.values, finite: true}
	for i, v := range of.values {
		if value.IsStaleNaN(v) {
			s.dropStale(of, i)
			break
		}
	}
	s.high = make([]float64, len(s.values)+1)
	s.low = make([]float64, len(s.values)+1)
	for i, v := range s.values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			s.finite = false
		}
		if i > 0 && v < s.values[i-1] {
			s.resets = append(s.resets, i)
		}
		s.high[i+1], s.low[i+1] = addPair(s.high[i], s.low[i], v, 0)
	}
	of.sums = s
	return s
}

// dropStale copies the samples that are not stale markers, of which the first is at i.
func (s *sums) dropStale(of *series, i int) {
	s.times = append(make([]int64, 0, len(of.times)), of.times[:i]...)
	s.values = append(make([]float64, 0, len(of.times)), of.values[:i]...)
	for ; i < len(of.times); i++ {
		if !value.IsStaleNaN(of.values[i]) {
			s.times = append(s.times, of.times[i])
			s.values = append(s.values, of.values[i])
		}
	}
}

// addPair adds two numbers that are each a high and a low part. (Knuth's
// two-sum: the rounding error of an addition is itself a float.)
func addPair(high, low, more, moreLow float64) (float64, float64) {
	sum := high + more
	part := sum - high
	lost := (high - (sum - part)) + (more - part)
	lost += low + moreLow
	result := sum + lost
	return result, lost - (result - sum)
}

// window are the samples of a series in (from, to], in milliseconds; they are
// those from the index first up to next.
type window struct {
	*sums
	from, to    int64
	first, next int
	reset       int // index in resets of the first one after first
}

func (w *window) count() (float64, bool) { return float64(w.next - w.first), w.next > w.first }

func (w *window) sum() (float64, bool) {
	if w.next == w.first {
		return 0, false
	}
	high, low := addPair(w.high[w.next], w.low[w.next], -w.high[w.first], -w.low[w.first])
	return high + low, true
}

func (w *window) last() (float64, bool) {
	if w.next == w.first {
		return 0, false
	}
	return w.values[w.next-1], true
}

func (w *window) increase() (float64, bool) { return w.extrapolated(1, false) }

func (w *window) rate(seconds float64) (float64, bool) { return w.extrapolated(seconds, true) }

// extrapolated is a counter's growth over the window, as Prometheus estimates
// it: from the first to the last sample, resets counted, and then to the ends
// of the window, if samples come near to them and the counter would not have
// been negative. The order of operations is Prometheus', so that results are
// equal to the last bit.
func (w *window) extrapolated(seconds float64, perSecond bool) (float64, bool) {
	gaps := w.next - w.first - 1
	if gaps < 1 {
		return 0, false
	}
	begin, end := w.values[w.first], w.values[w.next-1]
	growth := end - begin
	for _, at := range w.resets[w.reset:] {
		if at >= w.next {
			break
		}
		growth += w.values[at-1]
	}
	toStart := float64(w.times[w.first]-w.from) / 1000
	toEnd := float64(w.to-w.times[w.next-1]) / 1000
	sampled := float64(w.times[w.next-1]-w.times[w.first]) / 1000
	between := sampled / float64(gaps)
	near := between * 1.1
	if toStart >= near {
		toStart = between / 2
	}
	if growth > 0 && begin >= 0 {
		toStart = min(toStart, sampled*(begin/growth))
	}
	if toEnd >= near {
		toEnd = between / 2
	}
	factor := (sampled + toStart + toEnd) / sampled
	if perSecond {
		factor /= seconds
	}
	return growth * factor, true
}

// foldedSeries is what a call computes from one series.
type foldedSeries struct {
	of     *sums
	raw    *series
	labels labels.Labels
	call   *call
}

// Labels implements storage.Series.
func (s *foldedSeries) Labels() labels.Labels { return s.labels }

// Iterator implements storage.Series.
func (s *foldedSeries) Iterator(chunkenc.Iterator) chunkenc.Iterator {
	c := s.call
	it := &foldedIterator{call: c, raw: s.raw, window: window{sums: s.of}}
	// Before the first sample there is nothing, and one step after the last
	// window with a sample a stale marker ends the series.
	begin := max(c.times.first, s.of.times[0]+c.offset)
	it.t = c.times.first + (begin-c.times.first+c.times.step-1)/c.times.step*c.times.step - c.times.step
	it.last = min(c.times.last, s.of.times[len(s.of.times)-1]+c.offset+c.width+lookback.Milliseconds()+c.times.step)
	return it
}

// foldedIterator has a sample at each of the call's instants: the value of the
// function, or a stale marker where it has none.
type foldedIterator struct {
	iterator
	call    *call
	raw     *series
	window  window
	t, last int64
	ready   bool // value is that at t
	value   float64
}

// Next implements chunkenc.Iterator.
func (it *foldedIterator) Next() chunkenc.ValueType {
	it.t += it.call.times.step
	it.ready = false
	if it.t > it.last {
		return chunkenc.ValNone
	}
	return chunkenc.ValFloat
}

// Seek implements chunkenc.Iterator.
func (it *foldedIterator) Seek(t int64) chunkenc.ValueType {
	if t > it.t {
		step := it.call.times.step
		it.t += (t - it.t + step - 1) / step * step
		it.ready = false
	}
	if it.t > it.last {
		return chunkenc.ValNone
	}
	return chunkenc.ValFloat
}

// At implements chunkenc.Iterator.
func (it *foldedIterator) At() (int64, float64) {
	if !it.ready {
		it.value = it.compute()
		it.ready = true
	}
	return it.t, it.value
}

// AtT implements chunkenc.Iterator.
func (it *foldedIterator) AtT() int64 { return it.t }

func (it *foldedIterator) compute() float64 {
	if it.call.every > 0 {
		return it.raw.lastOf(it.t-it.call.offset, it.call.width, it.call.every)
	}
	w := &it.window
	w.to = it.t - it.call.offset
	w.from = w.to - it.call.width
	for w.next < len(w.times) && w.times[w.next] <= w.to {
		w.next++
	}
	for w.first < w.next && w.times[w.first] <= w.from {
		w.first++
	}
	for w.reset < len(w.resets) && w.resets[w.reset] <= w.first {
		w.reset++
	}
	if v, ok := it.call.compute(w); ok {
		return v
	}
	return Stale
}

// lastOf is the newest value that a subquery over the series finds: it looks at
// the multiples of its step in (to-width, to], at each for a sample that is not
// too old, nor a stale marker.
func (of *series) lastOf(to, width, every int64) float64 {
	instant := to - ((to%every)+every)%every
	for ; instant > to-width; instant -= every {
		at := of.search(instant + 1) // one past the newest that is not younger
		if at == 0 {
			return Stale
		}
		if of.times[at-1] > instant-lookback.Milliseconds() && !value.IsStaleNaN(of.values[at-1]) {
			return of.values[at-1]
		}
	}
	return Stale
}
