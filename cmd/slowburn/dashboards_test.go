package main

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/simulate"
)

// TestDashboardsShowData runs what the dashboards of the example systems ask
// over their scenarios.
func TestDashboardsShowData(t *testing.T) {
	systems, err := filepath.Glob("../../specs/*")
	if err != nil || len(systems) == 0 {
		t.Fatal("no systems", err)
	}
	for _, system := range systems {
		t.Run(filepath.Base(system), func(t *testing.T) {
			b := compiled(t, system)
			silent, count, err := b.proveDashboards(t.Context(), simulate.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if count == 0 {
				t.Error("there are no panels")
			}
			for _, p := range silent {
				t.Errorf("%s: %s shows nothing, or always the same: %v", p.dashboard.UID, p.Title, p.shows)
			}
		})
	}
}

// TestDashboardsThatShowNothing breaks dashboards, which must be noticed.
func TestDashboardsThatShowNothing(t *testing.T) {
	for name, change := range map[string]struct{ system, from, to string }{
		"a constant":            {"veza", `"expr": "slo:period_error_budget_remaining:ratio{service=\"veza\",slo=\"${slo}\"}"`, `"expr": "vector(0)"`},
		"the other label":       {"veza", `service=\"veza\",slo=\"${slo}\"}[$__rate_interval]`, `service=\"${slo}\"}[$__rate_interval]`},
		"a series of no rule":   {"veza", `slo:current_burn_rate:ratio{`, `slo:current_burn:ratio{`},
		"a signal of no series": {"alexandria", `sum(alexandria_backend_in_flight_requests)`, `sum(alexandria_backend_in_flight)`},
		"a quantile of nothing": {"alexandria", `sum by (le) (rate(llm_duration_ms_bucket[1m]))`, `sum(rate(llm_duration_ms_bucket[1m]))`},
		"a rate that is fixed":  {"alexandria", `sum(rate(query_count_total[1m]))`, `sum(rate(query_count_total[1m])) * 0`},
	} {
		t.Run(name, func(t *testing.T) {
			b := compiled(t, "../../specs/"+change.system)
			for i, a := range b.artifacts {
				if a.Path == "grafana/slo-"+change.system+".json" {
					b.artifacts[i].Bytes = []byte(strings.ReplaceAll(string(a.Bytes), change.from, change.to))
				}
			}
			silent, _, err := b.proveDashboards(t.Context(), simulate.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(silent) == 0 {
				t.Error("nobody notices")
			}
		})
	}
}

// TestAutoscalerLines holds that what something is scaled by is shown with the
// trigger's own query, and where there begin to be more replicas than the fewest,
// and cannot be more.
func TestAutoscalerLines(t *testing.T) {
	b := compiled(t, "../../specs/alexandria")
	var r diag.Report
	drawn := map[string][]string{}
	for _, d := range readDashboards(b.artifacts, &r) {
		for _, p := range d.Panels {
			if !strings.HasPrefix(p.Title, "Scaling ") {
				continue
			}
			for _, step := range p.Value.Get("fieldConfig").Get("defaults").Get("thresholds").Get("steps").Items()[1:] {
				drawn[p.Queries[0].Text] = append(drawn[p.Queries[0].Text], step.Get("value").Text)
			}
		}
	}
	want := map[string][]string{
		"sum(alexandria_backend_in_flight_requests)":                               {"5", "40"}, // 1 to 8 replicas
		"sum(rate(query_count_total[1m]))":                                         {"10"},
		"histogram_quantile(0.95, sum by (le) (rate(llm_duration_ms_bucket[1m])))": {"5000"},
	}
	if diff := cmp.Diff(want, drawn); diff != "" {
		t.Error(diff)
	}
}

// compiled is a folder of specs, compiled without findings that stop it.
func compiled(t *testing.T, dir string) *build {
	t.Helper()
	builds, report, err := compileAll(t.Context(), []string{dir}, nil, streams{in: os.Stdin, out: io.Discard, err: io.Discard})
	if err != nil || report.HasErrors() {
		t.Fatal(err, report.Findings())
	}
	return builds[0]
}

// TestBurnRateLines holds that a line is drawn at each factor that a rule
// multiplies a budget with, and nowhere else.
func TestBurnRateLines(t *testing.T) {
	b := compiled(t, "../../specs/veza")
	factors := map[float64]bool{}
	for _, f := range b.emitted.files {
		for _, r := range f.Rules() {
			if r.Alert == "" {
				continue
			}
			parser.Inspect(r.Expr, func(n parser.Node, _ []parser.Node) error {
				if m, ok := n.(*parser.BinaryExpr); ok && m.Op == parser.MUL && strings.Contains(r.Text, "sli_error") {
					if v, ok := expr.Constant(m.LHS); ok {
						factors[v] = true
					}
				}
				return nil
			})
		}
	}
	var r diag.Report
	drawn := map[float64]bool{}
	for _, d := range readDashboards(b.artifacts, &r) {
		for _, p := range d.Panels {
			if p.Title != "Burn rate by window" {
				continue
			}
			for _, step := range p.Value.Get("fieldConfig").Get("defaults").Get("thresholds").Get("steps").Items() {
				if v, err := strconv.ParseFloat(step.Get("value").Text, 64); err == nil {
					drawn[v] = true
				}
			}
		}
	}
	if len(factors) != 2 || !maps.Equal(factors, drawn) {
		t.Errorf("lines at %v, alerts at %v", drawn, factors)
	}
}

// TestDashboardsAreJudged breaks a limit that a generated dashboard draws.
func TestDashboardsAreJudged(t *testing.T) {
	b := compiled(t, "../../specs/veza")
	wrong := func() (n int) {
		for _, f := range judge(b, &configuration{}) {
			if f.Kind.Name == "other-limit" {
				n++
			}
		}
		return n
	}
	if n := wrong(); n > 0 {
		t.Errorf("%d limits are wrong", n)
	}
	for i, a := range b.artifacts {
		if a.Path == "grafana/slo-veza.json" {
			b.artifacts[i].Bytes = []byte(strings.ReplaceAll(string(a.Bytes), `"value": 30,`, `"value": 25,`))
		}
	}
	if n := wrong(); n != 1 {
		t.Errorf("%d limits are wrong, and one was broken", n)
	}
}
