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

// before is what the rules of a plan have recorded when a scenario begins to be
// watched.
func (ws *warmups) before(ctx context.Context, p proof) (*engine.Storage, error) {
	s := p.scenario
	members := membersOf(s.SLO, s.Load)
	key := warmupKey{slo: s.SLO, until: s.Watch.From}
	for i, m := range members {
		first := m.load.Phases[0]
		members[i].load = &Load{Phases: []Phase{first}, LateErrors: m.load.LateErrors}
		key.loads += fmt.Sprintln(first.Rate, first.Errors.RatString(), m.load.LateErrors)
	}
	ws.mu.Lock()
	w := ws.each[key]
	if w == nil {
		w = &warmup{}
		ws.each[key] = w
	}
	ws.mu.Unlock()
	w.once.Do(func() {
		all := engine.NewStorage()
		// The last instant before the watch is an evaluation interval earlier: nothing else is evaluated at none.
		until := s.Watch.From - time.Millisecond
		eachSeriesOf(members, s.SLO, until, false, into(all))
		_, w.err = engine.Run(ctx, p.plan, all, engine.Options{
			Start:      start.Add(s.Watch.From),
			End:        start.Add(until),
			Interval:   s.SLO.Service.EvaluationInterval,
			MaxSamples: p.opts.MaxSamples,
			History:    true,
		})
		w.storage = all.Without(s.scraped.metrics()) // what was scraped is much more, and each scenario has it
	})
	return w.storage, w.err
}
