package unittest

import (
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/util/junitxml"
	yamlv2 "go.yaml.in/yaml/v2"

	"slowburn/internal/diag"
)

// TestPromtool writes random tests whose expectations are what this package
// computes, and asks the promtool that PROMTOOL names: it must agree with each.
func TestPromtool(t *testing.T) {
	promtool := os.Getenv("PROMTOOL")
	if promtool == "" {
		t.Skip("PROMTOOL names no promtool; make test does")
	}
	dir := t.TempDir()
	fails := map[string]bool{}
	assertions := 0
	args := []string{"test", "rules", "--junit=" + filepath.Join(dir, "junit.xml")}
	for seed := range uint64(100) {
		g := generator{mixer{rand.New(rand.NewPCG(seed, 1))}, t, dir, 0}
		name := filepath.Join(dir, fmt.Sprintf("%03d.yaml", seed))
		fails[name] = g.write(name)
		assertions += g.assertions
		args = append(args, name)
	}
	if assertions < 800 {
		t.Errorf("only %d assertions", assertions)
	}
	// It exits with 1, since some of the rules cannot be evaluated.
	out, _ := exec.Command(promtool, args...).CombinedOutput()
	text, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var report junitxml.JUnitXML
	if err := xml.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Suites) != len(fails) {
		t.Fatalf("promtool says something about %d of %d files", len(report.Suites), len(fails))
	}
	failed := 0
	for _, s := range report.Suites {
		if got := s.FailureCount+s.ErrorCount > 0; got != fails[s.Name] {
			file, _ := os.ReadFile(s.Name)
			t.Errorf("%s fails here: %v, for promtool: %v\n%s\n%s", s.Name, fails[s.Name], got, s.Cases[0].Failures, file)
		}
		failed += one(fails[s.Name])
	}
	t.Logf("%d files with %d assertions, %d with a rule that cannot be evaluated", len(fails), assertions, failed)
}

// generator writes random tests.
type generator struct {
	mixer
	t          *testing.T
	dir        string
	assertions int
}

// write writes a test file and its rules, and tells whether it must fail.
func (g *generator) write(name string) bool {
	rules := name + ".rules"
	order, text := g.rules()
	if err := os.WriteFile(rules, []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
	f := upstreamFile{RuleFiles: []string{filepath.Base(rules)}, GroupEvalOrder: order}
	g.must(yamlv2.Unmarshal([]byte(fmt.Sprintf("evaluation_interval: %s\ntests: [{}]\n", g.pick("15s", "30s", "1m", "5m"))), &f))
	test := &f.Tests[0]
	head := fmt.Sprintf("interval: %s\nstart_timestamp: %s\nexternal_labels: {cluster: c}\nexternal_url: http://x\ninput_series:\n", g.pick("10s", "30s", "1m"), g.pick("0", "1700000007", "'2024-01-01T00:00:00.5Z'"))
	for _, series := range []string{`up{job="a",instance="1"}`, `up{job="a",instance="2"}`, `up{job="b",instance="1"}`, `req_total{job="a",code="200"}`, `req_total{job="a",code="500"}`, `h{job="a"}`, `lonely`} {
		if g.IntN(6) > 0 {
			head += fmt.Sprintf("- {series: '%s', values: '%s'}\n", series, g.values(series))
		}
	}
	g.must(yamlv2.Unmarshal([]byte(head), test))
	for range 4 + g.IntN(8) {
		g.must(yamlv2.Unmarshal([]byte(fmt.Sprintf("{eval_time: %s, alertname: %s}", g.time(), g.pick("Down", "Errors", "Counted", "Meta", "Kept"))), grow(&test.AlertRuleTests)))
	}
	for range 6 + g.IntN(8) {
		g.must(yamlv2.Unmarshal([]byte(fmt.Sprintf("{eval_time: %s, expr: '%s'}", g.time(), g.query())), grow(&test.PromqlExprTests)))
	}
	g.save(name, f)
	return g.fillIn(name, f)
}

func grow[T any](list *[]T) *T {
	*list = append(*list, *new(T))
	return &(*list)[len(*list)-1]
}

func (g *generator) must(err error) {
	if err != nil {
		g.t.Helper()
		g.t.Fatal(err)
	}
}

func (g *generator) save(name string, f upstreamFile) {
	text, err := yamlv2.Marshal(f)
	g.must(err)
	start := f.Tests[0].StartTimestamp.UTC().Format("2006-01-02T15:04:05.999999999Z07:00")
	text = []byte(strings.Replace(string(text), "  start_timestamp: {}\n", "  start_timestamp: "+start+"\n", 1))
	g.must(os.WriteFile(name, text, 0o600))
}

// fillIn computes what to expect.
func (g *generator) fillIn(name string, f upstreamFile) bool {
	text, err := os.ReadFile(name)
	g.must(err)
	opts := Options{Load: loadBeside, IgnoreGroupIntervals: true, MaxSamples: 1_000_000}
	s := newSuite(Read(&diag.Source{Name: name, Text: text}), opts, &ruleCache{opts: opts, byName: map[string]*ruleFile{}})
	x := s.executions[0]
	if ok := x.read(); !ok || s.notRun != "" {
		g.t.Fatalf("%s: %s\n%s\n%s", name, s.notRun, findingLines(append(s.report.Findings(), x.report.Findings()...)), text)
	}
	result, err := x.evaluate(context.Background())
	g.must(err)
	if result == nil {
		return true
	}
	test := &f.Tests[0]
	for i := range test.AlertRuleTests {
		c := &test.AlertRuleTests[i]
		firing, _ := activeOf(result.Observed[slices.Index(x.observe, x.test.start.Add(x.test.alerts[i].at))], c.Alertname)
		for _, a := range firing {
			e := grow(&c.ExpAlerts)
			e.ExpLabels, e.ExpAnnotations = a.labels.Map(), a.annotations.Map()
			delete(e.ExpLabels, labels.AlertName)
		}
	}
	var kept = test.PromqlExprTests[:0]
	for i, c := range x.exprs {
		got, _, err := x.query(context.Background(), c, x.test.start.Add(c.at).UnixMilli())
		if err != nil || slices.ContainsFunc(got, func(s sample) bool { return math.IsNaN(s.value) || strings.Contains(s.histogram, "NaN") }) {
			continue // promtool cannot expect it
		}
		e := test.PromqlExprTests[i]
		for _, s := range got {
			w := grow(&e.ExpSamples)
			w.Labels, w.Value, w.Histogram = s.labels.String(), s.value, s.histogram
		}
		kept = append(kept, e)
	}
	test.PromqlExprTests = kept
	g.assertions += len(test.AlertRuleTests) + len(kept)
	g.save(name, f)
	return false
}

func (g *generator) time() string {
	return g.pick("0", "1m", "2m30s", "4m59s", "5m", "7m15s", "10m", "14m1s", "20m", "30m")
}

func (g *generator) values(series string) string {
	if series[0] == 'h' {
		return g.pick("{{schema:0 sum:1 count:2 buckets:[1 1]}}+{{schema:0 sum:2 count:3 buckets:[1 1 1]}}x20", "_ {{sum:3 count:5 z_bucket:1 z_bucket_w:0.01 buckets:[2 2]}}x9 {{sum:1 count:1 buckets:[1]}}x5 stale",
			"{{schema:-53 sum:4 count:6 custom_values:[1 5] buckets:[1 2 3]}}x12 5 {{schema:-53 sum:4 count:6 custom_values:[1 5] buckets:[1 2 3]}}x3")
	}
	if strings.HasPrefix(series, "req") {
		return g.pick("0+10x120", "0+7.5x20 0+3x20 stale 5 6 7", "0 _x10 50+1x10 0+2x50", "100-1x5 200+3x60")
	}
	return g.pick("1x120", "1x5 0x30 1x10", "0x20 _x10 0x40", "1 0 1 0 1 0 0 0 0 0 0 0 0 stale", "_x3 0x60", "0 0 stale 0x9", "1x3 NaN 0x20", "Inf -Inf 0x90")
}

// rules are groups in an order of their own, since promtool's is random.
func (g *generator) rules() (order []string, text string) {
	pool := []string{
		"{record: job:up:sum, expr: sum by (job) (up)}", "{record: job:up:last, expr: 'job:up:sum offset 1m or job:up:sum'}", "{record: self, expr: 'self + 1 or vector(0)'}",
		"{record: 'job:req:rate5m', expr: 'sum by (job) (rate(req_total[5m]))', labels: {team: x}}", "{record: sub, expr: 'max_over_time(job:up:sum[10m:])'}", "{record: ahead, expr: up offset -1m}", "{record: fixed, expr: up @ 120}",
		"{record: h:rate, expr: 'rate(h[5m])'}", "{record: h:copy, expr: h}", "{record: h:sum, expr: sum(h)}", "{record: q, expr: 'histogram_quantile(0.9, rate(h[5m]))'}", "{record: alerts, expr: 'count by (alertname, alertstate) (ALERTS)'}",
		"{record: one, expr: '1'}", "{record: gone, expr: absent(lonely)}", "{record: since, expr: 'time() - ALERTS_FOR_STATE'}", "{record: joined, expr: 'up * on (job) group_left () job:up:sum'}",
		"{alert: Down, expr: up == 0, for: 2m, labels: {severity: page, value: 'v{{ $value }}'}, annotations: {summary: '{{ $labels.instance }} of {{ $externalLabels.cluster }}', url: '{{ $externalURL }}'}}",
		"{alert: Errors, expr: 'rate(req_total{code=\"500\"}[5m]) > 0.1', for: 1m, annotations: {v: '{{ $value | humanize }}'}}", "{alert: Counted, expr: 'job:up:sum < 2', annotations: {n: '{{ query \"count(up)\" | first | value }}'}}",
		"{alert: Meta, expr: 'ALERTS{alertname=\"Down\",alertstate=\"firing\"}', labels: {of: '{{ $labels.alertname }}'}}", "{alert: Kept, expr: up == 0, keep_firing_for: 3m, labels: {instance: 'x{{ $labels.instance }}'}}", "{alert: Kept, expr: lonely, labels: {x: '{{ $labels.nope }}'}}",
	}
	g.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	// Every alert that tests ask for must exist.
	pool = append(pool[:10+g.IntN(len(pool)-10)], "{alert: Down, expr: 'lonely == 0'}", "{alert: Errors, expr: vector(1) > 2}", "{alert: Counted, expr: vector(2)}", "{alert: Meta, expr: 'absent(nope)', for: 5m}", "{alert: Kept, expr: vector(0) > 1}")
	var b strings.Builder
	b.WriteString("groups:\n")
	for len(pool) > 0 {
		n := min(1+g.IntN(8), len(pool))
		name := fmt.Sprintf("g%d", len(order))
		order = append(order, name)
		fmt.Fprintf(&b, "- name: %s\n  interval: %s\n  query_offset: %s\n  rules:\n", name, g.pick("1m", "7s"), g.pick("0s", "0s", "0s", "30s"))
		for _, r := range pool[:n] {
			b.WriteString("  - " + r + "\n")
		}
		pool = pool[n:]
	}
	return order, b.String()
}

func (g *generator) query() string {
	return g.pick("up", "job:up:sum", "job:up:last", "self", "job:req:rate5m", "sub", "ahead", "fixed", "h:rate", "h:copy", "h:sum", "h", "q", "alerts", "one", "gone", "since", "joined", "ALERTS", "ALERTS_FOR_STATE",
		"count_over_time(ALERTS[10m])", "timestamp(job:up:sum)", "sum(rate(req_total[5m]))", "count_over_time({__name__=~\".+\"}[5m])", "up offset -5m", "max_over_time(self[10m:])", "time()", "scalar(sum(up))", "histogram_count(h:copy)", "rate(h:copy[5m])", "sort_desc(up)", "lonely or up")
}
