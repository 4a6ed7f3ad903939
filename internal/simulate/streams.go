package simulate

import (
	"fmt"
	"maps"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/expr"
	"slowburn/slo"
)

// labelSets are up to three sets of labels that a stream's matchers accept,
// which differ in every label that may differ.
func (t target) labelSets(stream slo.Stream) ([]labels.Labels, error) {
	match, err := excluding(stream, t.service.Catalogue)
	if err != nil {
		return nil, err
	}
	byName := map[string][]*labels.Matcher{}
	for _, name := range t.service.Catalogue.Labels(stream.Metric) {
		if name != labels.BucketLabel {
			byName[name] = nil // not matched, but the real series have it
		}
	}
	for _, m := range slices.Concat(match, t.pins) {
		byName[m.Name] = append(byName[m.Name], m)
	}
	names := slices.Sorted(maps.Keys(byName))
	values := map[string][]string{}
	most := 1
	for _, name := range names {
		found := witnesses(t.service.Catalogue.Values(stream.Metric, name), byName[name])
		if len(found) == 0 {
			return nil, fmt.Errorf("no value of label %s satisfies %v", name, byName[name])
		}
		values[name] = found
		most = max(most, len(found))
	}
	var sets []labels.Labels
	for i := range min(most, len(setShares)) {
		b := labels.NewBuilder(labels.FromStrings(model.MetricNameLabel, stream.Metric))
		for _, name := range names {
			b.Set(name, spread(values[name], i))
		}
		if stream.Le != "" {
			b.Set(labels.BucketLabel, stream.Le)
		}
		sets = append(sets, b.Labels())
	}
	return slices.CompactFunc(sets, labels.Equal), nil
}

// spread picks the first, the last and the middle one, so that a status of a
// kind of its own (404 among 200, 201, 204) is among three.
func spread(values []string, i int) string {
	n := len(values)
	return values[[]int{0, n - 1, n / 2}[i%3]%n]
}

// excluding are matchers for the stream's series: those that it must match, and
// the opposite of one of those that it must not match all at once.
func excluding(stream slo.Stream, c *slo.Catalogue) ([]*labels.Matcher, error) {
	if len(stream.NoMatch) == 0 {
		return stream.Match, nil
	}
	for _, m := range stream.NoMatch {
		match := append(slices.Clone(stream.Match), expr.Not(m))
		of := slices.DeleteFunc(slices.Clone(match), func(o *labels.Matcher) bool { return o.Name != m.Name })
		if len(witnesses(c.Values(stream.Metric, m.Name), of)) > 0 {
			return match, nil
		}
	}
	return nil, fmt.Errorf("every series that matches %v matches %v too: nothing is left", stream.Match, stream.NoMatch)
}

// decoys are the streams with each matcher turned into its opposite, one at a time.
func decoys(streams []slo.Stream) []slo.Stream {
	var all []slo.Stream
	shared := slices.Clone(streams[0].Match)
	for _, s := range streams[1:] {
		shared = slices.DeleteFunc(shared, func(m *labels.Matcher) bool {
			return !slices.ContainsFunc(s.Match, func(o *labels.Matcher) bool { return o.String() == m.String() })
		})
	}
	for _, m := range shared {
		for _, s := range streams {
			s.Match = slices.Clone(s.Match)
			i := slices.IndexFunc(s.Match, func(o *labels.Matcher) bool { return o.String() == m.String() })
			s.Match[i] = expr.Not(m)
			all = append(all, s)
		}
	}
	return all
}
