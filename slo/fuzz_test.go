package slo

import (
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// FuzzResolve resolves services of any text. Whatever is accepted must come to
// rules that Prometheus parses, and that say what was composed.
func FuzzResolve(f *testing.F) {
	for _, slos := range []string{
		`{name: x, objective: 99%, availability: {total: 'http_requests_total{job="api"}', good: 'status=~"2..",method="GET"'}}`,
		`{name: x, objective: 99%, latency: {of: rpc_ms, within: 250ms}}`,
		`{name: x, objective: 99%, nativeLatency: {of: 'rpc_ms{job="api"}', within: 1ns}}`,
		`{name: x, per: [job], objective: 99%, minErrors: 2, hitRatio: {hits: 'cache_lookups_total{result="hit"}', misses: 'cache_lookups_total{result="miss"}'}}`,
		`{name: x, objective: 99%, hitRatio: {hits: 'cache_lookups_total{result="hit"}', total: cache_lookups_total}}`,
		`{name: x, objective: 0.1%, timeSlice: {of: 'query_seconds{quantile="0.99"}', atMost: -0.5, slice: 1m}}`,
		`{name: x, objective: 99%, timeSlice: {of: volume_free_bytes, outOf: volume_bytes, atLeast: 15%, slice: 30s}}`,
		`{name: x, per: [instance], objective: 99%, probe: {of: up}}`,
		`{name: x, objective: 99%, errorRatio: {expr: "1 - rate(failures_total[$window]) / (1 + delta(queue_length[$window:1m]))", series: [{of: failures_total, good: 1, bad: 0.5}]}}`,
	} {
		f.Add("name: shop\nslos: [" + slos + "]")
		f.Add("name: shop\nperiod: 28d\nsumsAbove: 30d\nburn: [{name: A, factor: 2.1, alert: B, for: 1m, windows: [1h, 5m]}, {name: B, budget: 1%, for: 1m, windows: [2h, 10m]}]\nslos: [" + slos + "]")
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r diag.Report
		catalogue := ReadCatalogue(&diag.Source{Name: "metrics.prom", Text: []byte(testMetrics)}, []string{"job", "instance"}, &r)
		for _, d := range spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r) {
			for _, known := range []*Catalogue{nil, catalogue} {
				var doc ServiceSpec
				spec.Decode(d, &doc, &r)
				for _, o := range Resolve(&doc, known, &r).SLOs {
					checkRules(t, o)
				}
			}
		}
	})
}

func checkRules(t *testing.T, o *SLO) {
	t.Helper()
	o.Groups()
	o.SLI.Streams()
	_ = o.SLI.Events()
	for _, set := range o.RuleSets() {
		for _, rule := range set.Rules {
			printed := expr.String(rule.Expr)
			parsed, err := expr.Parse(printed)
			if err != nil || parsed.String() != rule.Expr.String() {
				t.Errorf("%s of %s is composed as\n%s\nand read as\n%v (%v)", rule.Record, o.Kind, rule.Expr, parsed, err)
			}
		}
	}
}
