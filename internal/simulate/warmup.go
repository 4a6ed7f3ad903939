package simulate

import (
	"context"
	"fmt"
	"sync"
	"time"

	"slowburn/internal/engine"
	"slowburn/slo"
)

// warmups are what rules record before anything happens. Scenarios of an SLO
// with the same traffic of all its groups until then share it, since it takes
// longer to compute than all that comes after.
type warmups struct {
	mu   sync.Mutex
	each map[warmupKey]*warmup
}

type warmupKey struct {
	slo   *slo.SLO
	loads string // of each group
	until time.Duration
}

type warmup struct {
	once    sync.Once
	storage *engine.Storage
	err     error
}

// warmupKey is what scenarios that share a warm-up have in common.
func (s *Scenario) warmupKey() warmupKey {
	key := warmupKey{slo: s.SLO, until: s.Watch.From}
	for _, m := range s.membersBefore() {
		first := m.load.Phases[0]
		key.loads += fmt.Sprintln(first.Rate, first.Errors.RatString(), m.load.LateErrors)
	}
	return key
}

// warm is the last instant that counts as a warm-up: the next one at which rules
// are evaluated is the first of the watch.
func (s *Scenario) warm() time.Duration { return s.Watch.From - time.Millisecond }

// membersBefore are the groups of an SLO, with what happens to each before a
// scenario begins to be watched.
func (s *Scenario) membersBefore() []member {
	members := membersOf(s.SLO, s.Load)
	for i, m := range members {
		members[i].load = &Load{Phases: m.load.Phases[:1], LateErrors: m.load.LateErrors}
	}
	return members
}

// scrapedBefore are the series of an SLO before a scenario begins to be watched.
func (s *Scenario) scrapedBefore() *engine.Storage {
	storage := engine.NewStorage()
	eachSeriesOf(s.membersBefore(), s.SLO, s.warm(), nil, into(storage))
	return storage
}

// warmingUp says when rules are evaluated before a scenario begins to be
// watched: as far back as anything is read, and at no instant of the watch.
func (s *Scenario) warmingUp(opts Options) engine.Options {
	warming := s.watching(opts)
	warming.End, warming.History = start.Add(s.warm()), true
	return warming
}

// before is what the rules of a plan have recorded when a scenario begins to be
// watched.
func (ws *warmups) before(ctx context.Context, p proof) (*engine.Storage, error) {
	s := p.scenario
	key := s.warmupKey()
	ws.mu.Lock()
	w := ws.each[key]
	if w == nil {
		w = &warmup{}
		ws.each[key] = w
	}
	ws.mu.Unlock()
	w.once.Do(func() {
		all := s.scrapedBefore()
		_, w.err = engine.Run(ctx, p.plan, all, s.warmingUp(p.opts))
		w.storage = all.Without(s.scraped.metrics()) // what was scraped is much more, and each scenario has it
	})
	return w.storage, w.err
}
