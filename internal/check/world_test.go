package check

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// world is a storage full of series, some of them recorded by rules of a unit.
type world struct {
	memory
	engine *promql.Engine
	unit   *Unit
	// alwaysHeld counts the comparisons that were found to hold always.
	alwaysHeld int
}

const (
	samples  = 60
	interval = 15 * time.Second
)

var now = time.Unix(samples*15, 0)

// recordingRules are evaluated over the raw series.
var recordingRules = []struct{ name, expr, labels string }{
	{"rec:ratio", `sum by (job) (rate(requests_total{code="500"}[3m])) / sum by (job) (rate(requests_total[3m]))`, "slo: a"},
	{"rec:ratio", `sum by (instance) (temp)`, "slo: b"},
	{"rec:sum", `sum without (instance, code) (requests_total)`, `job: "", team: c`},
	{"rec:up", `up`, `instance: one`},
	{"rec:deep", `max by (slo) (rec:ratio{slo="a"})`, `slo: d`},
}

func newWorld(t testing.TB) *world {
	w := &world{engine: promql.NewEngine(promql.EngineOpts{
		MaxSamples: 1e6, Timeout: time.Minute, EnableAtModifier: true, EnableNegativeOffset: true, Parser: parser.NewParser(parser.Options{}),
	})}
	w.raw(rand.New(rand.NewPCG(1, 2)))
	var rules []string
	for _, r := range recordingRules {
		rules = append(rules, fmt.Sprintf("record: %s, expr: '%s', labels: {%s}", r.name, r.expr, r.labels))
	}
	files, _ := unit(t, ruleFile(rules...))
	w.unit = newUnit(files)
	for _, r := range files[0].Rules() {
		q, err := w.engine.NewRangeQuery(context.Background(), w, nil, r.Text, time.Unix(0, 0), now, interval)
		if err != nil {
			t.Fatal(err)
		}
		matrix, err := q.Exec(context.Background()).Matrix()
		if err != nil || len(matrix) == 0 {
			t.Fatal("nothing is recorded:", r.Text, err)
		}
		recorded := map[string]bool{} // Prometheus refuses to record a series twice
		for _, s := range matrix {
			b := labels.NewBuilder(s.Metric).Set(model.MetricNameLabel, r.Record)
			for name, value := range r.Labels {
				b.Set(name, value)
			}
			if recorded[b.Labels().String()] {
				continue
			}
			recorded[b.Labels().String()] = true
			var points []chunks.Sample
			for _, p := range s.Floats {
				points = append(points, point{p.T, p.F})
			}
			w.memory = append(w.memory, storage.NewListSeries(b.Labels(), points))
		}
		q.Close()
	}
	return w
}

// raw adds the series that are scraped.
func (w *world) raw(r *rand.Rand) {
	var failed [samples]bool // a scrape fails now and then
	add := func(next func(last float64) float64, set ...string) {
		var points []chunks.Sample
		last := 0.0
		for i := range samples {
			if last = next(last); !failed[i] {
				points = append(points, point{int64(i) * interval.Milliseconds(), last})
			}
		}
		w.memory = append(w.memory, storage.NewListSeries(labels.FromStrings(set...), points))
	}
	gauge := func(float64) float64 { return float64(r.IntN(20) - 10) }
	counter := func(last float64) float64 {
		if r.IntN(25) == 0 {
			return float64(r.IntN(3)) // the process restarted
		}
		return last + float64(r.IntN(10))
	}
	for _, job := range []string{"a", "b"} {
		for _, instance := range []string{"one", "two"} {
			for i := range failed {
				failed[i] = r.IntN(20) == 0
			}
			where := []string{"job", job, "instance", instance}
			with := func(name string, more ...string) []string {
				return append(append([]string{model.MetricNameLabel, name}, where...), more...)
			}
			add(func(float64) float64 { return float64(r.IntN(2)) }, with("up")...)
			add(gauge, with("temp")...)
			for _, code := range []string{"200", "404", "500"} {
				add(counter, with("requests_total", "code", code)...)
			}
			add(counter, with("other_total", "zone", "z"+job)...)
			// An event in a bucket is in all larger ones too.
			var buckets [3][]chunks.Sample
			var count [3]float64
			for i := range samples {
				events := 0
				for b := range count {
					events += r.IntN(5)
					count[b] += float64(events)
					if !failed[i] {
						buckets[b] = append(buckets[b], point{int64(i) * interval.Milliseconds(), count[b]})
					}
				}
			}
			for b, le := range []string{"0.1", "0.5", "+Inf"} {
				w.memory = append(w.memory, storage.NewListSeries(labels.FromStrings(with("lat_bucket", "le", le)...), buckets[b]))
			}
			w.memory = append(w.memory, storage.NewListSeries(labels.FromStrings(with("lat_count")...), buckets[2]))
		}
	}
}

// memory is a storage.Queryable of series that are there.
type memory []storage.Series

type point struct {
	t int64
	f float64
}

func (p point) T() int64                      { return p.t }
func (p point) ST() int64                     { return 0 }
func (p point) F() float64                    { return p.f }
func (p point) H() *histogram.Histogram       { return nil }
func (p point) FH() *histogram.FloatHistogram { return nil }
func (p point) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (p point) Copy() chunks.Sample           { return p }

func (m *memory) Querier(int64, int64) (storage.Querier, error) {
	return &storage.MockQuerier{SelectMockFunction: func(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
		found := &seriesSet{i: -1}
	series:
		for _, s := range *m {
			for _, matcher := range matchers {
				if !matcher.Matches(s.Labels().Get(matcher.Name)) {
					continue series
				}
			}
			found.series = append(found.series, s)
		}
		return found
	}}, nil
}

type seriesSet struct {
	series []storage.Series
	i      int
}

func (s *seriesSet) Next() bool                        { s.i++; return s.i < len(s.series) }
func (s *seriesSet) At() storage.Series                { return s.series[s.i] }
func (s *seriesSet) Err() error                        { return nil }
func (s *seriesSet) Warnings() annotations.Annotations { return nil }
