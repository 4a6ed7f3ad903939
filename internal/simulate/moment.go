package simulate

import (
	"slices"
	"time"
)

// events are how many good and bad ones there have been.
type events struct{ good, bad float64 }

// moment is what a scrape finds, the same for all series of an instance.
type moment struct {
	at     time.Duration
	gone   bool   // there is no target
	events        // since the beginning
	before events // those that the processes before the present one have counted
}

// moments are the scrapes that take place, an interval apart.
func (t target) moments(phase time.Duration) []moment {
	if known, ok := t.seen[phase]; ok {
		return known
	}
	all := make([]moment, 0, max(0, int((t.end-phase)/t.service.ScrapeInterval))+1)
	for at := phase; at <= t.end; at += t.service.ScrapeInterval {
		in := func(s Span) bool { return s.has(at) }
		if slices.ContainsFunc(t.load.Gaps, in) {
			continue
		}
		m := moment{at: at, gone: slices.ContainsFunc(t.load.Gone, in), events: t.load.events(at)}
		if born, ok := t.load.born(at); ok {
			m.before = t.load.events(born)
		}
		all = append(all, m)
	}
	t.seen[phase] = all
	return all
}

func (l *Load) events(at time.Duration) events {
	bad := l.bad(at)
	return events{l.total(at) - bad, bad}
}

// born is when the processes began that run at an instant, if others ran before.
func (l *Load) born(at time.Duration) (time.Duration, bool) {
	born, found := time.Duration(0), false
	for _, r := range l.Resets {
		if r <= at {
			born, found = max(born, r), true
		}
	}
	for _, g := range l.Gone {
		if g.Until <= at {
			born, found = max(born, g.Until), true
		}
	}
	return born, found
}
