package simulate

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// compiledRules are the rules of an SLO, in the groups that they are written to.
func compiledRules(t *testing.T, o *slo.SLO) []*rulefile.Group {
	t.Helper()
	text := "groups:\n"
	labels := func(set spec.Labels) string {
		var pairs []string
		for _, l := range set {
			pairs = append(pairs, l.Name.Text+": "+strconv.Quote(l.Value.Text))
		}
		return "{" + strings.Join(pairs, ", ") + "}"
	}
	for _, set := range o.RuleSets() {
		text += fmt.Sprintf("  - name: %s\n    interval: %s\n    rules:\n", o.GroupName(set.Purpose), spec.PrometheusDuration(set.Interval))
		for _, r := range set.Rules {
			text += fmt.Sprintf("      - {record: %s, expr: %q, labels: %s}\n", r.Record, expr.String(r.Expr), labels(r.Labels))
		}
	}
	service := *o.Service
	service.SLOs = []*slo.SLO{o}
	text += "  - name: alerts\n    rules:\n"
	for _, a := range alerts.Build(&service).All() {
		text += fmt.Sprintf("      - {alert: %s, expr: %q, for: %s, labels: %s}\n", a.Name, expr.String(a.Expr), spec.PrometheusDuration(a.For), labels(a.Labels))
	}
	return groups(t, text)
}

// watched are scenarios without those that ask for the compiler's own records.
func watched(all []Scenario) []Scenario {
	return slices.DeleteFunc(slices.Clone(all), func(s Scenario) bool { return s.snapshots != nil })
}

// everyKind has an SLO of each kind of indicator.
const everyKind = `name: shop
burn: [{name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}}, {name: Slow, budget: 10%, windows: [3d, 6h], labels: {severity: ticket}}]
absence: {for: 10m}
slos:
  - {name: orders, objective: 99.5%, availability: {total: 'http_requests_total{job="api"}', bad: 'status=~"5.."'}}
  - {name: guarded, objective: 99.5%, minErrors: 20, availability: {total: 'http_requests_total{job="api"}', bad: 'status=~"5.."'}}
  - {name: tenants, per: [tenant], objective: 99%, availability: {total: 'orders_total{job="shop"}', bad: code="500"}}
  - {name: latency, objective: 99.5%, latency: {of: 'latency_seconds{job="api"}', within: 500ms}}
  - {name: native, objective: 99.5%, nativeLatency: {of: 'rpc_seconds{job="api"}', within: 300ms}}
  - {name: slices, objective: 99%, timeSlice: {of: 'lag_seconds{job="db"}', atMost: 1s}}
  - {name: disk, objective: 95%, timeSlice: {of: 'free_bytes{job="db"}', outOf: 'size_bytes{job="db"}', atLeast: 15%, slice: 30s}}
  - {name: up, objective: 99.5%, probe: {of: 'up{job="db"}'}}
  - name: raw
    objective: 99.5%
    errorRatio:
      expr: sum(rate(bad_total{job="api"}[$window])) / sum(rate(all_total{job="api"}[$window]))
      series: [{of: 'all_total{job="api"}', good: 1, bad: 1}, {of: 'bad_total{job="api"}', bad: 1}]
`

func snapshotSLOs(t *testing.T) []*slo.SLO {
	t.Helper()
	var r diag.Report
	var doc slo.ServiceSpec
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(everyKind)}, &r)[0], &doc, &r)
	s := slo.Resolve(&doc, nil, &r)
	if r.HasErrors() {
		t.Fatal(r.Findings())
	}
	return s.SLOs
}

// TestSnapshots holds what compiled rules record, and which alerts they raise,
// against arithmetic, for every kind of indicator.
func TestSnapshots(t *testing.T) {
	for _, o := range snapshotSLOs(t) {
		results, err := RunAll(context.Background(), []Scenario{recorded(o)}, compiledRules(t, o), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r := results[0]; !r.OK() || r.Values < 10 {
			t.Errorf("%s: predicted %s, observed %s", o.Name, r.Predicted(), r.Saw())
		}
	}
}
