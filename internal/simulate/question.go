package simulate

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"slowburn/internal/spec"
	"slowburn/slo"
)

// condition is what an alert asks of events: that in both windows more than the
// threshold's share of them were bad, and that there were enough in the long one.
type condition struct {
	long, short time.Duration // short is 0 where one window decides
	threshold   *big.Rat
	minErrors   int // at least so many bad events
	minEvents   int // more events than that
	scrape      time.Duration
	fromSums    func(window time.Duration) bool // which windows are added up
}

// burning is the condition of a tier.
func burning(o *slo.SLO, t *slo.Tier) condition {
	return condition{long: t.Long, short: t.Short, threshold: t.Threshold(), minErrors: o.MinErrors, scrape: o.Service.ScrapeInterval, fromSums: o.FromSums}
}

// shortest is the shorter one of the windows.
func (c condition) shortest() time.Duration {
	if c.short == 0 {
		return c.long
	}
	return min(c.long, c.short)
}

// question is when a condition holds under a load.
type question struct {
	condition
	load   *Load
	watch  Span
	shrink time.Duration // of the windows
	more   float64       // bad events in every window
	scale  float64       // of bad events, where they are few; 0 for 1
	// late means that windows which are added up may be late by a sum: then
	// both count, the one that makes the alert fire and the one that does not.
	late func(now, before float64) float64
}

// roundings is how many events the counters of one kind of event may lack
// together: each series less than one.
const roundings = 8

// eager is the question that is answered yes as soon as scraping can make it
// so: a window of n scrapes spans n-1 intervals, and good events get lost in
// rounding.
func (q question) eager() question {
	if q.load.slices != nil {
		q.late = math.Max
		return q
	}
	q.shrink = min(q.scrape, q.shortest()/2)
	q.more = q.slack()
	if q.lumpy() {
		q.scale = 1 + lump
	}
	return q
}

// reluctant is the question that is answered yes only if scraping cannot
// prevent it: the errors of the first scrape are lost, and bad events to rounding.
func (q question) reluctant() question {
	if q.load.slices != nil {
		q.late = math.Min
		return q
	}
	q.more = -q.slack()
	if q.lumpy() {
		q.scale = 1 - lump
	}
	q.load = q.load.shortened(q.scrape)
	return q
}

// lump is by what share few events may be off when their growth is extrapolated
// to a window, the ends of which they do not reach.
const lump = 0.15

// lumpy tells whether bad events come steadily, and are told apart.
func (q question) lumpy() bool {
	if q.load.slices != nil {
		return q.load.slices.partly
	}
	return q.load.total(q.watch.Until) <= maxTold && q.load.bad(q.watch.Until) > q.load.failures(q.watch.Until)
}

// scaled is a number of bad events as the question counts it.
func (q question) scaled(bad float64) float64 {
	if q.scale != 0 {
		bad *= q.scale
	}
	return bad
}

// slack is by how many bad events a window may be off. A few events are told
// apart and none of them is lost; then it is off by those at its edges.
func (q question) slack() float64 {
	switch {
	case q.load.bad(q.watch.Until) == 0:
		return 0 // none that could be lost
	case q.load.total(q.watch.Until) > maxTold:
		return roundings
	}
	threshold, _ := q.threshold.Float64()
	if len(q.load.Failures) > 0 {
		return 2 * threshold // only what they are compared with is uncertain
	}
	return 1.5 + 2*threshold
}

// shortened is the load with every time of errors beginning later.
func (l *Load) shortened(by time.Duration) *Load {
	shorter := *l
	shorter.Phases = slices.Clone(l.Phases)
	for i := 1; i < len(l.Phases); i++ {
		if l.Phases[i].Errors.Cmp(l.Phases[i-1].Errors) > 0 {
			shorter.Phases[i].From += by
			if i+1 < len(l.Phases) { // errors that end before that are not seen at all
				shorter.Phases[i].From = min(shorter.Phases[i].From, l.Phases[i+1].From)
			}
		}
	}
	slices.SortStableFunc(shorter.Phases, func(a, b Phase) int { return cmp.Compare(a.From, b.From) })
	return &shorter
}

// answer are the spans in which the condition holds. Every term of it is linear
// in time between two instants at which the load, seen through one edge of a
// window, changes.
func (q question) answer() []Span {
	if q.threshold.Cmp(everything) >= 0 {
		return nil // more than all of the events cannot be bad
	}
	var spans []Span
	changes := q.changes()
	for i := range len(changes) - 1 {
		piece := Span{changes[i], changes[i+1]}
		held := piece
		for _, term := range q.terms() {
			held = positive(term, piece, held)
		}
		if held.Length() <= 0 {
			continue
		}
		if n := len(spans); n > 0 && spans[n-1].Until == held.From {
			spans[n-1].Until = held.Until
			continue
		}
		spans = append(spans, held)
	}
	return spans
}

// changes are the instants between which everything is linear, ascending.
func (q question) changes() []time.Duration {
	at := []time.Duration{q.watch.From, q.watch.Until}
	add := func(when time.Duration) {
		for _, w := range []time.Duration{0, q.short - q.shrink, q.long - q.shrink} {
			if t := when + w; t > q.watch.From && t < q.watch.Until {
				at = append(at, t)
			}
		}
	}
	for _, p := range q.load.Phases {
		add(p.From)
	}
	for _, f := range q.load.Failures {
		add(f)
	}
	if s := q.load.slices; s != nil {
		first := q.watch.From - max(q.long, q.short)
		for end := max(0, first).Truncate(s.length); end <= q.watch.Until; end += s.length {
			add(end)
			add(end + slo.SumInterval) // to windows that are late by one
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// term is a part of the condition, which holds while it is positive. It is
// asked for the limits from above and from below, since single failures make it jump.
type term func(at time.Duration, below bool) float64

func (q question) terms() []term {
	threshold, _ := q.threshold.Float64()
	burning := func(window time.Duration) term {
		burns := func(at time.Duration, below bool) float64 {
			bad, total := q.counted(at, window-q.shrink, below)
			return q.scaled(bad) + q.more - threshold*total
		}
		if q.late == nil || !q.fromSums(window) {
			return burns
		}
		return func(at time.Duration, below bool) float64 {
			return q.late(burns(at, below), burns(at-slo.SumInterval, below))
		}
	}
	terms := []term{burning(q.long)}
	if q.short > 0 {
		terms = append(terms, burning(q.short))
	}
	if q.minErrors > 0 {
		terms = append(terms, func(at time.Duration, below bool) float64 {
			bad, _ := q.counted(at, q.long, below)
			if q.scale != 0 {
				bad = q.scaled(bad) + q.more // a window may hold one more or less than it has on average
			}
			return bad - float64(q.minErrors) + enough
		})
	}
	if q.minEvents > 0 {
		terms = append(terms, func(at time.Duration, below bool) float64 {
			_, total := q.counted(at, q.long, below)
			return total - float64(q.minEvents)
		})
	}
	return terms
}

// enough makes "at least" of "more than".
const enough = 1e-6

// counted is what happened in the window that ends at an instant.
func (q question) counted(at, window time.Duration, below bool) (bad, total float64) {
	begin := at - window
	if below { // a nanosecond earlier: jumps at the instant have not happened yet
		at, begin = at-1, begin-1
	}
	return q.load.bad(at) - q.load.bad(begin), q.load.total(at) - q.load.total(begin)
}

// positive is the part of held in which a term is positive, being linear over a piece.
func positive(f term, piece, held Span) Span {
	a, b := f(piece.From, false), f(piece.Until, true)
	if a <= 0 && b <= 0 {
		return Span{}
	}
	crossing := piece.From
	if a != b {
		crossing += time.Duration(float64(piece.Length()) * (a / (a - b)))
	}
	switch {
	case a <= 0:
		held.From = max(held.From, crossing)
	case b <= 0:
		held.Until = min(held.Until, crossing)
	}
	return held
}

// reason says why the alert does not fire.
func (q question) reason() string {
	threshold := q.threshold
	worst := q.load.worst(q.watch.Until)
	unguarded := q
	unguarded.minErrors = 0
	busy := q
	busy.minEvents = 0
	switch {
	case len(unguarded.answer()) > 0:
		return fmt.Sprintf("the guard needs %d bad events", q.minErrors)
	case len(busy.answer()) > 0:
		return fmt.Sprintf("the guard needs more than %d events", q.minEvents)
	case len(q.load.Failures) > 0:
		return fmt.Sprintf("one failure among so many events stays below %s", spec.FormatPercent(threshold))
	case worst.Errors.Sign() == 0:
		return "there are no errors"
	case worst.Errors.Cmp(threshold) <= 0:
		return fmt.Sprintf("its threshold of %s is never exceeded", spec.FormatPercent(threshold))
	case q.load.slices != nil:
		return fmt.Sprintf("it needs %s", countSlices(slicesAt(q.condition, q.load.slices.length)+1, q.load.slices.length))
	default:
		share, _ := new(big.Rat).Quo(threshold, worst.Errors).Float64()
		return fmt.Sprintf("it needs %s", spec.FormatDuration(time.Duration(share*float64(max(q.long, q.short))+0.5)))
	}
}
