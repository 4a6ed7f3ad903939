package simulate

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser/posrange"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

const nativeRules = `groups:
  - name: rpc
    rules:
      - {record: h5m, expr: 'sum(rate(rpc_seconds{job="api"}[5m]))'}
      - {record: h1h, expr: 'sum(rate(rpc_seconds{job="api"}[1h]))'}
      - {alert: RpcSLOFast, expr: 'histogram_fraction(0.3, +Inf, h1h) > 0.072 and histogram_fraction(0.3, +Inf, h5m) > 0.072', labels: {service: db, slo: rpc}}
      - {alert: RpcSLOMetricsAbsent, expr: 'absent(rpc_seconds{job="api"})', for: 10m, labels: {service: db, slo: rpc}}
`

// proveNative runs all scenarios of an SLO over native histograms, and counts
// the alerts that do not do as predicted.
func proveNative(t *testing.T, rules string) (wrong []Result) {
	t.Helper()
	var r diag.Report
	var doc slo.ServiceSpec
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(`name: db
burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]
slos: [{name: rpc, objective: 99.5%, nativeLatency: {of: 'rpc_seconds{job="api"}', within: 300ms}}]
`)}, &r)[0], &doc, &r)
	all := Resolve(ScenariosSpec{}, slo.Resolve(&doc, nil, &r), &r).All()
	if r.Len() > 0 {
		t.Fatal(r.Findings())
	}
	results, err := RunAll(context.Background(), watched(all), groups(t, rules), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range results {
		if !res.OK() {
			wrong = append(wrong, res)
		}
	}
	return wrong
}

// TestNative holds predictions against rules over native histograms, and wants rules noticed that are wrong.
func TestNative(t *testing.T) {
	for _, r := range proveNative(t, nativeRules) {
		t.Errorf("%s: %s: predicted %s, observed %s\n%s", r.Scenario.Name, r.Prediction.Alert, r.Predicted(), r.Saw(), r.Timeline())
	}
	for _, c := range []struct{ name, old, new string }{
		{"a limit that is too high", "(0.3, +Inf, h1h)", "(0.4, +Inf, h1h)"},
		{"a limit that is too low", "(0.3, +Inf, h1h)", "(0.2, +Inf, h1h)"},
		{"the job is not selected", `{job="api"}[1h]`, `[1h]`},
		{"the fast instead of the slow", "(0.3, +Inf, h1h)", "(0, 0.3, h1h)"},
	} {
		if len(proveNative(t, strings.ReplaceAll(nativeRules, c.old, c.new))) == 0 {
			t.Errorf("%s: nobody noticed", c.name)
		}
	}
}

// TestNativeHistogram holds that good and bad events lie on different sides of the limit, each in a bucket of its own.
func TestNativeHistogram(t *testing.T) {
	for _, limit := range []float64{1e-6, 0.005, 0.25, 0.3, 0.5, 1, 1.0905, 5, 300, 1e5} {
		h := nativeHistogram(slo.Native{Good: 0.9 * limit, Bad: 1.1 * limit}, []float64{70, 30})
		if err := h.Validate(); err != nil {
			t.Fatal(err)
		}
		if share, _ := promql.HistogramFraction(math.Inf(-1), limit, h, "", posrange.PositionRange{}); math.Abs(share-0.7) > 1e-12 {
			t.Errorf("limit %v: %v are good in %s", limit, share, h)
		}
	}
	var m made
	m.columns, m.times = [][]float64{{1, 2, 3}, {0, 1, 2}}, []int64{0, 30, 60}
	m.makeHistograms(slo.Native{Good: 1, Bad: 3})
	want := `{{schema:3 count:1 sum:1 buckets:[1]}}+{{schema:3 count:2 sum:4 buckets:[1 0 0 0 0 0 0 0 0 0 0 0 0 1]}}x2`
	if got := m.notation(30); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
