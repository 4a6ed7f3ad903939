package differential

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/teststorage"

	"slowburn/internal/engine"
	"slowburn/internal/engine/enginetest"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
)

// outcomes is what an evaluation did, in words that can be compared.
type outcomes struct {
	series   map[string][]string // samples, by labels
	observed []map[spot][]string
	errors   map[spot]failure // the first of each rule
}

// spot is that of a rule in its file.
type spot struct{ group, index int }

func spotOf(r *rulefile.Rule) spot { return spot{r.Group, r.Index} }

type failure struct {
	at  int64 // milliseconds
	err error
}

// upstream evaluates rules as Prometheus and promtool do: with its rule manager
// and its storage, instant by instant. Unlike promtool it goes on after an
// error, since of several errors ours finds the one of the first block, which
// need not be the earliest.
func upstream(t testing.TB, w world, plan *engine.Plan) outcomes {
	t.Helper()
	db, err := teststorage.NewWithError()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	u := &witness{world: w, t: t, db: db}
	groups := u.load(plan)
	got := outcomes{errors: map[spot]failure{}}
	for _, at := range w.instants() {
		u.appendUntil(at.UnixMilli())
		for _, g := range groups {
			if at.Sub(w.opts.Start)%g.interval == 0 {
				g.Eval(context.Background(), at)
				g.note(at, got.errors)
			}
		}
		got.observed = append(got.observed, observe(groups))
	}
	u.appendUntil(math.MaxInt64)
	got.series = seriesOf(t, db)
	return got
}

type witness struct {
	world
	t    testing.TB
	db   *teststorage.TestStorage
	done []int // how many samples of each series are in the storage
}

// group is one of upstream's with its place in the file. (The interval that it
// knows is not that of a test which ignores it.)
type group struct {
	*rules.Group
	index    int
	interval time.Duration
}

// load makes upstream's groups, in the order of a plan.
func (u *witness) load(plan *engine.Plan) []group {
	dir, err := os.MkdirTemp("", "rules")
	if err != nil {
		u.t.Fatal(err)
	}
	defer os.RemoveAll(dir) // now, not when a fuzzer is through
	file := filepath.Join(dir, "rules.yaml")
	if err := os.WriteFile(file, []byte(u.text), 0o600); err != nil {
		u.t.Fatal(err)
	}
	m := rules.NewManager(&rules.ManagerOptions{
		QueryFunc:  rules.EngineQueryFunc(engine.Queries(engine.DefaultMaxSamples, u.opts.Interval), sorted{u.db}),
		Appendable: u.db,
		Context:    context.Background(),
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
		Parser:     expr.Parser,
	})
	loaded, errs := m.LoadGroups(u.opts.Interval, u.opts.ExternalLabels, u.opts.ExternalURL, nil, false, file)
	if len(errs) > 0 {
		u.t.Fatalf("%v\n%s", errs, u.text)
	}
	var groups []group
	for _, r := range slices.Concat(plan.Order()...) {
		if n := len(groups); n > 0 && groups[n-1].index == r.Group {
			continue
		}
		of := u.groups[r.Group]
		g := group{loaded[rules.GroupKey(file, of.Name)], r.Group, u.interval(of)}
		for _, rule := range g.Rules() {
			if a, ok := rule.(*rules.AlertingRule); ok {
				a.SetRestored(true) // or there would be no ALERTS
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// sorted is a storage that hands out series in the order of their labels. Sums
// of floats depend on the order, and Prometheus' storage has that of creation.
type sorted struct{ storage.Queryable }

func (s sorted) Querier(mint, maxt int64) (storage.Querier, error) {
	q, err := s.Queryable.Querier(mint, maxt)
	return sortedQuerier{q}, err
}

type sortedQuerier struct{ storage.Querier }

func (q sortedQuerier) Select(ctx context.Context, _ bool, hints *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	return q.Querier.Select(ctx, true, hints, matchers...)
}

// appendUntil lets the storage have what has been scraped at an instant.
func (u *witness) appendUntil(t int64) {
	if u.done == nil {
		u.done = make([]int, len(u.series))
	}
	app := u.db.Appender(context.Background())
	for i, of := range u.series {
		for ; u.done[i] < len(of.Samples) && of.Samples[u.done[i]].T <= t; u.done[i]++ {
			p := of.Samples[u.done[i]]
			var err error
			if p.H == nil && of.Labels.Get(model.MetricNameLabel) == "h" {
				// In one commit with histograms, a float would come before all of them.
				p.H = &histogram.FloatHistogram{Sum: engine.Stale}
			}
			if p.H != nil {
				_, err = app.AppendHistogram(0, of.Labels, p.T, nil, p.H.Copy())
			} else {
				_, err = app.Append(0, of.Labels, p.T, p.F)
			}
			if err != nil {
				u.t.Fatal(err)
			}
		}
	}
	if err := app.Commit(); err != nil {
		u.t.Fatal(err)
	}
}

// note remembers each rule's first error.
func (g group) note(at time.Time, errors map[spot]failure) {
	for i, rule := range g.Rules() {
		where := spot{g.index, i}
		if _, known := errors[where]; rule.LastError() != nil && !known {
			errors[where] = failure{at.UnixMilli(), rule.LastError()}
		}
	}
}

func observe(groups []group) map[spot][]string {
	active := map[spot][]string{}
	for _, g := range groups {
		for i, rule := range g.Rules() {
			a, ok := rule.(*rules.AlertingRule)
			if !ok {
				continue
			}
			for _, x := range a.ActiveAlerts() {
				where := spot{g.index, i}
				active[where] = append(active[where], describe(x.Labels, x.Annotations, x.Value, x.ActiveAt, x.FiredAt, x.State == rules.StateFiring))
			}
			slices.Sort(active[spot{g.index, i}])
		}
	}
	return active
}

// describe is an active alert in words.
func describe(lset, annotations labels.Labels, v float64, since, fired time.Time, firing bool) string {
	return fmt.Sprintf("%s %s %s since %d fired %d firing %v", lset, annotations, enginetest.Sample{F: v}, since.UnixMilli(), fired.UnixMilli(), firing)
}

// seriesOf are a storage's series.
func seriesOf(t testing.TB, s storage.Queryable) map[string][]string {
	t.Helper()
	q, err := s.Querier(math.MinInt64, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	all := map[string][]string{}
	set := q.Select(context.Background(), false, nil, labels.MustNewMatcher(labels.MatchRegexp, model.MetricNameLabel, ".+"))
	for set.Next() {
		var samples []string
		it := set.At().Iterator(nil)
		for kind := it.Next(); kind != chunkenc.ValNone; kind = it.Next() {
			var p enginetest.Sample
			if kind == chunkenc.ValFloat {
				p.T, p.F = it.At()
			} else {
				p.T, p.H = it.AtFloatHistogram(nil)
			}
			samples = append(samples, fmt.Sprintf("%d %s", p.T, p))
		}
		all[set.At().Labels().String()] = samples
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
