package simulate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// thresholds resolves the alerts of a spec, with their scenarios.
func thresholds(t *testing.T, text string) (*alerts.Service, []Scenario, []string) {
	t.Helper()
	var r diag.Report
	var doc struct {
		slo.ServiceSpec
		alerts.AlertsSpec
		ScenariosSpec
	}
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)[0], &doc, &r)
	targetLabels := []string{"job", "instance"}
	for _, l := range doc.TargetLabels {
		targetLabels = append(targetLabels, l.Text)
	}
	catalogue := slo.ReadCatalogue(&diag.Source{Name: "m", Text: []byte(thresholdMetrics)}, targetLabels, &r)
	s := alerts.Resolve(&doc.AlertsSpec, slo.Resolve(&doc.ServiceSpec, catalogue, &r), &r)
	scenarios := ResolveAlerts(doc.ScenariosSpec, s, &r)
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
	}
	return s, scenarios, findings
}

// thresholdRules are the rules of the alerts, as a rule file has them, with
// their expressions edited.
func thresholdRules(s *alerts.Service, edit func(expr string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "groups:\n  - name: alerts\n    interval: %s\n    rules:\n", spec.PrometheusDuration(s.EvaluationInterval))
	for _, a := range s.Thresholds {
		fmt.Fprintf(&b, "      - alert: %s\n        expr: %q\n        for: %s\n        keep_firing_for: %s\n        labels:\n", a.Name, edit(a.Expr.String()),
			spec.PrometheusDuration(a.For), spec.PrometheusDuration(a.KeepFiringFor))
		for _, l := range a.Labels {
			fmt.Fprintf(&b, "          %s: %q\n", l.Name.Text, l.Value.Text)
		}
		b.WriteString("        annotations:\n")
		for _, n := range a.Annotations {
			fmt.Fprintf(&b, "          %s: %q\n", n.Name, n.Text)
		}
	}
	return b.String()
}

// TestThresholds holds that every kind does what its arithmetic predicts, for
// several intervals of scraping and evaluation.
func TestThresholds(t *testing.T) {
	for _, intervals := range []string{"", "scrapeInterval: 15s\n", "scrapeInterval: 15s\nevaluationInterval: 1m\n", "scrapeInterval: 1m\nevaluationInterval: 30s\n"} {
		t.Run(intervals, func(t *testing.T) {
			t.Parallel()
			s, scenarios, findings := thresholds(t, intervals+thresholdAlerts)
			if len(findings) > 0 {
				t.Fatal(findings)
			}
			results, err := RunAll(context.Background(), scenarios, groups(t, thresholdRules(s, func(expr string) string { return expr })), Options{})
			if err != nil {
				t.Fatal(err)
			}
			fires := map[string]bool{}
			for _, r := range results {
				if r.Prediction.Close {
					t.Errorf("%s: %s is too close to call", r.Prediction.Alert, r.Scenario.Name)
				}
				if !r.OK() {
					t.Errorf("%s: %s: predicted %s, observed %s\n%s", r.Prediction.Alert, r.Scenario.Name, r.Predicted(), r.Saw(), r.Timeline())
				}
				fires[r.Scenario.Subject.Name()] = fires[r.Scenario.Subject.Name()] || len(r.Prediction.Fires) > 0
			}
			for name, ok := range fires {
				if !ok {
					t.Errorf("%s fires in no scenario", name)
				}
			}
		})
	}
}

// TestBrokenThresholds breaks the rule of each kind, and wants some scenario to
// notice it.
func TestBrokenThresholds(t *testing.T) {
	for _, c := range []struct{ alert, from, to string }{
		{"Down", `up{job="api"}`, `up`},
		{"Down", ` or absent(max(up{job="api"}))`, ``},
		{"Down", `max(`, `min by (instance) (`},
		{"DownEach", `up{job="api"}`, `up{job="worker"}`},
		{"DownEach", `max(up{job="api"})`, `up{job="api"}`},
		{"DownPer", `by (instance)`, ``},
		{"Share", `> 0.05`, `> 0.052`},
		{"Share", `> 0.05`, `> 0.048`},
		{"Share", `[5m]`, `[10m]`},
		{"Share", `status=~"5.."`, `status="500"`},
		{"Share", `{job="api"}`, ``},
		{"Share", `sum(`, `avg(`},
		{"ShareGood", `status=~"2.."`, `status!~"5.."`},
		{"ShareFew", ` >= 5`, ` >= 3`},
		{"ShareFew", ` >= 5`, ` >= 50`},
		{"SharePer", `by (path) `, ``},
		{"Hits", `or 0 * sum(rate(misses_total{cache="c"}[10m]))`, ``},
		{"Hits", `> 100`, `> 50`},
		{"Hits", `> 100`, `> 10000000`},
		{"HitsAny", `< 0.9`, `<= 1`},
		{"Slow", `0.95`, `0.96`},
		{"Slow", `> 2`, `> 4.9`},
		{"Slow", `> 2`, `> 1.9`},
		{"SlowPer", `by (le, path)`, `by (le)`},
		{"Summary", `quantile="0.99"`, `quantile="0.5"`},
		{"Summary", `> 1000`, `> 1`},
		{"Lag", `max by (topic) `, ``},
		{"Lag", `by (topic) `, ``},
		{"LagAll", `max(`, `min(`},
		{"Volume", `by (claim) `, `by (claim, instance) `},
		{"Volume", `0.85`, `0.87`},
		{"VolumeFills", ` unless on (claim) max by (claim) (read_only{mode="ro"}) == 1`, ``},
		{"VolumeFills", `4 * 86400`, `86400`},
		{"VolumeFills", `0.6`, `0.65`},
		{"VolumeFills", `max by (claim) (1 - avail_bytes{claim!~"x.*"} / size_bytes{claim!~"x.*"} > 0.6 and predict_linear(avail_bytes{claim!~"x.*"}[6h], 4 * 86400) < 0)`,
			`(max by (claim) (1 - avail_bytes{claim!~"x.*"} / size_bytes{claim!~"x.*"}) > 0.6 and min by (claim) (predict_linear(avail_bytes{claim!~"x.*"}[6h], 4 * 86400)) < 0)`},
		{"VolumeFills", `or max by (claim) (1 - inodes_free`, `and max by (claim) (1 - inodes_free`},
		{"Expiry", `30 * 86400`, `29 * 86400`},
		{"Expiry", `min by (name) `, ``},
		{"BeatAny", `max(`, `min(`},
		{"BeatAny", ` or absent(max(beat_seconds{job="api"})) * NaN`, ``},
		{"BeatAny", ` * NaN`, ``},
		{"BeatOld", ` > 3600`, ` > 3600 or absent(max(beat_seconds{job="api"}))`},
		{"ExpiryAny", `min(`, `max(`},
		{"ExpiryAny", ` < 15`, ` < 15 * 86400 or absent(max(expiry_seconds{job="tls"})) < 15`},
		{"ExpiryGone", ` or absent(max(expiry_seconds{job="tls"})) * NaN`, ``},
		{"ExpiryGone", ` * NaN`, ``},
		{"LagGone", ` or absent(max(lag_seconds{job="api"})) * NaN`, ``},
		{"ColdGone", ` or absent(max(temperature)) * NaN`, ``},
		{"StuckAny", `min(`, `max(`},
		{"NeverBelow", `< 0`, `<= 0`},
		{"HitsPer", `by (cache) `, ``},
		{"Beat", `> 600`, `> 700`},
		{"Beat", `max by (agent) `, ``},
		{"Stuck", ` > 0)`, `)`},
		{"Stuck", `2 * 3600`, `3 * 3600`},
		{"Pool", `sum(pool_used{job="db"})`, `max(pool_used)`},
		{"PoolPer", `by (instance) `, ``},
		{"Memory", `min by (instance) `, ``},
		{"Memory", `< 0.1`, `< 0.2`},
		{"Hot", `by (room) `, ``},
		{"Hot", `> 29.5`, `> 31`},
		{"Some", `> 0`, `>= 0`},
		{"Cold", `< -5`, `< -6`},
		{"Timeouts", `[5m]`, `[10m]`},
		{"ManyTimeouts", `> 50`, `> 55`},
		{"Backlog", `> 50`, `> 52`},
		{"Backlog", `> 50`, `> 48`},
		{"Backlog", `offset 15m`, `offset 10m`},
		{"Backlog", `by (queue) `, ``},
		{"Backlog", `by (queue) `, `by (queue, instance) `},
		{"Backlog", `{job="mq"}`, ``},
		{"Backlog", ` and `, ` or `},
		{"BacklogAll", ` and `, ` or `},
		{"BacklogAll", ` and sum(unacked offset 5m) - sum(unacked offset 10m) > 0.25`, ``},
		{"BacklogAll", `sum(`, `avg(`},
		{"Hotspot", `() 3 *`, `() 3.2 *`},
		{"Hotspot", `>= 3`, `>= 2`},
		{"Hotspot", ` >= 10`, ` >= 0`},
		{"Hotspot", `quantile(`, `0 * quantile(`},
		{"HotPer", `group_left () 3 * quantile by (queue) (`, `group_left () 9 * quantile by (queue) (`},
		{"HotPer", ` >= 10`, ` >= 0`},
		{"HotPer", `by (queue, node)`, `by (node)`},
		{"LowPer", `by (queue, node)`, `by (node)`},
		{"LowPer", `0.25 *`, `0.24 *`},
		{"LowPer", `0.25 *`, `0.26 *`},
		{"LowPer", `count by (queue) `, `3 + count by (queue) `},
		{"LowPer", `bottomk`, `topk`},
		{"SlowNode", `0.5 *`, `0.45 *`},
		{"SlowNode", ` and group by (node) (node_total{job="db"})`, ``},
		{"SlowNode", ` and group by (node) (node_total{job="db"} offset 5m)`, ``},
		{"Raw", `< 0.1`, `< 0.11`},
		{"RawSignal", `{job="node"}`, ``},
	} {
		t.Run(c.alert+" "+c.to, func(t *testing.T) {
			t.Parallel()
			s, scenarios, _ := thresholds(t, thresholdAlerts)
			scenarios = slices.DeleteFunc(scenarios, func(s Scenario) bool { return s.Alert.Name != c.alert })
			s.Thresholds = slices.DeleteFunc(s.Thresholds, func(a alerts.Alert) bool { return a.Name != c.alert })
			broken := thresholdRules(s, func(expr string) string {
				if !strings.Contains(expr, c.from) && c.alert != "DownEach" {
					t.Fatalf("the rule has no %s: %s", c.from, expr)
				}
				return strings.ReplaceAll(expr, c.from, c.to)
			})
			results, err := RunAll(context.Background(), scenarios, groups(t, broken), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(results, func(r Result) bool { return !r.OK() }) {
				t.Errorf("nothing notices\n%s", broken)
			}
		})
	}
}

// TestExpectedAlerts holds what a scenario of an alert may expect.
func TestExpectedAlerts(t *testing.T) {
	for _, c := range []struct{ scenario, want string }{
		{"{name: a, alert: Down, outage: 1m, expect: silent}", ""},
		{"{name: a, alert: Down, outage: 5m, expect: {fires: 2m, clears: 0s}}", ""},
		{"{name: a, alert: Down, vanishes: 5m, expect: {fires: 2m}}", ""},
		{"{name: a, alert: Share, outage: 5m, errors: 50%, expect: {fires: 30s}}", ""},
		{"{name: a, alert: Share, outage: 5m, errors: 5%, expect: silent}", ""},
		{"{name: a, alert: Beat, outage: 16m, expect: {fires: 15m}}", ""},
		{"{name: a, alert: DownEach, outage: 5m, expect: {fires: 1m}}", ""}, // 45s are two evaluations
		{"{name: a, alert: Off, outage: 5m, expect: silent}", ""},
		{"{name: a, alert: Down, outage: 5m, expect: silent}", "11:48: Down fires in this scenario, after 2m; expect {fires: 2m}, or a shorter outage (wrong-prediction)"},
		{"{name: a, alert: Down, outage: 1m, expect: {fires: 2m}}", "11:48: Down cannot fire in this scenario; expect it to be silent: it needs 2m (wrong-prediction)"},
		{"{name: a, alert: Down, outage: 5m, expect: {fires: 3m}}", "11:56: Down fires after 2m, not 3m; write 2m (wrong-prediction)"},
		{"{name: a, alert: Down, outage: 5m, expect: {Fast: {fires: 3m}}}", "11:48: an alert has no tiers; write {fires: 2m}, or silent (bad-value)"},
		{"{name: a, alert: Downn, outage: 5m, expect: silent}", `11:22: there is no threshold alert "Downn"; did you mean "Down"? (unknown-reference)`},
		{"{name: a, alert: Down, outage: 5m, traffic: 5, expect: silent}", "11:49: Down measures a level and counts no events: traffic means nothing; leave it out (unknown-key)"},
		{"{name: a, alert: Down, slo: x, outage: 5m, expect: silent}", "11:22: the scenario names an SLO and an alert; keep one of them (unknown-key)"},
		{"{name: a, alert: Down, outage: 5m, vanishes: 5m, expect: silent}", "11:50: the scenario has an outage, and its series vanish; keep one of them (unknown-key)"},
		{"{name: a, alert: Down, expect: silent}", `11:5: key "outage" is missing; say how long it lasts: outage: 5m (missing-key)`},
		{"{name: a, alert: Down, outage: 9999d, expect: silent}", "11:5: the scenario would take 28797120 scrapes, more than the 500000 that are run; use a shorter time, or a longer scrapeInterval (bad-value)"},
	} {
		_, _, findings := thresholds(t, `name: shop
alerts:
  - {name: Down, down: {of: 'up{job="api"}'}, for: 2m}
  - {name: DownEach, down: {of: up, each: {job: [api, worker]}}, for: 45s}
  - {name: Off, enabled: false, down: {of: up}}
  - {name: Beat, heartbeat: {at: 'beat_seconds{job="api"}', per: [agent], olderThan: 10m}, for: 5m}
  - name: Share
    errorShare: {total: 'requests_total{job="api"}', bad: 'status=~"5.."', above: 5%, over: 5m}
    labels: {a: b}
scenarios:
  - `+c.scenario+"\n")
		if got := strings.Join(findings, "\n"); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.scenario, got, c.want)
		}
	}
}

// TestUnprovable holds that an alert for which no series can be made up is
// found, and that it is told what can be done.
func TestUnprovable(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`lag_seconds > 5`, ""},
		{`2 * (lag_seconds - 1) <= 4`, ""},
		{`5 / lag_seconds < 1`, "3:5"},
		{`sum(lag_seconds) > 5`, "3:5"},
		{`rate(requests_total[5m]) > 5`, "3:5"},
		{`lag_seconds offset 5m > 5`, "3:5"},
		{`lag_seconds == 5`, "3:5"},
		{`lag_seconds > bool 5`, "3:5"},
		{`lag_seconds > lag_seconds`, "3:5"},
		{`lag_seconds - lag_seconds > 5`, "3:5"},
		{`absent(lag_seconds)`, "3:5"},
	} {
		_, scenarios, findings := thresholds(t, "name: shop\nalerts:\n  - {name: A, expr: '"+c.expr+"'}\n")
		got := strings.Join(findings, "\n")
		if (got == "") != (c.want == "") || c.want != "" && got != c.want+": the alert A cannot be proven: no series can be made up for its expression; "+
			"write what it aggregates as a kind, such as above: {of: METRIC, value: 5, per: [LABEL]}, or compare gauges with a number without functions and aggregation; for what has to stay as it is, write a unit test (unproven-alert)" || (len(scenarios) > 0) != (c.want == "") {
			t.Errorf("%s: %s, %d scenarios", c.expr, got, len(scenarios))
		}
	}
}

// TestSeriesOnce holds that no series is made up twice, also where a selector
// names the instance, a label of every series.
func TestSeriesOnce(t *testing.T) {
	_, scenarios, findings := thresholds(t, strings.ReplaceAll(thresholdAlerts, `job="api"`, `job="api",instance="a:1"`))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, s := range scenarios {
		for _, notes := range []*notebook{nil, newNotebook()} {
			seen := map[string]bool{}
			s.scraped.eachSeries(s.Watch.Until, notes, func(m made) {
				name := m.labels.String()
				if seen[name] {
					t.Errorf("%s, %s: %s is made up twice", s.Subject.Name(), s.Name, name)
				}
				seen[name] = true
			})
		}
	}
}

// TestExportedMembers holds that the exported tests ask for the member that
// fires: a rule that lost its labels must not pass them.
func TestExportedMembers(t *testing.T) {
	_, scenarios, findings := thresholds(t, thresholdAlerts)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	asked, exporter := map[string]string{}, NewExporter()
	for _, s := range scenarios {
		for _, a := range exporter.Export(&s).Assertions {
			if !a.Fires {
				continue
			}
			var names []string
			for _, l := range a.Group {
				names = append(names, l.Name)
				if l.Value == "" {
					t.Errorf("%s: %s is empty", a.Alert, l.Name)
				}
			}
			asked[a.Alert] = strings.Join(names, " ")
		}
	}
	for alert, want := range map[string]string{"Down": "", "DownPer": "instance", "SharePer": "path", "Volume": "claim", "HotPer": "node queue"} {
		if got, fires := asked[alert]; got != want || !fires {
			t.Errorf("%s: the tests ask for the labels %q, not %q", alert, got, want)
		}
	}
}
