package engine

import (
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/value"
)

// asStored is a histogram as Prometheus' storage gives it back: what it says of
// counter resets is not what was written, but what the storage saw of the sample
// before. A gauge stays one; a counter that goes on is known not to be reset; of
// all others nothing is known.
func asStored(before point, h *histogram.FloatHistogram) *histogram.FloatHistogram {
	hint := histogram.UnknownCounterReset
	switch {
	case h.CounterResetHint == histogram.GaugeType:
		hint = histogram.GaugeType
	case h.CounterResetHint != histogram.CounterReset && continues(before.h, h):
		hint = histogram.NotCounterReset
	}
	if h.CounterResetHint == hint {
		return h
	}
	stored := *h
	stored.CounterResetHint = hint
	return &stored
}

// continues tells whether a histogram goes on where the one before it was, in
// the same buckets.
func continues(before, h *histogram.FloatHistogram) bool {
	if before == nil || before.CounterResetHint == histogram.GaugeType || value.IsStaleNaN(before.Sum) ||
		before.Schema != h.Schema || before.ZeroThreshold != h.ZeroThreshold {
		return false
	}
	counted := *h
	counted.CounterResetHint = histogram.UnknownCounterReset
	return !counted.DetectReset(before)
}
