package simulate

import (
	"encoding/binary"
	"math"
	"math/big"
	"time"

	"slowburn/slo"
)

// recipe are all numbers that something follows from, as a key by which it is
// found again: two SLOs with the same objective, tiers and intervals differ in
// names alone.
type recipe []byte

func (r recipe) number(v int64) recipe { return binary.AppendVarint(r, v) }

func (r recipe) float(v float64) recipe {
	return binary.LittleEndian.AppendUint64(r, math.Float64bits(v))
}

func (r recipe) ratio(v *big.Rat) recipe {
	if v == nil {
		return append(r, 0)
	}
	for _, part := range []*big.Int{v.Num(), v.Denom()} {
		digits := part.Bytes()
		r = append(r.number(int64(part.Sign())).number(int64(len(digits))), digits...)
	}
	return r
}

func (r recipe) flag(v bool) recipe {
	if v {
		return append(r, 1)
	}
	return append(r, 0)
}

func (r recipe) times(all []time.Duration) recipe {
	r = r.number(int64(len(all)))
	for _, at := range all {
		r = r.number(int64(at))
	}
	return r
}

func (r recipe) spans(all []Span) recipe {
	r = r.number(int64(len(all)))
	for _, s := range all {
		r = r.number(int64(s.From)).number(int64(s.Until))
	}
	return r
}

// load are the numbers of a load. There are none where events are slices of
// time, which are cut for each SLO.
func (r recipe) load(l *Load) (recipe, bool) {
	if l.slices != nil {
		return nil, false
	}
	r = r.flag(l.LateErrors).flag(l.LateSuccesses).flag(l.Alone).number(int64(len(l.Phases)))
	for _, p := range l.Phases {
		r = r.number(int64(p.From)).float(p.Rate).float(p.errorRate).ratio(p.Errors)
	}
	return r.times(l.Failures).times(l.Resets).spans(l.Gaps).spans(l.Gone), true
}

// alert are the numbers of a burn-rate alert.
func (r recipe) alert(o *slo.SLO, a *slo.BurnAlert) recipe {
	r = r.number(int64(o.MinErrors)).times([]time.Duration{o.Service.ScrapeInterval, o.Service.EvaluationInterval})
	r = r.number(int64(len(a.Tiers)))
	for _, t := range a.Tiers {
		r = r.times([]time.Duration{t.Long, t.Short, t.Period, t.For, t.KeepFiringFor}).ratio(t.Share).ratio(t.Budget)
	}
	return r
}

// of is with what the n-th series of a stream follows from besides; there is
// nothing for gauges and histograms.
func (r recipe) of(stream slo.Stream, n int, shares []float64) (string, bool) {
	if stream.Gauge != nil || stream.Native != nil {
		return "", false
	}
	r = r.float(stream.PerGood).float(stream.PerBad).number(int64(n))
	for _, share := range shares {
		r = r.float(share)
	}
	return string(r), true
}
