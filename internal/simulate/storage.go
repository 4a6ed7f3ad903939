package simulate

import (
	"context"
	"math"
	"slices"
	"sort"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/annotations"
)

// Storage holds series in memory, for Prometheus' engine to query. It is filled
// and queried by one goroutine.
type Storage struct {
	byMetric map[string][]*series
	byLabels map[uint64][]*series
}

// series are samples in order of time.
type series struct {
	labels labels.Labels
	times  []int64 // milliseconds
	values []float64
}

// NewStorage makes an empty storage.
func NewStorage() *Storage {
	return &Storage{byMetric: map[string][]*series{}, byLabels: map[uint64][]*series{}}
}

// Append adds a sample to a series, which is made if it is new. A sample that
// is not later than the series' last is dropped, as Prometheus does.
func (s *Storage) Append(lset labels.Labels, t int64, v float64) {
	in := s.series(lset)
	if n := len(in.times); n > 0 && in.times[n-1] >= t {
		return
	}
	in.times = append(in.times, t)
	in.values = append(in.values, v)
}

func (s *Storage) series(lset labels.Labels) *series {
	hash := lset.Hash()
	for _, known := range s.byLabels[hash] {
		if labels.Equal(known.labels, lset) {
			return known
		}
	}
	made := &series{labels: lset}
	s.byLabels[hash] = append(s.byLabels[hash], made)
	name := lset.Get(model.MetricNameLabel)
	s.byMetric[name] = append(s.byMetric[name], made)
	return made
}

// Querier implements storage.Queryable.
func (s *Storage) Querier(mint, maxt int64) (storage.Querier, error) {
	return &querier{s, mint, maxt}, nil
}

type querier struct {
	*Storage
	mint, maxt int64
}

// Select implements storage.Querier.
func (q *querier) Select(_ context.Context, sorted bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found []storage.Series
	for _, s := range q.candidates(matchers) {
		if matchesAll(matchers, s.labels) {
			if part := s.within(q.mint, q.maxt); part != nil {
				found = append(found, part)
			}
		}
	}
	if sorted {
		slices.SortFunc(found, func(a, b storage.Series) int { return labels.Compare(a.Labels(), b.Labels()) })
	}
	return &seriesSet{series: found}
}

// candidates are the series of the metric that the matchers name, or all.
func (q *querier) candidates(matchers []*labels.Matcher) []*series {
	for _, m := range matchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			return q.byMetric[m.Value]
		}
	}
	var all []*series
	for _, list := range q.byMetric {
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b *series) int { return labels.Compare(a.labels, b.labels) })
	return all
}

func matchesAll(matchers []*labels.Matcher, lset labels.Labels) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(lset.Get(m.Name)) })
}

// LabelValues implements storage.LabelQuerier.
func (q *querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

// LabelNames implements storage.LabelQuerier.
func (q *querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

// Close implements storage.LabelQuerier.
func (q *querier) Close() error { return nil }

// within is the part of a series in [mint, maxt], or nil where that is empty.
func (s *series) within(mint, maxt int64) *series {
	from := sort.Search(len(s.times), func(i int) bool { return s.times[i] >= mint })
	to := sort.Search(len(s.times), func(i int) bool { return s.times[i] > maxt })
	if from >= to {
		return nil
	}
	return &series{s.labels, s.times[from:to], s.values[from:to]}
}

// Labels implements storage.Series.
func (s *series) Labels() labels.Labels { return s.labels }

// Iterator implements storage.Series.
func (s *series) Iterator(reuse chunkenc.Iterator) chunkenc.Iterator {
	it, ok := reuse.(*iterator)
	if !ok {
		it = &iterator{}
	}
	it.series, it.i = s, -1
	return it
}

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
	from := max(it.i, 0)
	it.i = from + sort.Search(len(it.times)-min(from, len(it.times)), func(i int) bool { return it.times[from+i] >= t })
	return it.state()
}

func (it *iterator) state() chunkenc.ValueType {
	if it.i >= len(it.times) {
		return chunkenc.ValNone
	}
	return chunkenc.ValFloat
}

// At implements chunkenc.Iterator.
func (it *iterator) At() (int64, float64) { return it.times[it.i], it.values[it.i] }

// AtT implements chunkenc.Iterator.
func (it *iterator) AtT() int64 { return it.times[it.i] }

// AtST implements chunkenc.Iterator: no series here knows when it was started.
func (it *iterator) AtST() int64 { return 0 }

// Err implements chunkenc.Iterator.
func (it *iterator) Err() error { return nil }

// AtHistogram implements chunkenc.Iterator; there are none here.
func (it *iterator) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) {
	panic("simulate: a series of floats was read as histograms")
}

// AtFloatHistogram implements chunkenc.Iterator; there are none here.
func (it *iterator) AtFloatHistogram(*histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	panic("simulate: a series of floats was read as histograms")
}

type seriesSet struct {
	series []storage.Series
	i      int
}

// Next implements storage.SeriesSet.
func (s *seriesSet) Next() bool { s.i++; return s.i <= len(s.series) }

// At implements storage.SeriesSet.
func (s *seriesSet) At() storage.Series { return s.series[s.i-1] }

// Err implements storage.SeriesSet.
func (s *seriesSet) Err() error { return nil }

// Warnings implements storage.SeriesSet.
func (s *seriesSet) Warnings() annotations.Annotations { return nil }

// stale ends a series until its next sample.
var stale = math.Float64frombits(value.StaleNaN)
