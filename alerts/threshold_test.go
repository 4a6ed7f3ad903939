package alerts

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

const thresholdMetrics = `# TYPE up gauge
up 1
# TYPE requests_total counter
requests_total{path="/a",status="200"} 5
requests_total{path="/a",status="500"} 5
# TYPE hits_total counter
hits_total 1
# TYPE misses_total counter
misses_total 1
# TYPE answer_seconds histogram
answer_seconds_bucket{path="/a",le="0.5"} 4
answer_seconds_bucket{path="/a",le="2"} 5
answer_seconds_bucket{path="/a",le="+Inf"} 5
answer_seconds_sum{path="/a"} 1.5
answer_seconds_count{path="/a"} 5
# TYPE work_ms summary
work_ms{quantile="0.5"} 1
work_ms{quantile="0.99"} 1
# TYPE lag_seconds gauge
lag_seconds{topic="a"} 1
# TYPE at_seconds gauge
at_seconds{topic="a"} 1.7e9
# TYPE avail_bytes gauge
avail_bytes{claim="data-0"} 1
# TYPE size_bytes gauge
size_bytes{claim="data-0"} 5
# TYPE node_total counter
node_total{node="n1"} 1
# TYPE acks_total counter
acks_total{queue="a",node="n1"} 1
# TYPE node_up gauge
node_up{node="n1"} 1
node_up{node="n2"} 1
`

// resolveAlerts resolves alerts, of which each is a line from line 3 on.
func resolveAlerts(t *testing.T, lines ...string) (*Service, []string) {
	t.Helper()
	text := "name: shop\nalerts:\n"
	for _, l := range lines {
		text += "  - {" + l + "}\n"
	}
	return resolveText(t, text)
}

func resolveText(t *testing.T, text string) (*Service, []string) {
	t.Helper()
	var r diag.Report
	var doc struct {
		slo.ServiceSpec
		AlertsSpec
	}
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)[0], &doc, &r)
	catalogue := slo.ReadCatalogue(&diag.Source{Name: "m", Text: []byte(thresholdMetrics)}, []string{"job", "instance"}, &r)
	s := Resolve(&doc.AlertsSpec, slo.Resolve(&doc.ServiceSpec, catalogue, &r), &r)
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
	}
	return s, findings
}

// TestKinds holds the rule that each kind makes, and what it is called in words.
func TestKinds(t *testing.T) {
	for _, c := range []struct{ spec, expr, condition string }{
		{`down: {of: 'up{job="api"}'}`, `max(up{job="api"}) == 0 or absent(max(up{job="api"}))`, `up{job="api"} is 0 everywhere, or gone`},
		{`errorShare: {total: requests_total, bad: 'status=~"5.."', above: 5%, over: 5m}`,
			`sum(rate(requests_total{status=~"5.."}[5m])) / sum(rate(requests_total[5m])) > 0.05`, `more than 5% of requests_total were bad in 5m`},
		{`errorShare: {total: requests_total, bad: 'status=~"5.."', above: 5%, atLeast: 3, over: 5m, per: [path]}`,
			`sum by (path) (rate(requests_total{status=~"5.."}[5m])) / sum by (path) (rate(requests_total[5m])) > 0.05 and sum by (path) (increase(requests_total{status=~"5.."}[5m])) >= 3`,
			`more than 5% of requests_total were bad in 5m, and at least 3`},
		{`hitRate: {hits: hits_total, misses: misses_total, below: 50%, over: 10m}`,
			`(sum(rate(hits_total[10m])) or 0 * sum(rate(misses_total[10m]))) / ((sum(rate(hits_total[10m])) or 0 * sum(rate(misses_total[10m]))) + sum(rate(misses_total[10m]))) < 0.5`,
			`less than 50% of lookups were hits in 10m (hits_total)`},
		{`latencyQuantile: {of: answer_seconds, quantile: 95%, above: 500ms, over: 5m}`,
			`histogram_quantile(0.95, sum by (le) (rate(answer_seconds_bucket[5m]))) > 0.5`, `the p95 of answer_seconds is above 500ms over 5m`},
		{`summaryQuantile: {of: work_ms, quantile: 99%, above: 1s}`, `max(work_ms{quantile="0.99"}) > 1000`, `the p99 of work_ms is above 1s`},
		{`lag: {of: lag_seconds, above: 30s, unit: ms, per: [topic]}`, `max by (topic) (lag_seconds) > 30000`, `lag_seconds is above 30s`},
		{`volume: {available: avail_bytes, size: size_bytes, per: [claim], usedAbove: 85%}`,
			`max by (claim) (1 - avail_bytes / size_bytes) > 0.85`, `more than 85% of a volume is used`},
		{`volume: {available: avail_bytes, size: size_bytes, per: [claim], fullWithin: {time: 4d, usedAbove: 60%}}`,
			`max by (claim) (1 - avail_bytes / size_bytes > 0.6 and predict_linear(avail_bytes[6h], 4 * 86400) < 0)`,
			`more than 60% of a volume is used and it will be full within 4d`},
		{`expiry: {at: at_seconds, within: 21d}`, `min(at_seconds) - time() < 21 * 86400`, `at_seconds is less than 21d ahead`},
		{`heartbeat: {at: at_seconds, olderThan: 10m}`, `time() - max(at_seconds) > 600 or absent(max(at_seconds)) * NaN`, `at_seconds is more than 10m ago, or it is gone`},
		{`heartbeat: {at: at_seconds, olderThan: 10m, firesWhenGone: false}`, `time() - max(at_seconds) > 600`, `at_seconds is more than 10m ago`},
		{`heartbeat: {at: at_seconds, olderThan: 10m, per: [topic]}`, `time() - max by (topic) (at_seconds) > 600 or absent(max(at_seconds)) * NaN`, `at_seconds is more than 10m ago, or it is gone`},
		{`expiry: {at: at_seconds, within: 21d, firesWhenGone: true}`, `min(at_seconds) - time() < 21 * 86400 or absent(max(at_seconds)) * NaN`, `at_seconds is less than 21d ahead, or it is gone`},
		{`lag: {of: lag_seconds, above: 30s, firesWhenGone: true}`, `max(lag_seconds) > 30 or absent(max(lag_seconds)) * NaN`, `lag_seconds is above 30s, or it is gone`},
		{`above: {of: lag_seconds, value: 5, firesWhenGone: true}`, `max(lag_seconds) > 5 or absent(max(lag_seconds)) * NaN`, `lag_seconds is above 5, or it is gone`},
		{`below: {of: lag_seconds, value: 5, firesWhenGone: true}`, `min(lag_seconds) < 5 or absent(max(lag_seconds)) * NaN`, `lag_seconds is below 5, or it is gone`},
		{`stuck: {since: at_seconds, longerThan: 2h}`, `time() - min(at_seconds > 0) > 2 * 3600`, `at_seconds is more than 2h ago`},
		{`saturation: {used: up, limit: lag_seconds, above: 85%}`, `sum(up) / (sum(lag_seconds) > 0) > 0.85`, `more than 85% of lag_seconds is used (up)`},
		{`memory: {available: avail_bytes, total: size_bytes, below: 10%}`, `min by (instance) (avail_bytes / size_bytes) < 0.1`, `less than 10% of the memory is available`},
		{`above: {of: lag_seconds, value: 29.5}`, `max(lag_seconds) > 29.5`, `lag_seconds is above 29.5`},
		{`below: {of: lag_seconds, value: -5}`, `min(lag_seconds) < -5`, `lag_seconds is below -5`},
		{`increasing: {of: hits_total, over: 5m}`, `sum(increase(hits_total[5m])) > 0`, `hits_total increased in 5m`},
		{`growing: {of: lag_seconds, over: 30m, by: 25, per: [topic]}`,
			`sum by (topic) (lag_seconds) - sum by (topic) (lag_seconds offset 15m) > 12.5 and sum by (topic) (lag_seconds offset 15m) - sum by (topic) (lag_seconds offset 30m) > 12.5`,
			`lag_seconds grew by more than 12.5 in the last 15m, and as much in the 15m before`},
		{`outlier: {of: node_total, member: node, above: 3}`,
			`sum by (node) (rate(node_total[5m])) > on () group_left () 3 * quantile(0.5, sum by (node) (rate(node_total[5m])) unless topk(1, sum by (node) (rate(node_total[5m])))) and on () count(sum by (node) (rate(node_total[5m]))) >= 3`,
			`one node has more than 3 times as much of node_total as the median of the others`},
		{`outlier: {of: acks_total, member: node, per: [queue], below: 25%, members: 4}`,
			`sum by (queue, node) (rate(acks_total[5m])) < on (queue) group_left () 0.25 * quantile by (queue) (0.5, sum by (queue, node) (rate(acks_total[5m])) unless bottomk by (queue) (1, sum by (queue, node) (rate(acks_total[5m])))) and group by (queue, node) (acks_total) and group by (queue, node) (acks_total offset 5m) and on (queue) count by (queue) (sum by (queue, node) (rate(acks_total[5m]))) >= 4`,
			`one node has less of acks_total than 25% of the median of the others`},
		{`expr: 'lag_seconds > 5.0'`, `lag_seconds > 5`, `lag_seconds > 5 has a result`},
	} {
		s, findings := resolveAlerts(t, "name: A, "+c.spec)
		if len(findings) > 0 || len(s.Thresholds) != 1 {
			t.Errorf("%s: %v", c.spec, findings)
			continue
		}
		a := s.Thresholds[0]
		if got := a.Expr.String(); got != c.expr {
			t.Errorf("%s:\ngot  %s\nwant %s", c.spec, got, c.expr)
		}
		if a.Threshold.Condition != c.condition {
			t.Errorf("%s: got %q, want %q", c.spec, a.Threshold.Condition, c.condition)
		}
	}
}

// TestMembers holds that each listed member gets a rule of its own, which keeps
// its name when the member is gone.
func TestMembers(t *testing.T) {
	s, findings := resolveAlerts(t, "name: ServiceDown, component: x, down: {of: up, each: {job: [a, b]}, componentFrom: job}, for: 3m")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	var got []string
	for _, a := range s.Thresholds {
		got = append(got, fmt.Sprintf("%s %s %v %s", a.Name, a.Threshold.Member, a.LabelSet(), a.Expr))
	}
	want := []string{
		`ServiceDown a map[alertname:ServiceDown component:a job:a service:shop] max(up{job="a"}) == 0 or absent(max(up{job="a"}))`,
		`ServiceDown b map[alertname:ServiceDown component:b job:b service:shop] max(up{job="b"}) == 0 or absent(max(up{job="b"}))`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestAnnotations holds that nothing of a spec is a template unless it is meant
// to be one, and that what fires is named.
func TestAnnotations(t *testing.T) {
	s, findings := resolveAlerts(t,
		`name: A, summary: 'too {{ hot }}', lag: {of: 'lag_seconds{topic="{{ x }}"}', above: 30s, per: [topic]}, for: 5m, annotations: {team: 'of {{ $labels.topic }}'}`,
		`name: B, down: {of: up, per: [instance]}`,
		`name: C, heartbeat: {at: at_seconds, olderThan: 10m}`)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	want := []Annotation{
		{"description", `The lag is {{ $value | humanizeDuration }}. It fires while lag_seconds{topic="{{ "{{" }} x }}"} is above 30s, for 5m.`},
		{"summary", `shop: too {{ "{{" }} hot }} (topic {{ $labels.topic }})`},
		{"team", "of {{ $labels.topic }}"},
	}
	if diff := cmp.Diff(want, s.Thresholds[0].Annotations); diff != "" {
		t.Error(diff)
	}
	if got, want := s.Thresholds[2].Annotations[0].Text, `{{ if eq (humanize $value) "NaN" }}It is gone: at_seconds has no series.{{ else }}`+
		`The last sign of life is {{ $value | humanizeDuration }} old.{{ end }} It fires while at_seconds is more than 10m ago, or it is gone.`; got != want {
		t.Error(got)
	}
	if got := s.Thresholds[1].Annotations[1].Text; got != "shop: b{{ if $labels.instance }} (instance {{ $labels.instance }}){{ end }}" {
		t.Error(got)
	}
}

// TestThresholdFindings holds that what is wrong is found where it stands, once.
func TestThresholdFindings(t *testing.T) {
	for _, c := range []struct{ alert, want string }{
		{`name: A`, "3:5: the alert compares nothing; add one of down, lag"},
		{`name: A, down: {of: up}, lag: {of: lag_seconds, above: 1s}`, "3:36: the alert has 2 conditions: down, lag; keep one of them (unknown-key)"},
		{`name: A, dwon: {of: up}`, `3:15: unknown key "dwon"; did you mean "down"?`},
		{`name: A, enabled: false`, ""},
		{`name: A, for: 5.5ms, down: {of: up}`, "3:20: Prometheus counts in milliseconds"},
		{`name: A, labels: {service: x}, down: {of: up}`, `3:24: label "service" holds the service's name`},
		{`name: A, labels: {slo: x}, down: {of: up}`, `3:24: label "slo" holds the name of an SLO`},
		{`name: A, labels: {alertname: x}, down: {of: up}`, `3:24: label "alertname" is set by Prometheus`},
		{`name: A, labels: {component: x}, component: y, down: {of: up}`, `3:24: label "component" is set by component already`},
		{`name: A, labels: {topic: x}, lag: {of: lag_seconds, above: 1s, per: [topic]}`, `3:24: members differ in the label "topic", which the alert sets to "x"`},
		{`name: A, down: {of: requests_total}`, "3:26: requests_total is a counter, whose value alone says nothing about now; use a gauge (wrong-metric-type)"},
		{`name: A, down: {of: upp}`, `3:26: the catalogue has no metric "upp"; did you mean "up"?`},
		{`name: A, down: {of: up, per: [instnace]}`, `3:36: up has no label "instnace"; did you mean "instance"? (unknown-label)`},
		{`name: A, expr: 'max by (toppic) (lag_seconds) > 5'`, `3:30: lag_seconds has no label "toppic"; did you mean "topic"? (unknown-label)`},
		{`name: A, expr: 'lag_seconds > on (toppic) requests_total'`, `3:40: lag_seconds and requests_total have no label "toppic"; did you mean "topic"? (unknown-label)`},
		{`name: A, expr: 'max by (new) (label_replace(lag_seconds, "new", "$1", "topic", "(.*)")) > 5'`, ``},
		{`name: A, expr: 'count by (lag) (count_values("lag", lag_seconds)) > 5'`, ``},
		{`name: A, expr: 'max by (instance, job, topic) (lag_seconds) > 5 unless on (other) absent(lag_seconds)'`, ``},
		{`name: A, expr: 'max without (pod) (lag_seconds) > 5'`, ``},
		{`name: A, down: {of: {signal: x}}`, `3:35: there is no signal "x"`},
		{`name: A, down: {of: node_up, each: {node: [n1, n2, n4]}}`, `3:57: no series of node_up in the catalogue has node="n4", and others that are listed: it would be down for ever; take it out, or add it to the catalogue (unknown-value)`},
		{`name: A, down: {of: node_up, each: {node: [n1, n4]}}`, ``}, // the page is perhaps of n1 alone
		{`name: A, down: {of: 'up{job="a"}', each: {job: [a, b]}}`, `3:57: up{job="a"} does not select job="b": it would be down for ever`},
		{`name: A, down: {of: up, each: {job: [a, a]}}`, `3:46: job "a" is listed already`},
		{`name: A, down: {of: up, each: {job: [a], instance: [b]}}`, `3:37: each lists the members of 2 labels`},
		{`name: A, down: {of: up, each: {job: [a]}, per: [instance]}`, `3:36: members are either listed (each) or found (per)`},
		{`name: A, down: {of: up, each: {jobb: [a]}}`, `3:37: up has no label "jobb"; did you mean "job"?`},
		{`name: A, down: {of: up, componentFrom: job}`, `3:45: each does not list values of "job"`},
		{`name: A, lag: {of: lag_seconds, above: 0s}`, "3:45: 0s is too short; use 1ms or more"},
		{`name: A, lag: {of: lag_seconds, above: 1s, unit: h}`, `3:55: "h" is not a unit of time`},
		{`name: A, errorShare: {total: requests_total, above: 5%, over: 5m}`, "3:27: the total needs bad or good"},
		{`name: A, errorShare: {total: requests_total, bad: 'status="500"', above: 0%, over: 5m}`, "3:79: 0% is always exceeded"},
		{`name: A, errorShare: {total: requests_total, bad: 'status="500"', above: 100%, over: 5m}`, "3:79: 100% is never exceeded"},
		{`name: A, errorShare: {total: requests_total, bad: 'status="500"', above: 5%, over: 1m}`, "3:89: 1m is too short; use 2m or more"},
		{`name: A, errorShare: {total: up, bad: 'status="500"', above: 5%, over: 5m}`, "3:35: up is a gauge, and only counters count events"},
		{`name: A, hitRate: {hits: hits_total, misses: hits_total, below: 5%, over: 5m}`, "3:51: hits and misses are the same series: hits_total; select each with its own metric"},
		{`name: A, latencyQuantile: {of: answer_seconds, quantile: 99%, above: 2s, over: 5m}`, "3:75: no quantile of answer_seconds is above 2 s, its highest bound; use a limit below its highest bound (unreachable-quantile)"},
		{`name: A, latencyQuantile: {of: answer_seconds_bucket, quantile: 99%, above: 1s, over: 5m}`, "3:37: answer_seconds_bucket is one series of a histogram"},
		{`name: A, latencyQuantile: {of: work_ms, quantile: 99%, above: 1s, over: 5m}`, "3:37: work_ms is a summary"},
		{`name: A, summaryQuantile: {of: work_ms, quantile: 95%, above: 1s}`, "3:56: work_ms has no quantile 0.95, but [0.5 0.99]"},
		{`name: A, summaryQuantile: {of: answer_seconds, quantile: 99%, above: 1s}`, "3:37: answer_seconds is a histogram, and only a summary holds quantiles; compute the quantile from its buckets: latencyQuantile"},
		{`name: A, volume: {available: size_bytes, size: size_bytes, per: [claim], usedAbove: 85%}`, "3:53: available and size are the same series: size_bytes; select each with its own metric (one-sided)"},
		{`name: A, volume: {available: avail_bytes, size: size_bytes, inodesFree: lag_seconds, inodes: lag_seconds, per: [job], usedAbove: 85%}`, "3:99: inodesFree and inodes are the same series: lag_seconds"},
		{`name: A, saturation: {used: up, limit: up, above: 85%}`, "3:45: used and limit are the same series: up"},
		{`name: A, memory: {available: 'size_bytes{claim="a"}', total: "size_bytes{claim='a'}", below: 10%}`, "3:67: available and total are the same series"},
		{`name: A, volume: {available: avail_bytes, size: size_bytes, per: [claim]}`, "3:23: the volume has no limit"},
		{`name: A, volume: {available: avail_bytes, size: size_bytes, per: [], usedAbove: 5%}`, "3:71: without labels all volumes are one"},
		{`name: A, volume: {available: avail_bytes, size: size_bytes, inodes: up, per: [claim], usedAbove: 5%}`, "3:23: inodesFree and inodes belong together"},
		{`name: A, volume: {available: avail_bytes, size: size_bytes, per: [claim], usedAbove: 60%, fullWithin: {time: 4d, usedAbove: 85%}}`, "3:130: above 60% it fires anyway; use a share below 60%"},
		{`name: A, volume: {available: avail_bytes, size: size_bytes, per: [claim], fullWithin: 2d}`, "3:92: 2d does not say from which share on that matters; write {time: 2d, usedAbove: 60%} (wrong-type)"},
		{`name: A, for: 20y, down: {of: up}`, "3:20: 7300d is too long; use 3660d or less"},
		{`name: A, keepFiringFor: 290y, down: {of: up}`, "3:30: 105850d is too long"},
		{`name: A, heartbeat: {at: at_seconds, olderThan: 290y}`, "3:54: 105850d is too long"},
		{`name: A, expiry: {at: at_seconds, within: 5s}`, "3:48: 5s is too short; use 1m or more"},
		{`name: A, heartbeat: {at: at_seconds, olderThan: 30s}`, "3:54: 30s is too short; use 1m or more"},
		{`name: A, above: {of: lag_seconds, value: "5"}`, `3:47: "5" is not a number`},
		{`name: A, growing: {of: lag_seconds, over: 10m, by: 0}`, "3:57: by 0 it grows all the time; use the least growth that matters (bad-value)"},
		{`name: A, growing: {of: lag_seconds, over: 1m, by: 5}`, "3:48: 1m is too short; use 2m or more"},
		{`name: A, growing: {of: lag_seconds, over: 330s, by: 5}`, "3:48: each half of 5m30s should be a whole number of scrapes, of 30s; use 6m (bad-value)"},
		{`name: A, growing: {of: hits_total, over: 10m, by: 5}`, "3:29: hits_total is a counter"},
		{`name: A, growing: {of: lag_seconds, over: 10m}`, `3:24: key "by" is missing`},
		{`name: A, outlier: {of: node_total, member: node, above: 1.5}`, "3:62: 1.5 times as much is nothing unusual"},
		{`name: A, heartbeat: {at: lag_seconds, olderThan: 10m}`, "3:31: lag_seconds is 1 in the catalogue, which is no time in seconds since 1970; select the time at which it happened"},
		{`name: A, volume: {available: size_bytes, size: avail_bytes, per: [claim], usedAbove: 85%}`, "3:35: in the catalogue size_bytes is larger than avail_bytes, of which it should be a part; swap the two"},
		{`name: A, outlier: {of: node_total, member: node}`, "3:24: nothing says which member is odd; add above: 3"},
		{`name: A, outlier: {of: node_total, member: node, above: 3, below: 20%}`, "3:72: the outlier has above and below"},
		{`name: A, outlier: {of: node_total, member: node, below: 60%}`, "3:62: less than 60% of the others is no outlier"},
		{`name: A, outlier: {of: node_total, member: node, above: 3, per: [node]}`, "3:71: of each node there is one member"},
		{`name: A, outlier: {of: node_total, member: node, above: 3, members: 2}`, "3:74: of 2 members nobody can tell which one is odd"},
		{`name: A, expr: 'lag_seconds >'`, "3:35: unexpected end of input"},
		{`name: A, expr: '5'`, `3:21: 5 is a number, which has no series to fire for`},
		{`name: A, expr: 'lag_seconds[5m]'`, `3:21: "lag_seconds[5m]" is a range vector, which has no value at an instant`},
		{`name: A, expr: 'lagg_seconds > 5'`, `3:22: the catalogue has no metric "lagg_seconds"`},
	} {
		_, findings := resolveAlerts(t, c.alert)
		got := strings.Join(findings, "\n")
		if (c.want == "") != (got == "") || !strings.HasPrefix(got, c.want) || len(findings) > 1 && !strings.Contains(c.want, "only counters") {
			t.Errorf("%s\ngot  %s\nwant %s", c.alert, got, c.want)
		}
	}
}

// TestAlertNames holds that no two alerts have one name, be they of SLOs or not.
func TestAlertNames(t *testing.T) {
	_, findings := resolveText(t, `name: shop
burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]
slos: [{name: api, objective: 99%, availability: {total: requests_total, bad: 'status="500"'}}]
alerts:
  - {name: A, down: {of: up}}
  - {name: A, down: {of: up}}
  - {name: ApiSLOFast, down: {of: up}}
  - {name: ApiSLOMetricsAbsent, enabled: false, down: {of: up}}
`)
	want := []string{
		`6:12: alert "A" exists already, at slo.yaml:5:12; rename one of them (duplicate-name)`,
		`7:12: alert "ApiSLOFast" exists already, at slo.yaml:3:8; rename one of them (duplicate-name)`,
		`8:12: alert "ApiSLOMetricsAbsent" exists already, at slo.yaml:3:8; rename one of them (duplicate-name)`,
	}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Error(diff)
	}
}

// TestDocumentedKinds holds that the page on the format lists every kind.
func TestDocumentedKinds(t *testing.T) {
	page, err := os.ReadFile("../docs/spec.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range kindKeys() {
		if !strings.Contains(string(page), "`"+key+"`") {
			t.Errorf("docs/spec.md does not have %s", key)
		}
	}
}
