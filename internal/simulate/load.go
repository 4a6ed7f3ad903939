package simulate

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
	"slowburn/internal/expr"
	"slowburn/slo"
)

// Load is the traffic that a service sees in a scenario: events at a steady
// rate, a share of which is bad between two instants.
type Load struct {
	Rate       float64 // events a second, over all instances
	ErrorRatio float64 // of the events from From to Until
	From       time.Duration
	Until      time.Duration
}

// counts are the good and bad events up to an instant.
func (l Load) counts(at time.Duration) (good, bad float64) {
	affected := max(min(at, l.Until)-l.From, 0)
	bad = l.Rate * l.ErrorRatio * affected.Seconds()
	return l.Rate*at.Seconds() - bad, bad
}

// Synthetic series imitate two instances that are scraped at different moments,
// and several statuses: what a selector forgets to add up shows.
var instances = []instance{{"a.example:9090", 0.6, 0}, {"b.example:9090", 0.4, 11 * time.Second}}

type instance struct {
	name  string
	share float64       // of the traffic
	phase time.Duration // of its scrapes
}

// statusShares spread an instance's events over series of different labels.
var statusShares = []float64{0.7, 0.2, 0.1}

// target is a service under a load.
type target struct {
	slo      *slo.SLO
	interval time.Duration // between scrapes
	end      time.Duration
}

// start is the instant 0 of every simulation. Any would do.
var start = time.Unix(0, 0).UTC()

// fill appends the samples of every scrape of the SLO's streams under a load,
// and those of decoys: the same metrics with one label off, failing completely
// all the time, which no selector may count.
func (t target) fill(s *engine.Storage, load Load) error {
	streams := t.slo.SLI.Streams()
	for _, stream := range streams {
		if err := t.fillStream(s, stream, load); err != nil {
			return err
		}
	}
	always := Load{Rate: load.Rate, ErrorRatio: 1, Until: math.MaxInt64}
	for _, decoy := range decoys(streams) {
		// Where no value is off, there is nothing to mistake for the real thing.
		_ = t.fillStream(s, decoy, always)
	}
	return nil
}

func (t target) fillStream(s *engine.Storage, stream slo.Stream, load Load) error {
	sets, err := t.labelSets(stream)
	if err != nil {
		return err
	}
	for _, on := range instances {
		for i, set := range sets {
			share := on.share * normal(statusShares[:len(sets)])[i]
			b := labels.NewBuilder(set)
			if set.Get("instance") == "" {
				b.Set("instance", on.name)
			}
			lset := b.Labels()
			for at := on.phase; at <= t.end; at += t.interval {
				good, bad := load.counts(at)
				// Counters count whole events; what is a sum of seconds is none.
				n := math.Floor(good*share)*stream.PerGood + math.Floor(bad*share)*stream.PerBad
				if err := s.Append(lset, start.Add(at).UnixMilli(), n); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

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

// labelSets are up to three sets of labels that a stream's matchers accept,
// which differ in every label that may differ.
func (t target) labelSets(stream slo.Stream) ([]labels.Labels, error) {
	match, err := excluding(stream, t.slo.Service.Catalogue)
	if err != nil {
		return nil, err
	}
	byName := map[string][]*labels.Matcher{}
	for _, name := range t.slo.Service.Catalogue.Labels(stream.Metric) {
		if name != labels.BucketLabel {
			byName[name] = nil // not matched, but the real series have it
		}
	}
	for _, m := range match {
		byName[m.Name] = append(byName[m.Name], m)
	}
	names := slices.Sorted(maps.Keys(byName))
	values := map[string][]string{}
	most := 1
	for _, name := range names {
		found := witnesses(t.slo.Service.Catalogue.Values(stream.Metric, name), byName[name])
		if len(found) == 0 {
			return nil, fmt.Errorf("no value of label %s satisfies %v", name, byName[name])
		}
		values[name] = found
		most = max(most, len(found))
	}
	var sets []labels.Labels
	for i := range min(most, len(statusShares)) {
		b := labels.NewBuilder(labels.FromStrings(model.MetricNameLabel, stream.Metric))
		for _, name := range names {
			b.Set(name, values[name][i%len(values[name])])
		}
		if stream.Le != "" {
			b.Set(labels.BucketLabel, stream.Le)
		}
		sets = append(sets, b.Labels())
	}
	return slices.CompactFunc(sets, labels.Equal), nil
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
