package simulate

import (
	"math"
	"slices"
	"time"

	"slowburn/slo"
)

// ledger is what the rules of an SLO record of one of its groups, by arithmetic
// alone: running totals before now, and from then on what each minute brings.
// docs/rules.md has what happens where evaluations are missed.
type ledger struct {
	slo    *slo.SLO
	load   *Load
	past   past
	grown  map[time.Duration]events // totals since now
	counts map[time.Duration]bool   // when events were counted since now
	unsure float64                  // by how many events those may be off
	window time.Duration            // in which totals are looked for far back
}

// past is when rules were evaluated before an instant.
type past struct {
	now    time.Duration // the first evaluation that is watched
	missed []Span        // before it
}

// evaluated tells whether totals were recorded at an instant of the past.
func (p past) evaluated(at time.Duration) bool {
	return at < p.now && !slices.ContainsFunc(p.missed, func(s Span) bool { return s.has(at) })
}

// The bounds of docs/rules.md.
const (
	counting  = slo.SumInterval
	lookback  = 5 * time.Minute
	remembers = 3 * time.Hour
	farApart  = 6 * time.Hour
)

// events are how many there have been until an instant, that lies before the
// beginning of the simulation or in it.
func (l *ledger) events(at time.Duration) events {
	whole := *l.load
	whole.slices = nil
	sliced := l.load.slices
	if sliced == nil || at <= 0 {
		return whole.events(at)
	}
	before, since := whole.events(0), sliced.events(at)
	return events{before.good + since.good, before.bad + since.bad}
}

// seen is the last scrape until an instant; it is false where there was none
// within the look-back, or the target is gone.
func (l *ledger) seen(at time.Duration) (time.Duration, bool) {
	last := at
	for _, gone := range slices.Concat(l.load.Gone, l.load.Gaps) {
		if gone.has(at) {
			last = gone.From - 1
		}
	}
	return last, at-last < lookback
}

// minute is what an evaluation counts, if it counts anything, and by how many
// events that may be off.
func (l *ledger) minute(at time.Duration) (brought events, off float64, ok bool) {
	last, ok := l.seen(at)
	if _, before := l.seen(at - counting); !ok || !before {
		return events{}, 0, false
	}
	from := l.countedFrom(at)
	if l.slo.SLI.Slice() > 0 {
		brought = l.between(from, at)
		return brought, 0.001, brought.good+brought.bad > 0
	}
	earlier, _ := l.seen(from)
	brought, off = l.scraped(earlier, last)
	return brought, off, true
}

// between is what happened from one instant to another.
func (l *ledger) between(from, until time.Duration) events {
	a, b := l.events(from), l.events(until)
	return events{b.good - a.good, b.bad - a.bad}
}

// scraped is what scrapes tell of a time, and by how many events that may be
// off: both scrapes of a series may be an interval old, each counts whole events,
// and what a process counted after its last scrape is lost with it.
func (l *ledger) scraped(from, until time.Duration) (brought events, off float64) {
	scrape := l.slo.Service.ScrapeInterval
	young, old := l.between(from, until), l.between(from-scrape, until-scrape)
	brought = events{(young.good + old.good) / 2, (young.bad + old.bad) / 2}
	all := brought.good + brought.bad
	off = max(math.Abs(young.good-old.good), math.Abs(young.bad-old.bad))/2 + roundings + 0.001*all
	late := l.between(until-scrape, until)
	switch gaps := l.load.Gaps; {
	case l.load.Resets != nil:
		off = 0.6 * all
	case gaps != nil && until >= gaps[0].Until: // some instance is not scraped again yet
		missed := l.between(gaps[0].From, gaps[0].Until)
		off += missed.good + missed.bad
	case gaps != nil || (until-from)%scrape != 0: // the scrapes are not equally old
		off += late.good + late.bad
	}
	return brought, off
}

// native tells whether histograms are counted: they have no memory.
func (l *ledger) native() bool {
	return slices.ContainsFunc(l.slo.SLI.Streams(), func(s slo.Stream) bool { return s.Native != nil })
}

// countedFrom is since when an evaluation counts events: since the last one, to
// the second after up to six minutes, to half a minute after half an hour, on a
// grid of five minutes after three hours, and after that since a minute.
func (l *ledger) countedFrom(at time.Duration) time.Duration {
	last := at - counting
	happening := l.native() || l.slo.SLI.Slice() > 0 // what was not looked at in time is nowhere
	for happening && !l.counted(last) && at-last < 6*time.Minute {
		last -= counting
	}
	if happening {
		return last
	}
	for !l.counted(last) && at-last <= remembers+lookback {
		last -= counting
	}
	const half = counting / 2
	switch gap := at - last; {
	case gap <= 6*time.Minute:
		return last
	case gap < 6*time.Minute+30*time.Minute:
		return -floor(-last, counting) - half
	case gap <= remembers:
		return -floor(-last, lookback)
	}
	return at - counting
}

// counted tells whether events were counted at an instant: there was something to count.
func (l *ledger) counted(at time.Duration) bool {
	if at >= l.past.now {
		return l.counts[at]
	}
	_, seen := l.seen(at)
	_, before := l.seen(at - counting)
	return seen && before && l.past.evaluated(at)
}

// floor is the last multiple of a step until an instant, that may be negative.
func floor(at, step time.Duration) time.Duration {
	return at - (at%step+step)%step
}

// before is the last instant until another one at which rules may be evaluated.
func (p past) before(at time.Duration) time.Duration { return p.now + floor(at-p.now, counting) }

// total is a running total as it was recorded at an instant, if it was.
func (l *ledger) total(at time.Duration) (events, bool) {
	if at >= l.past.now {
		total, ok := l.grown[at]
		return total, ok
	}
	if !l.past.evaluated(at) {
		return events{}, false
	}
	return l.events(at), true
}

// latest is the total that was recorded last in a time before an instant.
func (l *ledger) latest(at, within time.Duration) (events, bool) {
	for t := at - counting; t > at-within; t -= counting {
		if total, ok := l.total(t); ok {
			return total, true
		}
	}
	return events{}, false
}

// far is the total at the last instant of the coarse grid, in a period before one.
func (l *ledger) far(at time.Duration) (events, bool) {
	for grid := floor(at, farApart); grid > at-l.window; grid -= farApart {
		if total, ok := l.total(l.past.before(grid)); ok {
			return total, true
		}
	}
	return events{}, false
}

// evaluate adds what an evaluation counts to the totals.
func (l *ledger) evaluate(at time.Duration) {
	brought, off, ok := l.minute(at)
	l.unsure += off
	if !ok {
		if total, ok := l.latest(at, lookback); ok {
			l.grown[at] = total
		}
		return
	}
	l.counts[at] = true
	before, ok := l.latest(at, remembers)
	if !ok {
		before, _ = l.far(at)
	}
	l.grown[at] = events{before.good + brought.good, before.bad + brought.bad}
}

// within is what the totals grew by in a window: since they were first recorded
// in it, up to three hours after its beginning, or last before it.
func (l *ledger) within(at, window time.Duration) (events, bool) {
	now, ok := l.total(at)
	if !ok {
		return events{}, false
	}
	begin := at - window
	for t := begin; t <= begin+min(window, remembers); t += counting {
		if first, ok := l.total(t); ok {
			return events{now.good - first.good, now.bad - first.bad}, true
		}
	}
	if last, ok := l.far(begin); ok {
		return events{now.good - last.good, now.bad - last.bad}, true
	}
	return now, true
}
