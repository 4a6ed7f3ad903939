// Package enginetest makes rules and series for tests of package engine: random
// ones, from a seed. It knows nothing of the engine, so that the engine's own
// tests can use it as well as those in the module bench, which compare it with
// Prometheus.
package enginetest

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
)

// Start is the first instant of most tests. Any would do, but for subqueries it
// must not be a multiple of everything.
var Start = time.Unix(1_000_020, 0).UTC()

// Series are samples in order of time, to evaluate rules over.
type Series struct {
	Labels  labels.Labels
	Samples []Sample
}

// Sample is a float, or a histogram if that is not nil.
type Sample struct {
	T int64 // milliseconds
	F float64
	H *histogram.FloatHistogram
}

// String tells samples apart to the last bit, but all NaNs that are not stale
// are one: which of several NaNs an operation passes on is the processor's
// choice. Whether a histogram spells out empty buckets, and what it says of
// resets, is its storage's.
func (s Sample) String() string {
	switch {
	case s.H != nil && value.IsStaleNaN(s.H.Sum) || s.H == nil && value.IsStaleNaN(s.F):
		return "stale"
	case s.H != nil:
		h := s.H.Copy().Compact(0)
		h.CounterResetHint = histogram.UnknownCounterReset
		return h.String()
	case math.IsNaN(s.F):
		return "NaN"
	}
	return fmt.Sprintf("%v (%016x)", s.F, math.Float64bits(s.F))
}

// NativeHistogram is one of n observations at least, some in each of three buckets.
func NativeHistogram(n float64) *histogram.FloatHistogram {
	return &histogram.FloatHistogram{
		Schema:          0,
		ZeroThreshold:   0.001,
		ZeroCount:       1,
		Count:           1 + n + 2*n + n,
		Sum:             8 * n,
		PositiveSpans:   []histogram.Span{{Offset: 0, Length: 2}, {Offset: 1, Length: 1}},
		PositiveBuckets: []float64{n, 2 * n, n},
	}
}

// Storage is what series are put into.
type Storage interface {
	Append(labels.Labels, int64, float64) error
	AppendHistogram(labels.Labels, int64, *histogram.FloatHistogram) error
}

// Fill puts series into a storage.
func Fill(s Storage, all []Series) error {
	for _, of := range all {
		for _, p := range of.Samples {
			var err error
			if p.H != nil {
				err = s.AppendHistogram(of.Labels, p.T, p.H.Copy())
			} else {
				err = s.Append(of.Labels, p.T, p.F)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Refused tells whether an evaluation failed because the storage takes no
// histogram with negative buckets. No expression tells that this will happen.
func Refused(err error) bool {
	return errors.Is(err, histogram.ErrHistogramNegativeBucketCount) || errors.Is(err, histogram.ErrHistogramNegativeCount)
}

// Metric are the labels of a series.
func Metric(name string, pairs ...string) labels.Labels {
	return labels.FromStrings(append([]string{model.MetricNameLabel, name}, pairs...)...)
}
