package simulate

import (
	"fmt"
	"math/big"
	"time"

	"slowburn/internal/spec"
	"slowburn/slo"
)

// Prediction is what arithmetic says that a tier's alert does in a scenario.
type Prediction struct {
	Tier  *slo.Tier
	Fires bool
	Why   string // it does not fire, or ""
	// FiresAfter is the time from the first error to the alert, ClearsAfter
	// that from the last error to its end; neither knows of scraping.
	FiresAfter, ClearsAfter time.Duration
}

// predict computes what a tier does under a load that was healthy before. It
// knows the spec's numbers and nothing of the rules.
func predict(o *slo.SLO, t *slo.Tier, load Load, errors *big.Rat) Prediction {
	p := Prediction{Tier: t}
	outage := load.Until - load.From
	detection, ok := t.Detection(errors)
	switch {
	case !ok:
		p.Why = fmt.Sprintf("its threshold of %s is never exceeded", spec.FormatPercent(t.Threshold()))
		return p
	case detection >= outage:
		p.Why = fmt.Sprintf("it needs %s", spec.FormatDuration(detection))
		return p
	}
	p.FiresAfter = detection
	if o.MinErrors > 0 {
		// The guard opens when so many bad events have happened.
		enough := time.Duration(float64(o.MinErrors) / (load.Rate * load.ErrorRatio) * float64(time.Second))
		if enough >= outage {
			p.Why = fmt.Sprintf("the guard needs %d bad events", o.MinErrors)
			return p
		}
		p.FiresAfter = max(detection, enough)
	}
	p.Fires = true
	p.ClearsAfter = t.Reset(errors)
	return p
}

// Tolerance is how far from the prediction an observation may lie: a scrape
// may see an error up to an interval late, an evaluation up to an interval
// after that; and a window of n scrapes spans n-1 intervals, so that it may
// cross its threshold a scrape early.
type Tolerance struct{ Early, Late time.Duration }

func toleranceOf(s *slo.Service) Tolerance {
	return Tolerance{Early: s.ScrapeInterval, Late: s.ScrapeInterval + s.EvaluationInterval}
}

func (t Tolerance) allows(predicted, observed time.Duration) bool {
	return observed >= predicted-t.Early && observed <= predicted+t.Late
}
