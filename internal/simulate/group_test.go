package simulate

import (
	"context"
	"strings"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

const groupedRules = `groups:
  - name: orders
    rules:
      - {record: ratio5m, expr: '(sum by (tenant) (rate(orders_total{job="shop",code="500"}[5m])) or 0 * sum by (tenant) (rate(orders_total{job="shop"}[5m]))) / sum by (tenant) (rate(orders_total{job="shop"}[5m]))'}
      - {record: ratio1h, expr: '(sum by (tenant) (rate(orders_total{job="shop",code="500"}[1h])) or 0 * sum by (tenant) (rate(orders_total{job="shop"}[1h]))) / sum by (tenant) (rate(orders_total{job="shop"}[1h]))'}
      - {alert: OrdersSLOFast, expr: '(ratio1h > 0.144 and ratio5m > 0.144) and on (tenant) (sum by (tenant) (increase(orders_total{job="shop",code="500"}[1h])) >= 3)', labels: {service: shop, slo: orders}}
      - {alert: OrdersSLOMetricsAbsent, expr: '(group by (tenant) (last_over_time(ratio5m[1d])) unless on (tenant) group by (tenant) (orders_total{job="shop"})) or absent(sum(orders_total{job="shop"}))', for: 10m, labels: {service: shop, slo: orders}}
`

func proveGrouped(t *testing.T, rules string) (wrong []Result) {
	t.Helper()
	var r diag.Report
	var doc struct {
		slo.ServiceSpec
		ScenariosSpec
	}
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(`name: shop
burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]
slos: [{name: orders, per: [tenant], minErrors: 3, objective: 99%, availability: {total: 'orders_total{job="shop"}', bad: code="500"}}]
scenarios: [{name: few, slo: orders, traffic: 10, outage: 1h, expect: {Fast: {}}}]
`)}, &r)[0], &doc, &r)
	all := Resolve(doc.ScenariosSpec, slo.Resolve(&doc.ServiceSpec, nil, &r), &r).All()
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

// TestGrouped holds that each group is judged alone, and that rules are noticed which mix them up.
func TestGrouped(t *testing.T) {
	for _, r := range proveGrouped(t, groupedRules) {
		t.Errorf("%s: %s: predicted %s, observed %s\n%s", r.Scenario.Name, r.Prediction.Name(), r.Predicted(), r.Saw(), r.Timeline())
	}
	for _, c := range []struct{ name, old, new string }{
		{"all groups in one", "sum by (tenant)", "sum"},
		{"groups of another label", "sum by (tenant)", "sum by (instance)"},
		{"errors of one group, events of all", `/ sum by (tenant) (rate(orders_total{job="shop"}[1h]))`, `/ on () group_left sum (rate(orders_total{job="shop"}[1h]))`},
		{"a group without errors has no ratio, and its absence is not missed", ` or 0 * sum by (tenant) (rate(orders_total{job="shop"}[5m]))`, ``},
		{"the guard counts the errors of all groups", `and on (tenant) (sum by (tenant) (increase`, `and on () (sum (increase`},
		{"absence of all groups only", `(group by (tenant) (last_over_time(ratio5m[1d])) unless on (tenant) group by (tenant) (orders_total{job="shop"})) or absent`, `absent`},
		{"absence without the group", `or absent(sum(orders_total{job="shop"}))`, ``},
	} {
		broken := strings.ReplaceAll(groupedRules, c.old, c.new)
		if broken == groupedRules {
			t.Errorf("%s: nothing was broken", c.name)
		}
		if len(proveGrouped(t, broken)) == 0 {
			t.Errorf("%s: nobody noticed", c.name)
		}
	}
}

// TestGroupedWarmUp holds that what rules recorded of each group before a
// scenario is that scenario's own: a group beside fails all along in some, and
// does not in others.
func TestGroupedWarmUp(t *testing.T) {
	remembering := strings.NewReplacer(
		`(ratio1h > 0.144 and ratio5m > 0.144)`, `(avg_over_time(ratio5m[5m]) > 0.144)`,
		`(sum by (tenant) (increase(orders_total{job="shop",code="500"}[1h])) >= 3)`, `(avg_over_time(ratio5m[1h]) > 0.144)`,
	).Replace(groupedRules)
	if strings.Count(remembering, "avg_over_time") != 2 {
		t.Fatal("the rules do not remember")
	}
	for _, r := range proveGrouped(t, remembering) {
		if strings.HasSuffix(r.Scenario.Name, "disappears") {
			t.Errorf("%s: %s: predicted %s, observed %s", r.Scenario.Name, r.Prediction.Name(), r.Predicted(), r.Saw())
		}
	}
}
