package engine

import (
	"context"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/annotations"
)

// noLabels is the part of a querier that PromQL never asks.
type noLabels struct{}

// LabelValues implements storage.LabelQuerier.
func (noLabels) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

// LabelNames implements storage.LabelQuerier.
func (noLabels) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

// Close implements storage.LabelQuerier.
func (noLabels) Close() error { return nil }

// seriesSet hands out a list of series.
type seriesSet struct {
	series []storage.Series
	next   int
}

// Next implements storage.SeriesSet.
func (s *seriesSet) Next() bool { s.next++; return s.next <= len(s.series) }

// At implements storage.SeriesSet.
func (s *seriesSet) At() storage.Series { return s.series[s.next-1] }

// Err implements storage.SeriesSet.
func (*seriesSet) Err() error { return nil }

// Warnings implements storage.SeriesSet.
func (*seriesSet) Warnings() annotations.Annotations { return nil }

// Labels implements storage.Series.
func (of *series) Labels() labels.Labels { return of.labels }

// Iterator implements storage.Series.
func (of *series) Iterator(reuse chunkenc.Iterator) chunkenc.Iterator {
	it, ok := reuse.(*iterator)
	if !ok {
		it = &iterator{}
	}
	it.series, it.i = of, -1
	return it
}

// iterator walks over the samples of a series.
type iterator struct {
	*series
	i int
}

// Next implements chunkenc.Iterator.
func (it *iterator) Next() chunkenc.ValueType {
	it.i++
	return it.state()
}

// Seek implements chunkenc.Iterator.
func (it *iterator) Seek(t int64) chunkenc.ValueType {
	if it.i < 0 || it.i < len(it.times) && it.times[it.i] < t {
		it.i = max(it.i, it.search(t))
	}
	return it.state()
}

func (it *iterator) state() chunkenc.ValueType {
	switch {
	case it.i >= len(it.times):
		return chunkenc.ValNone
	case it.histograms != nil && it.histograms[it.i] != nil:
		return chunkenc.ValFloatHistogram
	}
	return chunkenc.ValFloat
}

// At implements chunkenc.Iterator.
func (it *iterator) At() (int64, float64) { return it.times[it.i], it.values[it.i] }

// AtT implements chunkenc.Iterator.
func (it *iterator) AtT() int64 { return it.times[it.i] }

// AtST implements chunkenc.Iterator: no series here knows when it was started.
func (*iterator) AtST() int64 { return 0 }

// Err implements chunkenc.Iterator.
func (*iterator) Err() error { return nil }

// AtHistogram implements chunkenc.Iterator. Synthetic histograms are histograms
// of floats, and PromQL asks for nothing else.
func (*iterator) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) {
	panic("engine: a histogram of floats was read as one of integers")
}

// AtFloatHistogram implements chunkenc.Iterator. The engine may change what it
// is given, so that it gets a copy.
func (it *iterator) AtFloatHistogram(into *histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	if into == nil {
		return it.times[it.i], it.histograms[it.i].Copy()
	}
	it.histograms[it.i].CopyTo(into)
	return it.times[it.i], into
}
