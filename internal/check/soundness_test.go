package check

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
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

// TestSoundness asks Prometheus' own engine whether what the checks take for
// granted is true: it evaluates expressions of every kind over series of every
// kind, and no result may have a label or a value that an expression cannot have,
// nor be there at all where a comparison never holds.
func TestSoundness(t *testing.T) {
	w := newWorld(t)
	evaluated := 0
	for seed := range uint64(4000) {
		if w.compare(t, &expressions{rand.New(rand.NewPCG(seed, 1))}) {
			evaluated++
		}
	}
	if evaluated < 1000 {
		t.Errorf("only %d expressions had a result", evaluated)
	}
}

// FuzzSoundness does the same for expressions of any seed.
func FuzzSoundness(f *testing.F) {
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, seed, stream uint64) {
		w.compare(t, &expressions{rand.New(rand.NewPCG(seed, stream))})
	})
}

// world is a storage full of series, some of them recorded by rules of a unit.
type world struct {
	memory
	engine *promql.Engine
	unit   *Unit
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
		for _, s := range matrix {
			b := labels.NewBuilder(s.Metric).Set(model.MetricNameLabel, r.Record)
			for name, value := range r.Labels {
				b.Set(name, value)
			}
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

// compare evaluates an expression and holds the result against what is known of
// it. It tells whether there was one.
func (w *world) compare(t *testing.T, g *expressions) bool {
	text := g.vector(4)
	q, err := w.engine.NewInstantQuery(context.Background(), w, nil, text, now)
	if err != nil {
		return false // such as a label both in on and group_left
	}
	defer q.Close()
	result, err := q.Exec(context.Background()).Vector()
	if err != nil || len(result) == 0 {
		return false // such as a match of many to many
	}
	e, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	if err != nil {
		t.Fatal(err)
	}
	set, b := w.unit.labelsOf(e), w.unit.boundsOf(e)
	slack := 1e-9 * max(1, math.Abs(b.low), math.Abs(b.high))
	if math.IsInf(slack, 0) {
		slack = 1e-9
	}
	for _, s := range result {
		s.Metric.Range(func(l labels.Label) {
			if l.Name != model.MetricNameLabel && !set.has(l.Name) {
				t.Errorf("%s has a label %s: %s", text, l.Name, s.Metric)
			}
		})
		if s.F < b.low-slack || s.F > b.high+slack {
			t.Errorf("%s is %v, beyond %v", text, s.F, b)
		}
	}
	if c := w.unit.impossible(e); c != nil {
		t.Errorf("%s has a result, though %s never holds:\n%s", text, c, result)
	}
	return true
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

// expressions writes PromQL at random.
type expressions struct{ *rand.Rand }

func (g *expressions) pick(from ...string) string { return from[g.IntN(len(from))] }

func (g *expressions) label() string {
	return g.pick("job", "instance", "code", "zone", "le", "slo", "team")
}

func (g *expressions) labels() string {
	names := make([]string, g.IntN(4))
	for i := range names {
		names[i] = g.label()
	}
	return "(" + strings.Join(names, ", ") + ")"
}

func (g *expressions) matchers() string {
	list := make([]string, g.IntN(3))
	for i := range list {
		list[i] = g.label() + g.pick("=", "=", "!=", "=~", "!~") + `"` + g.pick("", "a", "b", "one", "500", "200", "0.1", "d", ".+") + `"`
	}
	return "{" + strings.Join(list, ",") + "}"
}

func (g *expressions) selector() string {
	return g.pick("up", "temp", "requests_total", "other_total", "lat_bucket", "lat_count", "missing", "rec:ratio", "rec:sum", "rec:up", "rec:deep", `{"up"}`) + g.matchers()
}

func (g *expressions) counter() string {
	return g.pick("requests_total", "other_total", "lat_bucket", "lat_count") + g.matchers()
}

func (g *expressions) number() string {
	return g.pick("0", "1", "2", "-1", "0.5", "1.5", "100", "(14.4 * 0.1)", "-0.1")
}

// vector is an expression of type vector, depth operations deep at most.
func (g *expressions) vector(depth int) string {
	if depth == 0 {
		if name := g.selector(); !strings.HasPrefix(name, `{"up"}{`) {
			return name
		}
		return `{"up"}`
	}
	depth--
	switch g.IntN(14) {
	case 0:
		return g.vector(0) + g.pick("", "", " offset 1m", " @ end()")
	case 1:
		return "(" + g.vector(depth) + ")"
	case 2:
		return "-" + g.vector(0)
	case 3, 4:
		return g.aggregation(depth)
	case 5, 6:
		return g.function(depth)
	case 7:
		return g.pick("rate", "increase", "irate", "changes", "resets") + "(" + g.counter() + "[3m])"
	case 8:
		of := g.pick("avg", "min", "max", "last", "sum", "count", "stddev", "stdvar", "present", "absent") + "_over_time"
		return of + "(" + g.pick(g.vector(0)+"[3m]", "("+g.vector(depth)+")[3m:30s]") + ")"
	case 9, 10:
		return g.ratio()
	case 11:
		return g.withScalar(depth)
	}
	return g.binary(depth)
}

func (g *expressions) aggregation(depth int) string {
	grouping := g.pick("", " by "+g.labels(), " without "+g.labels())
	op := g.pick("sum", "min", "max", "avg", "group", "count", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile")
	parameter := map[string]string{"topk": "2, ", "bottomk": "1, ", "count_values": `"zone", `, "quantile": "0.5, "}[op]
	return op + grouping + " (" + parameter + g.vector(depth) + ")"
}

func (g *expressions) function(depth int) string {
	v := g.vector(depth)
	return strings.ReplaceAll(g.pick("abs(%)", "sqrt(%)", "clamp_min(%, 1)", "clamp_max(%, 2)", "clamp(%, 0, 5)", "round(%)", "floor(%)", "sort(%)", "timestamp(%)",
		"absent(%)", "absent(%)", "absent((%))", "histogram_quantile(0.5, %)", "histogram_fraction(0, 1, %)", "vector(scalar(%))", "vector(1)", "vector(time())", "hour(%)",
		`label_replace(%, "zone", "$1", "job", "(.*)")`, `label_replace(%, "job", "", "", "")`, `label_join(%, "zone", "-", "job", "code")`), "%", v)
}

// ratio is a quotient of two sums that are often, but not always, part and whole.
func (g *expressions) ratio() string {
	over := g.pick("[3m]", "[3m]", "[3m] offset 1m", "[5m]")
	whole := g.pick("requests_total", "lat_count", "lat_bucket", "other_total")
	part := map[string]string{"requests_total": `requests_total{code="500"}`, "lat_count": g.pick(`lat_bucket{le="0.1"}`, `lat_bucket{le=~"0.1|0.5"}`, "lat_bucket")}[whole]
	if part == "" || g.IntN(5) == 0 {
		part = g.counter()
	}
	if g.IntN(5) == 0 {
		whole = g.counter()
	}
	wrap := g.pick("sum (%)", "sum by "+g.labels()+" (%)", "%", "sum without (code, le) (%)")
	function := g.pick("rate", "rate", "increase", "irate", "delta")
	p := strings.Replace(wrap, "%", function+"("+part+over+")", 1)
	w := strings.Replace(wrap, "%", function+"("+whole+over+")", 1)
	p = g.pick(p, p, "("+p+" or 0 * "+w+")", "("+p+" or vector(0))", "("+w+" - "+p+")", "("+w+" - ignoring (code, le) "+p+")")
	w = g.pick(w, w, "("+w+" > 0)", "("+w+" >= 1)")
	match := g.pick("", "", " ignoring (code, le) ", " on (job, instance) ")
	return strings.Replace(g.pick("(%)", "(1 - %)", "(100 * (%))", "((%) / 0.1)"), "%", p+" / "+match+w, 1)
}

func (g *expressions) withScalar(depth int) string {
	v, n := "("+g.vector(depth)+")", g.number()
	op := g.pick("+", "-", "*", "/", "%", "^", ">", "<", ">=", "<=", "==", "!=", "> bool", "== bool")
	if g.IntN(3) == 0 {
		return n + " " + op + " " + v
	}
	return v + " " + op + " " + n
}

func (g *expressions) binary(depth int) string {
	l, r := "("+g.vector(depth)+")", "("+g.vector(depth)+")"
	match := g.pick("", "", " on "+g.labels(), " ignoring "+g.labels())
	if g.IntN(3) == 0 {
		return l + g.pick(" and", " or", " unless") + match + " " + r
	}
	if match != "" {
		match += g.pick("", "", " group_left ()", " group_right ()", " group_left (team, slo)", " group_right (zone)")
	}
	return l + " " + g.pick("+", "-", "*", "/", ">", "<", "==", ">= bool", "%", "^", "atan2") + match + " " + r
}
