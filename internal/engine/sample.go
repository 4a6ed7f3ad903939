package engine

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
)

// Sample is the value of a series at an instant.
type Sample struct {
	Labels labels.Labels
	Value  float64
}

// At are the samples that series of a metric have at just this time, in
// milliseconds, sorted by labels. Those that end a series are none.
func (s *Storage) At(metric string, t int64) []Sample {
	var samples []Sample
	for _, of := range s.matching([]*labels.Matcher{labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, metric)}) {
		i := of.search(t)
		if i < len(of.times) && of.times[i] == t && !value.IsStaleNaN(of.values[i]) {
			samples = append(samples, Sample{of.labels, of.values[i]})
		}
	}
	return samples
}

// Same tells whether two storages have the same series of some metrics, to the last bit.
func Same(a, b *Storage, metrics []string) bool {
	for _, metric := range metrics {
		named := []*labels.Matcher{labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, metric)}
		if !slices.EqualFunc(a.matching(named), b.matching(named), sameSeries) {
			return false
		}
	}
	return true
}

func sameSeries(a, b *series) bool {
	if !labels.Equal(a.labels, b.labels) || !slices.Equal(a.times, b.times) {
		return false
	}
	for i := range a.times {
		if !a.point(i).equal(b.point(i)) {
			return false
		}
	}
	return true
}
