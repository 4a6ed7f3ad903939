package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
)

// fleet writes a spec of a service with many SLOs of one objective.
func fleet(t *testing.T, slos int) string {
	t.Helper()
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("apiVersion: slowburn/v1\nkind: Service\nname: fleet\nmetrics: metrics.prom\nslos:\n")
	for i := range slos {
		fmt.Fprintf(&b, "  - name: requests-%[1]d\n    objective: 99.9%%\n    availability: {total: 'http_requests_total{job=\"svc%[1]d\"}', bad: 'code=~\"5..\"'}\n", i)
	}
	for name, text := range map[string]string{"fleet.yaml": b.String(), "metrics.prom": "# TYPE http_requests_total counter\nhttp_requests_total{code=\"200\"} 1\nhttp_requests_total{code=\"500\"} 1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// allocations are how many objects f makes. No test of this package that runs
// in parallel with others runs beside one that does not.
func allocations(f func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs)
}

// compiledFleet compiles a fleet to all of its artifacts.
func compiledFleet(t *testing.T, slos int) *build {
	t.Helper()
	units, err := readInput([]string{fleet(t, slos)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := compile(&build{unit: units[0], report: new(diag.Report), passing: true})
	if b.report.HasErrors() {
		t.Fatal(b.report.Findings())
	}
	b.export(simulate.NewExporter())
	return b
}

// What an SLO, or a rule, costs is bounded, and does not grow with how many
// there are: counts of objects stand for time, which is another one each run.
func TestCostGrowsEvenly(t *testing.T) {
	const few, more = 40, 160
	compileFleet := func(slos int) float64 { return allocations(func() { compiledFleet(t, slos) }) }
	text := map[int][]byte{}
	rules := map[int]int{}
	for _, n := range []int{few, more} {
		for _, a := range compiledFleet(t, n).rawRules() {
			if strings.HasSuffix(a.Path, "-burnrate.rules.yaml") {
				text[n] = a.Bytes
				rules[n] = strings.Count(string(a.Bytes), "expr:")
			}
		}
	}
	readRules := func(slos int) []*rulefile.File {
		var r diag.Report
		src := &diag.Source{Name: "x.yaml", Text: text[slos]}
		return rulefile.Read(src, spec.ReadYAML(src, &r)[0], &r)
	}
	checkRules := func(slos int) float64 {
		return allocations(func() { check.Run(readRules(slos), check.Options{}) })
	}
	judgeRules := func(slos int) float64 {
		files := readRules(slos)
		return allocations(func() { check.Run(files, check.Options{}) })
	}
	for _, c := range []struct {
		what      string
		cost      func(slos int) float64
		few, more int // units of work
		most      float64
	}{
		{"compiling an SLO", compileFleet, few, more, 17_000},
		{"reading and checking a rule", checkRules, rules[few], rules[more], 320},
		{"checking a rule", judgeRules, rules[few], rules[more], 150},
	} {
		a, b := c.cost(few), c.cost(more)
		each := (b - a) / float64(c.more-c.few)
		if each > c.most {
			t.Errorf("%s makes %.0f objects, want at most %.0f", c.what, each, c.most)
		}
		if first := a / float64(c.few); each > 1.2*first {
			t.Errorf("%s makes %.0f objects among few and %.0f among many", c.what, first, each)
		}
		t.Logf("%s makes %.0f objects", c.what, each)
	}
}
