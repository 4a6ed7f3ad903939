package simulate

import (
	"time"

	"slowburn/alerts"
)

// hold is what an alert makes of the spans in which its condition holds.
type hold struct {
	wait, keep, evaluation time.Duration
}

func holdOf(a *alerts.Alert) hold {
	return hold{a.For, a.KeepFiringFor, a.Service.EvaluationInterval}
}

// fires are the spans in which the alert fires: from the first evaluation that
// finds the condition true for long enough, until it has been false for long
// enough. Both are counted in whole evaluation intervals, from the first
// evaluation that finds it so; that one comes up to a scrape and an evaluation
// after the fact, which Tolerance allows for.
func (h hold) fires(holds []Span) []Span {
	wait, keep := h.whole(h.wait), h.whole(h.keep)
	var fires []Span
	for _, s := range holds {
		if n := len(fires); n > 0 && s.From <= fires[n-1].Until {
			fires[n-1].Until = s.Until + keep // it has not cleared since
			continue
		}
		if s.Length() > wait {
			fires = append(fires, Span{s.From + wait, s.Until + keep})
		}
	}
	return fires
}

// whole rounds up to whole evaluation intervals.
func (h hold) whole(d time.Duration) time.Duration {
	return (d + h.evaluation - 1) / h.evaluation * h.evaluation
}

// moved are spans that begin and end later.
func moved(spans []Span, begin, end time.Duration) []Span {
	var all []Span
	for _, s := range spans {
		if s = (Span{s.From + begin, s.Until + end}); s.Length() > 0 {
			all = append(all, s)
		}
	}
	return all
}
