package main

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"slowburn/internal/engine"
)

const month = 30 * 24 * time.Hour

// traffics are the requests an hour that are compared.
var traffics = []float64{10, 50, 100, 500}

// study is rules, and where chance comes from.
type study struct {
	*subject
	seed uint64
}

// before is how long there is traffic before a month. In the second half of it
// the windows are full and rules are evaluated: an alert that fires as the month
// begins is not one of the month.
func (s *study) before() time.Duration { return 2 * s.tier().Long }

// run is one simulated month: traffic, and for each guard the times at which
// its alert fires, counted from the first scrape on.
func (s *study) run(t traffic, rng *rand.Rand) ([][]span, error) {
	storage := engine.NewStorage()
	t.length = s.before() + month
	t.fill(storage, rng)
	epoch := time.UnixMilli(0)
	result, err := engine.Run(context.Background(), s.plan, storage, engine.Options{
		Start:    epoch.Add(s.before() / 2),
		End:      epoch.Add(t.length - time.Millisecond),
		Interval: s.slos[0].Service.EvaluationInterval,
	})
	if err != nil {
		return nil, err
	}
	fired := make([][]span, len(guards))
	for _, a := range result.Alerts {
		for i, o := range s.slos {
			if a.Rule.Alert != o.AlertName(o.Tiers[0]) || a.Fired.IsZero() {
				continue
			}
			f := span{a.Fired.Sub(epoch), t.length}
			if !a.Ended.IsZero() {
				f.until = a.Ended.Sub(epoch)
			}
			fired[i] = append(fired[i], f)
		}
	}
	return fired, nil
}

// random is the source of a month. Whether series are born is no part of what
// it depends on, so that both ways of counting see the same requests.
func (s *study) random(purpose uint64, perHour float64, month int) *rand.Rand {
	return rand.New(rand.NewPCG(s.seed, purpose<<56|uint64(perHour)<<32|uint64(month)))
}

// What the random numbers are for.
const (
	forFalsePages = iota
	forOutages
)

// parallel does n things, as many at once as there are processors.
func parallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := range next {
				errs[i] = do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
