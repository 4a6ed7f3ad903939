package simulate

import (
	"slices"
	"time"

	"slowburn/slo"
)

// Tolerance is how far from the prediction an observation may lie: a scrape
// may see an error up to an interval late, an evaluation up to an interval
// after that; and a window of n scrapes spans n-1 intervals, so that it may
// cross its threshold a scrape early. Where events are few, the one that
// crosses the threshold may come later than a steady stream would. A window
// that is added up from sums lags by up to one of them.
type Tolerance struct{ Early, Late time.Duration }

func toleranceOf(s *Scenario, p Prediction) Tolerance {
	service := s.Service
	if s.Load == nil {
		return levelTolerance(s)
	}
	t := Tolerance{Early: service.ScrapeInterval + s.Slack, Late: service.ScrapeInterval + service.EvaluationInterval + s.Slack}
	if p.Burn != nil {
		t = t.of(*p.Burn, s.SLO)
	}
	load := s.Load
	if p.Of.load != nil {
		load = p.Of.load
	}
	if p.Lumpy && load.slices == nil {
		few := time.Duration(2 / load.worst(s.Watch.Until).errorRate * float64(time.Second))
		t.Early, t.Late = t.Early+few, t.Late+few
	}
	return t
}

// of is a tolerance with what an alert's windows and times add.
func (t Tolerance) of(a slo.BurnAlert, o *slo.SLO) Tolerance {
	if slices.ContainsFunc(a.Tiers, func(t slo.Tier) bool { return o.FromSums(t.Long) }) {
		t.Late += slo.SumInterval // what happened since the last sum is not in it
	}
	for _, wait := range []time.Duration{a.For(), a.KeepFiringFor()} {
		if wait > 0 { // it is counted from an evaluation to another
			t.Early, t.Late = t.Early+o.Service.EvaluationInterval, t.Late+o.Service.EvaluationInterval
		}
	}
	return t
}

// allowsLumps tells whether an alert was seen when it must fire, and only when
// it may, give or take interruptions.
func (t Tolerance) allowsLumps(p Prediction, observed []Span) bool {
	within := func(o Span) bool {
		return slices.ContainsFunc(p.Possible, func(s Span) bool { return o.From >= s.From-t.Early && o.Until <= s.Until+t.Late })
	}
	seen := func(s Span) bool {
		return slices.ContainsFunc(observed, func(o Span) bool { return o.From <= s.From+t.Late && o.Until >= s.From-t.Early })
	}
	return !slices.ContainsFunc(observed, func(o Span) bool { return !within(o) }) &&
		!slices.ContainsFunc(p.Certain, func(s Span) bool { return !seen(s) })
}

// allows tells whether an alert that was predicted for a span was seen in another.
func (t Tolerance) allows(predicted, observed Span) bool {
	near := func(p, o time.Duration) bool { return o >= p-t.Early && o <= p+t.Late }
	return near(predicted.From, observed.From) && near(predicted.Until, observed.Until)
}
