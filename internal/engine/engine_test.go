package engine

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/engine/enginetest"
)

// TestErrors wants an error to tell the rule and the instant, whether it is
// found over a range or by stepping.
func TestErrors(t *testing.T) {
	x := []enginetest.Series{
		every(time.Minute, metric("x", "l", "1"), 1, 1, 1, 1, 1),
		every(time.Minute, metric("x", "l", "2"), gap, gap, 2, 2, 2),
		every(time.Minute, metric("given"), gap, gap, gap, 5, 5),
	}
	late := every(time.Minute, metric("late"), 1, 1, 1, 1)
	for i := range late.Samples {
		late.Samples[i].T -= 30_000
	}
	x = append(x, late)
	for _, c := range []struct{ name, rules, want string }{
		{"nothing", "rules: [{record: r, expr: x}]", "no error"},
		{"two become one", "rules: [{record: ok, expr: x}, {record: r, expr: x, labels: {l: a}}]", "r at 2m0s: vector contains metrics with the same labelset after applying rule labels"},
		{"two alerts", "rules: [{alert: A, expr: x, labels: {l: a}}]", "A at 2m0s: vector contains metrics with the same labelset after applying alert labels"},
		{"two that do not meet", "rules: [{record: r, expr: 'x{l=\"1\"} and on() (vector(time()) < 1000080) or x{l=\"2\"}', labels: {l: a}}]", "no error"},
		{"a limit", "limit: 1, rules: [{record: r, expr: x}]", "r at 2m0s: exceeded limit of 1 with 2 series"},
		{"a limit of alerts", "limit: 1, rules: [{alert: A, expr: x}]", "A at 2m0s: exceeded limit of 1 with 2 alerts"},
		{"two values", "rules: [{record: r, expr: vector(1)}, {record: r, expr: vector(time())}]", "r at 0s: duplicate sample for timestamp"},
		{"a given series", "rules: [{record: given, expr: vector(1)}]", "given at 3m0s: duplicate sample for timestamp"},
		{"a given series, written late", "query_offset: 1m, rules: [{record: late, expr: vector(1)}]", "late at 0s: out of order sample"},
		{"a string", "rules: [{record: r, expr: '\"text\"'}]", "r at 0s: rule result is not a vector or scalar"},
		{"no number of series", "rules: [{record: r, expr: 'topk(NaN, x)'}]", "r at 0s: Parameter value is NaN"},
		{"the first block's error, not the earliest", "rules: [{record: a, expr: x, labels: {l: a}}, {record: b, expr: '\"text\"'}]", "a at 2m0s: vector contains metrics with the same labelset after applying rule labels"},
		{"the earliest of a block", "rules: [{record: a, expr: x or b, labels: {l: a}}, {record: b, expr: '\"text\"'}]", "b at 0s: rule result is not a vector or scalar"},
	} {
		for _, exhaustive := range []bool{false, true} {
			opts := Options{Start: start, End: start.Add(4 * time.Minute), Interval: time.Minute, Exhaustive: exhaustive}
			_, err := Run(context.Background(), NewPlan(readGroups(t, "groups: [{name: g, "+c.rules+"}]"), nil), fill(t, x...), opts)
			if got := ruleError(t, err); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	}
}

// TestTooManySamples wants an evaluation to end, naming the rule, before it takes all memory.
func TestTooManySamples(t *testing.T) {
	x := every(time.Minute, metric("x"), make([]float64, 60)...)
	for _, c := range []struct {
		name, rules string
		most        int
		want        string
	}{
		{"enough", "{record: a, expr: x}, {record: b, expr: x}", 200, "no error"},
		{"a query", "{record: a, expr: x}, {record: b, expr: 'max_over_time(abs(x)[1h:5s]) > 1e9'}", 130, "b at 0s: query processing would load too many samples into memory in subqueries at 721 instants"},
		{"a query of many series", "{record: a, expr: x}, {record: b, expr: 'label_replace(x, \"l\", \"1\", \"\", \"\") or label_replace(x, \"l\", \"2\", \"\", \"\") or x'}", 130, "b at 59m0s: query processing would load too many samples into memory in query execution"},
		{"all series", "{record: a, expr: x}, {record: b, expr: x}, {record: c, expr: x}", 170, "b at 59m0s: query processing would load too many samples into memory in recorded series with more than 170 samples"},
		{"all series, stepped", "{record: a, expr: b or x}, {record: b, expr: x}, {record: c, expr: x}", 170, "a at 59m0s: query processing would load too many samples into memory in recorded series with more than 170 samples"},
	} {
		opts := Options{Start: start, End: start.Add(59 * time.Minute), Interval: time.Minute, MaxSamples: c.most}
		_, err := Run(context.Background(), NewPlan(readGroups(t, "groups: [{name: g, rules: ["+c.rules+"]}]"), nil), fill(t, x), opts)
		if got := ruleError(t, err); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// counter counts the queries that Prometheus' engine logs.
type counter struct {
	slog.Handler
	queries int
}

func (c *counter) Enabled(context.Context, slog.Level) bool  { return true }
func (c *counter) Handle(context.Context, slog.Record) error { c.queries++; return nil }
func (c *counter) WithAttrs([]slog.Attr) slog.Handler        { return c }
func (c *counter) WithGroup(string) slog.Handler             { return c }
func (c *counter) Close() error                              { return nil }

// TestQueries holds that a rule is one query, however long the evaluation is,
// unless it is stepped.
func TestQueries(t *testing.T) {
	for _, c := range []struct {
		name, rules string
		short, long int // queries for 10 and for 20 instants
	}{
		{"over range", "{record: a, expr: 'rate(x[5m])'}, {record: b, expr: a}, {alert: A, expr: b >= 0}", 3, 3},
		{"stepped", "{record: a, expr: b or x}, {record: b, expr: x}, {record: c, expr: b}", 21, 41},
		{"queries of templates, when an alert is observed or not", "{alert: A, expr: x >= 0, annotations: {note: '{{ query \"x\" | len }}'}}", 11, 21},
		{"templates that do not query", "{alert: A, expr: x >= 0, annotations: {note: '{{ $value }}'}}", 1, 1},
	} {
		count := func(instants int) int {
			var log counter
			opts := Options{Start: start, End: start.Add(time.Duration(instants-1) * time.Minute), Interval: time.Minute, MaxSamples: DefaultMaxSamples}
			r := newRun(context.Background(), fill(t, every(time.Minute, metric("x"), make([]float64, 20)...)), opts)
			r.queries.SetQueryLogger(&log)
			for _, b := range NewPlan(readGroups(t, "groups: [{name: g, rules: ["+c.rules+"]}]"), nil).blocks() {
				if err := r.block(b); err != nil {
					t.Fatal(err)
				}
			}
			return log.queries
		}
		if short, long := count(10), count(20); short != c.short || long != c.long {
			t.Errorf("%s: %d queries, %d for twice as many instants; want %d and %d", c.name, short, long, c.short, c.long)
		}
	}
}

// TestWarnings wants each warning once per rule.
func TestWarnings(t *testing.T) {
	x := every(time.Minute, metric("x", "le", "none"), 1, 2, 3, 4, 5)
	for _, rules := range []string{"{record: a, expr: 'histogram_quantile(0.9, x)'}", "{record: a, expr: 'histogram_quantile(0.9, x offset -1s)'}"} {
		result, _, err := evaluate(t, "groups: [{name: g, rules: ["+rules+", {record: b, expr: 'quantile(2, x)'}]}]", 4, x)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range result.Warnings {
			got = append(got, w.Rule.Record+" "+strings.Fields(w.Text)[1])
		}
		if diff := cmp.Diff([]string{"a warning:", "b warning:"}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s\n%v", rules, diff, result.Warnings)
		}
	}
}

// TestIntervals evaluates groups at their own intervals, or not.
func TestIntervals(t *testing.T) {
	const rules = "groups: [{name: a, rules: [{record: a, expr: time()}]}, {name: b, interval: 2m, rules: [{record: b, expr: vector(time())}]}, {name: c, interval: 90s, rules: [{record: c, expr: c or b}]}]"
	for _, c := range []struct {
		ignore  bool
		a, b, c int // samples
	}{{false, 7, 4, 5}, {true, 7, 7, 7}} {
		s := NewStorage()
		opts := Options{Start: start, End: start.Add(6 * time.Minute), Interval: time.Minute, IgnoreGroupIntervals: c.ignore}
		if _, err := Run(context.Background(), NewPlan(readGroups(t, rules), nil), s, opts); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]int{"a": c.a, "b": c.b, "c": c.c} {
			if got := len(recorded(s, name)[`{__name__="`+name+`"}`]); got != want {
				t.Errorf("%s: %d samples, want %d", name, got, want)
			}
		}
	}
}
