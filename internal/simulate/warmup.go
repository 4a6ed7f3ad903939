package simulate

import (
	"context"
	"sync"
	"time"

	"slowburn/internal/engine"
	"slowburn/slo"
)

// warmups are what rules record before anything happens. Scenarios of an SLO
// with the same traffic until then share it, since it takes longer to compute
// than all that comes after.
type warmups struct {
	mu   sync.Mutex
	each map[warmupKey]*warmup
}

type warmupKey struct {
	slo    *slo.SLO
	rate   float64
	errors string
	until  time.Duration
	late   bool
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
	first := s.Load.Phases[0]
	key := warmupKey{s.SLO, first.Rate, first.Errors.RatString(), s.Watch.From, s.Load.LateErrors}
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
		load := &Load{Phases: []Phase{first}, LateErrors: s.Load.LateErrors}
		crowd{s.SLO, load}.eachSeries(until, false, into(all))
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
