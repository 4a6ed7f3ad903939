package engine

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
)

// Storage holds series in memory, for Prometheus' engine to query. It is filled
// and queried by one goroutine.
type Storage struct {
	all      []*series
	byMetric map[string][]*series
	byLabels map[uint64][]*series
	samples  int
}

// series are samples in order of time. A series without native histograms has no list of them.
type series struct {
	labels     labels.Labels
	times      []int64 // milliseconds
	values     []float64
	histograms []*histogram.FloatHistogram // nil where the sample is a float
	sums       *sums                       // made when a folded query needs them, dropped by a write
	written    *written                    // nil if no rule has written it
}

// written is what decides whether a rule's sample is too late for a series.
type written struct {
	given  []int64 // times of the samples that no rule wrote
	newest int64   // of the samples that rules wrote
	offset int64   // at which from its evaluation that was
}

// Stale ends a series until its next sample.
var Stale = math.Float64frombits(value.StaleNaN)

// NewStorage makes an empty storage.
func NewStorage() *Storage {
	return &Storage{byMetric: map[string][]*series{}, byLabels: map[uint64][]*series{}}
}

// Samples is the number of samples of all series.
func (s *Storage) Samples() int { return s.samples }

// String are all series with their samples, one below the other.
func (s *Storage) String() string {
	var b strings.Builder
	for _, of := range s.matching(nil) {
		fmt.Fprintf(&b, "%s =>\n", of.labels)
		for i := range of.times {
			switch p := of.point(i); {
			case p.h != nil:
				fmt.Fprintf(&b, "%s @[%d]\n", p.h, p.t)
			case value.IsStaleNaN(p.f):
				fmt.Fprintf(&b, "stale @[%d]\n", p.t)
			default:
				fmt.Fprintf(&b, "%v @[%d]\n", p.f, p.t)
			}
		}
	}
	return b.String()
}

// Append adds a sample at time t, in milliseconds, to a series, which is made
// if it is new. It fails as Prometheus' storage does if the series has another
// value at that time.
func (s *Storage) Append(lset labels.Labels, t int64, v float64) error {
	return s.append(s.series(lset), point{t: t, f: v})
}

// AppendHistogram does the same with a native histogram.
func (s *Storage) AppendHistogram(lset labels.Labels, t int64, h *histogram.FloatHistogram) error {
	return s.append(s.series(lset), point{t: t, h: h})
}

// point is a sample without its series.
type point struct {
	t int64
	f float64
	h *histogram.FloatHistogram // or nil
}

// append inserts a point where its time belongs. What is there already stays:
// of two rules that write one series at one time, the first wins, whichever is
// evaluated first over its whole range.
func (s *Storage) append(to *series, p point) error {
	if p.h != nil {
		if err := p.h.Validate(); err != nil {
			return err
		}
	}
	at := len(to.times)
	if at > 0 && to.times[at-1] >= p.t {
		at = to.search(p.t)
		if to.times[at] == p.t {
			if to.point(at).equal(p) {
				return nil
			}
			return storage.ErrDuplicateSampleForTimestamp
		}
	}
	if p.h != nil {
		var before point
		if at > 0 {
			before = to.point(at - 1)
		}
		p.h = asStored(before, p.h)
	}
	to.times = slices.Insert(to.times, at, p.t)
	to.values = slices.Insert(to.values, at, p.f)
	if p.h != nil && to.histograms == nil {
		to.histograms = make([]*histogram.FloatHistogram, len(to.values)-1, len(to.values))
	}
	if to.histograms != nil {
		to.histograms = slices.Insert(to.histograms, at, p.h)
	}
	to.sums = nil
	s.samples++
	return nil
}

// write appends what a rule writes at an offset from its evaluation. A sample
// older than what the series had at the evaluation is out of order, as it is in
// Prometheus: another rule wrote that at a lesser offset, or it was given.
func (s *Storage) write(to *series, p point, offset int64) error {
	if to.written == nil {
		to.written = &written{given: slices.Clone(to.times), newest: math.MinInt64}
	}
	w := to.written
	next := sort.Search(len(w.given), func(i int) bool { return w.given[i] > p.t })
	if w.newest > p.t && w.offset != offset || next < len(w.given) && w.given[next] <= p.t+offset {
		return storage.ErrOutOfOrderSample
	}
	if err := s.append(to, p); err != nil {
		return err
	}
	if p.t >= w.newest {
		w.newest, w.offset = p.t, offset
	}
	return nil
}

func (p point) equal(q point) bool {
	if p.h != nil || q.h != nil {
		return p.h != nil && q.h != nil && p.h.Equals(q.h)
	}
	return math.Float64bits(p.f) == math.Float64bits(q.f)
}

// series finds a series, or makes it.
func (s *Storage) series(lset labels.Labels) *series {
	hash := lset.Hash()
	for _, known := range s.byLabels[hash] {
		if labels.Equal(known.labels, lset) {
			return known
		}
	}
	made := &series{labels: lset}
	s.all = append(s.all, made)
	s.byLabels[hash] = append(s.byLabels[hash], made)
	name := lset.Get(model.MetricNameLabel)
	s.byMetric[name] = append(s.byMetric[name], made)
	return made
}

// matching are the series that matchers select, sorted by labels.
func (s *Storage) matching(matchers []*labels.Matcher) []*series {
	among := s.all
	for _, m := range matchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual && m.Value != "" {
			among = s.byMetric[m.Value]
		}
	}
	var found []*series
	for _, of := range among {
		if len(of.times) > 0 && matchesAll(matchers, of.labels) {
			found = append(found, of)
		}
	}
	slices.SortFunc(found, func(a, b *series) int { return labels.Compare(a.labels, b.labels) })
	return found
}

func matchesAll(matchers []*labels.Matcher, lset labels.Labels) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(lset.Get(m.Name)) })
}

// grow makes room for more samples.
func (of *series) grow(samples int) {
	of.times = slices.Grow(of.times, samples)
	of.values = slices.Grow(of.values, samples)
}

// search is the index of the first sample at or after t.
func (of *series) search(t int64) int {
	return sort.Search(len(of.times), func(i int) bool { return of.times[i] >= t })
}

func (of *series) point(i int) point {
	p := point{t: of.times[i], f: of.values[i]}
	if of.histograms != nil {
		p.h = of.histograms[i]
	}
	return p
}

// within is the part of a series in [mint, maxt], or nil where that is empty.
func (of *series) within(mint, maxt int64) *series {
	from, to := of.search(mint), of.search(maxt)
	if to < len(of.times) && of.times[to] == maxt {
		to++
	}
	if from >= to {
		return nil
	}
	part := &series{labels: of.labels, times: of.times[from:to], values: of.values[from:to]}
	if of.histograms != nil {
		part.histograms = of.histograms[from:to]
	}
	return part
}

// Querier implements storage.Queryable.
func (s *Storage) Querier(mint, maxt int64) (storage.Querier, error) {
	return &querier{storage: s, mint: mint, maxt: maxt}, nil
}

// until is a storage as it was at a time: nothing in it is younger.
type until struct {
	*Storage
	t int64
}

// Querier implements storage.Queryable.
func (u until) Querier(mint, maxt int64) (storage.Querier, error) {
	return u.Storage.Querier(mint, min(maxt, u.t))
}

type querier struct {
	noLabels
	storage    *Storage
	mint, maxt int64
}

// Select implements storage.Querier.
func (q *querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found []storage.Series
	for _, of := range q.storage.matching(matchers) {
		if part := of.within(q.mint, q.maxt); part != nil {
			found = append(found, part)
		}
	}
	return &seriesSet{series: found}
}

// Fill adds samples, in order of time, to a series that has none. One that is
// there already stays as it is.
func (s *Storage) Fill(lset labels.Labels, times []int64, values []float64) {
	if to := s.series(lset); len(to.times) == 0 {
		to.times, to.values = times, values
		s.samples += len(times)
	}
}

// FillHistograms does the same with native histograms; one that is nil ends the
// series, as Stale does.
func (s *Storage) FillHistograms(lset labels.Labels, times []int64, histograms []*histogram.FloatHistogram) {
	to := s.series(lset)
	if len(to.times) > 0 {
		return
	}
	to.times, to.values, to.histograms = times, make([]float64, len(times)), make([]*histogram.FloatHistogram, len(times))
	var before point
	for i, h := range histograms {
		if h == nil {
			to.values[i] = Stale
		} else {
			to.histograms[i] = asStored(before, h)
		}
		before = to.point(i)
	}
	s.samples += len(times)
}

// Without are the series of all other metrics, as a storage of its own.
func (s *Storage) Without(metrics []string) *Storage {
	return s.where(func(metric string) bool { return !slices.Contains(metrics, metric) })
}

// Only are the series of some metrics, as a storage of its own.
func (s *Storage) Only(metrics []string) *Storage {
	return s.where(func(metric string) bool { return slices.Contains(metrics, metric) })
}

func (s *Storage) where(wanted func(metric string) bool) *Storage {
	part := NewStorage()
	for _, of := range s.all {
		if !wanted(of.labels.Get(model.MetricNameLabel)) {
			continue
		}
		to := part.series(of.labels)
		to.times, to.values, to.histograms = slices.Clip(of.times), slices.Clip(of.values), slices.Clip(of.histograms)
		part.samples += len(of.times)
	}
	return part
}

// Adopt takes over the series of another storage that this one does not have.
// Neither changes what the other one holds.
func (s *Storage) Adopt(other *Storage) {
	for _, of := range other.all {
		to := s.series(of.labels)
		if len(to.times) > 0 {
			continue
		}
		to.times, to.values, to.histograms = slices.Clip(of.times), slices.Clip(of.values), slices.Clip(of.histograms)
		s.samples += len(to.times)
	}
}
