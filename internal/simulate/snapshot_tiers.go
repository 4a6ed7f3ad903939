package simulate

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
	"slowburn/slo"
)

// The ratios of a snapshot are a little above and below a tier's threshold.
var (
	aboveIt = big.NewRat(105, 100)
	belowIt = big.NewRat(95, 100)
)

// tiers are the snapshots of an SLO's burn-rate alerts: the error ratios are
// given, a little above and below each threshold, and what the guard counts.
// Those of other SLOs burn all the time.
func tiers(o *slo.SLO) []*snapshot {
	var all []*snapshot
	for _, t := range o.Tiers {
		if t.Threshold().Cmp(everything) >= 0 {
			continue // it can never fire; check says so
		}
		window := func(long, short *big.Rat) map[time.Duration]float64 {
			ratios := map[time.Duration]float64{}
			for window, by := range map[time.Duration]*big.Rat{t.Short: short, t.Long: long} {
				ratios[window], _ = new(big.Rat).Mul(t.Threshold(), by).Float64()
			}
			return ratios
		}
		add := func(name string, ratios map[time.Duration]float64, errors int) {
			all = append(all, alight{o, ratios, errors}.snapshot(t.Name+": "+name))
		}
		const plenty = 1_000_000
		add("both windows are above", window(aboveIt, aboveIt), plenty)
		add("the long window is above", window(aboveIt, belowIt), plenty)
		add("the short window is above", window(belowIt, aboveIt), plenty)
		if o.MinErrors > 0 {
			add("no errors at all", window(aboveIt, aboveIt), 0)
		}
		if o.MinErrors > 0 && o.FromSums(t.Long) {
			add("just enough errors", window(aboveIt, aboveIt), o.MinErrors)
			add("one error less than enough", window(aboveIt, aboveIt), o.MinErrors-1)
		}
	}
	return all
}

// alight are the error ratios of a group, and how many errors each of the
// windows has that totals are read for.
type alight struct {
	slo    *slo.SLO
	ratios map[time.Duration]float64
	errors int
}

func (b alight) snapshot(name string) *snapshot {
	o := b.slo
	now := newBooks(o).now
	s := &snapshot{name: name, watch: Span{now, now}, interval: o.Service.EvaluationInterval}
	var names []string
	shares := mixed
	if b.errors == 0 {
		shares = spotless
	}
	load := newBooks(o).history(shares)
	load.LateErrors = false
	members := membersOf(o, load)
	for _, a := range alertsOf(o).Burn {
		names = append(names, a.Name)
		if !slices.ContainsFunc(a.Tiers, b.burns) {
			continue
		}
		set := labels.NewBuilder(labels.FromMap(a.LabelSet()))
		for _, l := range members[0].labels {
			set.Set(l.Name, l.Value)
		}
		if strings.Contains(fmt.Sprint(set.Labels()), "{{") {
			s.unsure = append(s.unsure, a.Name) // what a template makes of the value is not known
			continue
		}
		s.active = append(s.active, activeAlert{set.Labels()})
	}
	s.of = func(r *rulefile.Rule) bool { return slices.Contains(names, r.Alert) }
	s.given = func() *engine.Storage { return b.given(now, members) }
	return s
}

// burns tells whether the condition of a tier holds.
func (b alight) burns(t slo.Tier) bool {
	threshold, _ := t.Threshold().Float64()
	return b.ratios[t.Long] > threshold && b.ratios[t.Short] > threshold && b.errors >= b.slo.MinErrors
}

// given are the ratios of the group, those of the groups beside it, which are
// zero, and those of other SLOs, and the totals that the guard reads.
func (b alight) given(now time.Duration, members []member) *engine.Storage {
	o := b.slo
	storage := engine.NewStorage()
	crowd{o, members[0].load}.eachSeries(now, nil, into(storage))
	at := func(of labels.Labels, values map[time.Duration]float64) {
		var times []int64
		var all []float64
		for _, when := range slices.Sorted(maps.Keys(values)) {
			times, all = append(times, start.Add(when).UnixMilli()), append(all, values[when])
		}
		storage.Fill(of, times, all)
	}
	grows := func(errors float64) map[time.Duration]float64 {
		total := map[time.Duration]float64{now: 1e6 + errors}
		for _, w := range o.Windows() {
			total[now-w] = 1e6
		}
		return total
	}
	for _, w := range o.Windows() {
		for i, m := range members {
			ratio := 0.0
			if i == 0 {
				ratio = b.ratios[w]
			}
			at(series(slo.ErrorRatioMetric(w), o, m), map[time.Duration]float64{now: ratio})
		}
		for _, other := range others(o) {
			at(seriesOf(slo.ErrorRatioMetric(w), other, members[0]), map[time.Duration]float64{now: 0.99})
		}
	}
	at(series(slo.AllErrorsMetric, o, members[0]), grows(float64(b.errors)))
	for _, other := range others(o) {
		at(seriesOf(slo.AllErrorsMetric, other, members[0]), grows(1e6))
	}
	return storage
}
