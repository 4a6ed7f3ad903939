package slo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

const testMetrics = `# TYPE http_requests_total counter
http_requests_total{method="GET",status="200"} 5
http_requests_total{method="GET",status="500"} 1
# TYPE taken_total counter
taken_total{result="ok"} 107700
taken_total{result="rejected"} 16
# TYPE acked_total counter
acked_total{result="ok"} 107000
# TYPE depth gauge
depth{topic="a"} 7
depth{topic="b"} 8
# TYPE settled_total counter
settled_total{node="node-1",result="valid"} 5
settled_total{node="node-1",result="dead_lettered"} 1
# TYPE delivery histogram
delivery_bucket{le="50"} 4
delivery_bucket{le="500"} 5
delivery_bucket{le="+Inf"} 5
delivery_sum 1.5
delivery_count 5
# TYPE backlog gauge
backlog 5
# TYPE failures_total counter
failures_total 3
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{method="GET",le="0.5"} 4
http_request_duration_seconds_bucket{method="GET",le="1"} 5
http_request_duration_seconds_bucket{method="GET",le="+Inf"} 5
http_request_duration_seconds_sum{method="GET"} 1.5
http_request_duration_seconds_count{method="GET"} 5
# TYPE rpc_ms histogram
rpc_ms_bucket{le="250"} 4
rpc_ms_bucket{le="+Inf"} 5
rpc_ms_sum 1.5
rpc_ms_count 5
# TYPE query_seconds summary
query_seconds{quantile="0.5"} 0.1
query_seconds{quantile="0.99"} 0.2
query_seconds_sum 3
query_seconds_count 8
# TYPE cache_lookups_total counter
cache_lookups_total{result="hit"} 8
cache_lookups_total{result="miss"} 2
# TYPE volume_bytes gauge
volume_bytes{volume="a"} 100
# TYPE volume_free_bytes gauge
volume_free_bytes{volume="a"} 40
# TYPE queue_length gauge
queue_length 7
`

// resolveText decodes and resolves a service against testMetrics. Findings come
// as line:col: text (kind).
func resolveText(t *testing.T, text string) (*Service, []string) {
	t.Helper()
	var r diag.Report
	catalogue := ReadCatalogue(&diag.Source{Name: "metrics.prom", Text: []byte(testMetrics)}, []string{"job", "instance"}, &r)
	docs := spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)
	if len(docs) != 1 {
		t.Fatalf("%d documents", len(docs))
	}
	var doc ServiceSpec
	spec.Decode(docs[0], &doc, &r)
	s := Resolve(&doc, catalogue, &r)
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
	}
	return s, findings
}

const tier = "name: shop\nburn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]\nslos:\n"

func TestIndicators(t *testing.T) {
	for _, c := range []struct {
		name, sli           string
		ratio, errors, kind string
		inputs              []string
	}{
		{
			name: "bad by label", kind: "availability",
			sli:    `availability: {total: 'http_requests_total{job="api"}', bad: 'status=~"5.."'}`,
			ratio:  `(sum(rate(http_requests_total{job="api",status=~"5.."}[5m])) or 0 * sum(rate(http_requests_total{job="api"}[5m]))) / (sum(rate(http_requests_total{job="api"}[5m])) > 0)`,
			errors: `sum(increase(http_requests_total{job="api",status=~"5.."}[5m]))`,
			inputs: []string{`http_requests_total{job="api"}`},
		},
		{
			name: "good by one label counts its opposite", kind: "availability",
			sli:    `availability: {total: http_requests_total, good: 'status=~"2.."'}`,
			ratio:  `(sum(rate(http_requests_total{status!~"2.."}[5m])) or 0 * sum(rate(http_requests_total[5m]))) / (sum(rate(http_requests_total[5m])) > 0)`,
			errors: `sum(increase(http_requests_total{status!~"2.."}[5m]))`,
			inputs: []string{`http_requests_total`},
		},
		{
			name: "good by two labels has no opposite in one selector", kind: "availability",
			sli:    `availability: {total: http_requests_total, good: 'status=~"2..",method="GET"'}`,
			ratio:  `1 - (sum(rate(http_requests_total{method="GET",status=~"2.."}[5m])) or 0 * sum(rate(http_requests_total[5m]))) / (sum(rate(http_requests_total[5m])) > 0)`,
			errors: `sum(increase(http_requests_total[5m])) - (sum(increase(http_requests_total{method="GET",status=~"2.."}[5m])) or 0 * sum(increase(http_requests_total[5m])))`,
			inputs: []string{`http_requests_total`},
		},
		{
			name: "bad by the total's own metric is bad by label", kind: "availability",
			sli:    `availability: {total: 'http_requests_total{job="api"}', bad: 'http_requests_total{status=~"5.."}'}`,
			ratio:  `(sum(rate(http_requests_total{job="api",status=~"5.."}[5m])) or 0 * sum(rate(http_requests_total{job="api"}[5m]))) / (sum(rate(http_requests_total{job="api"}[5m])) > 0)`,
			errors: `sum(increase(http_requests_total{job="api",status=~"5.."}[5m]))`,
			inputs: []string{`http_requests_total{job="api"}`},
		},
		{
			name: "bad in a metric of its own", kind: "availability",
			sli:    `availability: {total: http_requests_total, bad: failures_total}`,
			ratio:  `(sum(rate(failures_total[5m])) or 0 * sum(rate(http_requests_total[5m]))) / (sum(rate(http_requests_total[5m])) > 0)`,
			errors: `sum(increase(failures_total[5m]))`,
			inputs: []string{`http_requests_total`},
		},
		{
			name: "latency", kind: "latency",
			sli:    `latency: {of: 'http_request_duration_seconds{method="GET"}', within: 500ms}`,
			ratio:  `1 - sum(rate(http_request_duration_seconds_bucket{le="0.5",method="GET"}[5m])) / (sum(rate(http_request_duration_seconds_count{method="GET"}[5m])) > 0)`,
			errors: `sum(increase(http_request_duration_seconds_count{method="GET"}[5m])) - sum(increase(http_request_duration_seconds_bucket{le="0.5",method="GET"}[5m]))`,
			inputs: []string{`http_request_duration_seconds_count{method="GET"}`, `http_request_duration_seconds_bucket{le="0.5",method="GET"}`},
		},
		{
			name: "a whole bound is stored as 1 or 1.0", kind: "latency",
			sli:    `latency: {of: http_request_duration_seconds, within: 1s}`,
			ratio:  `1 - sum(rate(http_request_duration_seconds_bucket{le=~"1|1\\.0"}[5m])) / (sum(rate(http_request_duration_seconds_count[5m])) > 0)`,
			errors: `sum(increase(http_request_duration_seconds_count[5m])) - sum(increase(http_request_duration_seconds_bucket{le=~"1|1\\.0"}[5m]))`,
			inputs: []string{`http_request_duration_seconds_count`, `http_request_duration_seconds_bucket{le=~"1|1\\.0"}`},
		},
		{
			name: "a histogram in milliseconds", kind: "latency",
			sli:    `latency: {of: rpc_ms, within: 250ms}`,
			ratio:  `1 - sum(rate(rpc_ms_bucket{le=~"250|250\\.0"}[5m])) / (sum(rate(rpc_ms_count[5m])) > 0)`,
			errors: `sum(increase(rpc_ms_count[5m])) - sum(increase(rpc_ms_bucket{le=~"250|250\\.0"}[5m]))`,
			inputs: []string{`rpc_ms_count`, `rpc_ms_bucket{le=~"250|250\\.0"}`},
		},
		{
			name: "a histogram in a unit that its name does not say", kind: "latency",
			sli:    `latency: {of: delivery, within: 500ms, unit: ms}`,
			ratio:  `1 - sum(rate(delivery_bucket{le=~"500|500\\.0"}[5m])) / (sum(rate(delivery_count[5m])) > 0)`,
			errors: `sum(increase(delivery_count[5m])) - sum(increase(delivery_bucket{le=~"500|500\\.0"}[5m]))`,
			inputs: []string{`delivery_count`, `delivery_bucket{le=~"500|500\\.0"}`},
		},
		{
			name: "a native histogram in a unit that its name does not say", kind: "nativeLatency",
			sli:    `nativeLatency: {of: delivery, within: 300ms, unit: ms}`,
			ratio:  `1 - histogram_fraction(-Inf, 300, sum(rate(delivery[5m]))) and histogram_count(sum(rate(delivery[5m]))) > 0`,
			errors: `histogram_count(sum(increase(delivery[5m]))) * (1 - histogram_fraction(-Inf, 300, sum(increase(delivery[5m]))))`,
			inputs: []string{`delivery`},
		},
		{
			name: "a slice of a time in a unit that its name does not say", kind: "timeSlice",
			sli:    `timeSlice: {of: backlog, atMost: 200ms, unit: ms}`,
			ratio:  `avg_over_time(((max(max_over_time(backlog[1m])) >= -Inf) > bool 200)[5m:1m])`,
			errors: `sum_over_time(((max(max_over_time(backlog[1m])) >= -Inf) > bool 200)[5m:1m])`,
			inputs: []string{`backlog`},
		},
		{
			name: "a native histogram in milliseconds", kind: "nativeLatency",
			sli:    `nativeLatency: {of: 'rpc_ms{job="api"}', within: 300ms}`,
			ratio:  `1 - histogram_fraction(-Inf, 300, sum(rate(rpc_ms{job="api"}[5m]))) and histogram_count(sum(rate(rpc_ms{job="api"}[5m]))) > 0`,
			errors: `histogram_count(sum(increase(rpc_ms{job="api"}[5m]))) * (1 - histogram_fraction(-Inf, 300, sum(increase(rpc_ms{job="api"}[5m]))))`,
			inputs: []string{`rpc_ms{job="api"}`},
		},
		{
			name: "slices of a quantile", kind: "timeSlice",
			sli:    `timeSlice: {of: 'query_seconds{quantile="0.99"}', atMost: 200ms}`,
			ratio:  `avg_over_time(((max(max_over_time(query_seconds{quantile="0.99"}[1m])) >= -Inf) > bool 0.2)[5m:1m])`,
			errors: `sum_over_time(((max(max_over_time(query_seconds{quantile="0.99"}[1m])) >= -Inf) > bool 0.2)[5m:1m])`,
			inputs: []string{`query_seconds{quantile="0.99"}`},
		},
		{
			name: "slices of what is left of something", kind: "timeSlice",
			sli:    `timeSlice: {of: volume_free_bytes, outOf: volume_bytes, atLeast: 15%, slice: 30s}`,
			ratio:  `avg_over_time(((min(min_over_time(volume_free_bytes[30s]) / max_over_time(volume_bytes[30s])) >= -Inf) < bool 0.15)[5m:30s])`,
			errors: `sum_over_time(((min(min_over_time(volume_free_bytes[30s]) / max_over_time(volume_bytes[30s])) >= -Inf) < bool 0.15)[5m:30s])`,
			inputs: []string{`volume_free_bytes`, `volume_bytes`},
		},
		{
			name: "probes", kind: "probe",
			sli:    `probe: {of: 'up{job="api"}'}`,
			ratio:  `1 - sum(sum_over_time(up{job="api"}[5m])) / sum(count_over_time(up{job="api"}[5m]))`,
			errors: `sum(count_over_time(up{job="api"}[5m])) - sum(sum_over_time(up{job="api"}[5m]))`,
			inputs: []string{`up{job="api"}`},
		},
		{
			name: "a ratio of one's own", kind: "errorRatio",
			sli: `errorRatio: {expr: '1 - sum(rate(http_requests_total{status="200"}[$window])) / sum(rate(http_requests_total[$window]) + rate(failures_total[$window]))', ` +
				`series: [{of: 'http_requests_total{status="200"}', good: 1}, {of: failures_total, bad: 1}]}`,
			ratio:  `1 - sum(rate(http_requests_total{status="200"}[5m])) / sum(rate(http_requests_total[5m]) + rate(failures_total[5m]))`,
			inputs: []string{`http_requests_total{status="200"}`},
		},
		{
			name: "hits and misses", kind: "hitRatio",
			sli: `hitRatio: {hits: http_requests_total, misses: failures_total}`,
			ratio: `(sum(rate(failures_total[5m])) or 0 * sum(rate(http_requests_total[5m]))) / ((sum(rate(http_requests_total[5m])) or 0 * sum(rate(failures_total[5m]))) + ` +
				`(sum(rate(failures_total[5m])) or 0 * sum(rate(http_requests_total[5m]))) > 0)`,
			errors: `sum(increase(failures_total[5m]))`,
			inputs: []string{`http_requests_total or failures_total`},
		},
		{
			name: "hits by a label of all lookups", kind: "hitRatio",
			sli:    `hitRatio: {hits: 'cache_lookups_total{job="api",result="hit"}', total: 'cache_lookups_total{job="api"}'}`,
			ratio:  `(sum(rate(cache_lookups_total{job="api",result!="hit"}[5m])) or 0 * sum(rate(cache_lookups_total{job="api"}[5m]))) / (sum(rate(cache_lookups_total{job="api"}[5m])) > 0)`,
			errors: `sum(increase(cache_lookups_total{job="api",result!="hit"}[5m]))`,
			inputs: []string{`cache_lookups_total{job="api"}`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, findings := resolveText(t, tier+"  - name: x\n    objective: 99%\n    "+c.sli+"\n")
			if len(findings) > 0 || len(s.SLOs) != 1 {
				t.Fatalf("%d SLOs, findings: %s", len(s.SLOs), strings.Join(findings, "\n"))
			}
			o := s.SLOs[0]
			var inputs []string
			for _, in := range o.SLI.Inputs() {
				inputs = append(inputs, in.Expr().String())
			}
			errors := ""
			if e := o.SLI.Errors(5 * time.Minute); e != nil {
				errors = e.String()
			}
			got := []any{o.Kind, o.SLI.ErrorRatio(5 * time.Minute).String(), errors, inputs}
			if diff := cmp.Diff([]any{c.kind, c.ratio, c.errors, c.inputs}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			// What is printed must be what was composed.
			for _, e := range []expr.Expr{o.SLI.ErrorRatio(time.Hour), o.SLI.Errors(time.Hour)} {
				if e == nil {
					continue
				}
				parsed, err := expr.Parse(expr.String(e))
				if err != nil || parsed.String() != e.String() {
					t.Errorf("%s is read as %v (%v)", e, parsed, err)
				}
			}
		})
	}
}

func TestFindings(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{
			"objective of 100 %",
			tier + "  - {name: x, objective: 100%, availability: {total: http_requests_total, bad: 'status=\"500\"'}}",
			[]string{`4:26: objective 100% leaves no error budget; use a value below 100% (objective-range)`},
		},
		{
			"objective without its percent sign",
			tier + "  - {name: x, objective: 99.5, availability: {total: http_requests_total, bad: 'status=\"500\"'}}",
			[]string{`4:26: "99.5" is a share above 1; write 99.5% (bad-value)`},
		},
		{
			"PromQL, inside single quotes",
			tier + "  - {name: x, objective: 99%, availability: {total: 'http_requests_total{job=api}', bad: 'status=\"500\"'}}",
			[]string{`4:78: unexpected identifier "api" in label matching, expected string; remove it, or complete what stands before it (promql-syntax)`},
		},
		{
			"PromQL, inside double quotes with escapes",
			tier + `  - {name: x, objective: 99%, availability: {total: "http_requests_total{job=\"a\",method=}", bad: 'status="500"'}}`,
			[]string{`4:91: unexpected "}" in label matching, expected string; remove it, or complete what stands before it (promql-syntax)`},
		},
		{
			"PromQL, in the second line of a block",
			tier + "  - name: x\n    objective: 99%\n    availability:\n      total: |\n        http_requests_total{\n          job=~5}\n      bad: status=\"500\"\n",
			[]string{`9:16: unexpected character inside braces: '5'; remove it, or quote the text that it belongs to (promql-syntax)`},
		},
		{
			"matchers with too much",
			tier + "  - {name: x, objective: 99%, availability: {total: http_requests_total, bad: 'status=\"500\"} or up{job=\"x\"'}}",
			[]string{`4:79: "status=\"500\"} or up{job=\"x\"" is more than label matchers; write label matchers such as status=~"5.." (promql-syntax)`},
		},
		{
			"matchers as a map, and in braces",
			tier + `  - {name: x, objective: 99%, availability: {total: http_requests_total, bad: {status: 500, method: GET}}}
  - {name: y, objective: 99%, availability: {total: http_requests_total, bad: '{status=~"5.."}'}}`,
			[]string{
				`4:79: the matchers stand alone, as they do between the braces of a selector; write status="500",method="GET" (promql-syntax)`,
				`5:79: the matchers stand alone, as they do between the braces of a selector; leave the braces out: status=~"5.." (promql-syntax)`,
			},
		},
		{
			"a function where a selector belongs",
			tier + "  - {name: x, objective: 99%, availability: {total: 'rate(http_requests_total[5m])', bad: 'status=\"500\"'}}",
			[]string{`4:53: "rate(http_requests_total[5m])" is not a plain selector; write a metric with label matchers, such as http_requests_total{job="api"}; functions are added by the compiler (promql-syntax)`},
		},
		{
			"an offset",
			tier + "  - {name: x, objective: 99%, availability: {total: 'http_requests_total offset 5m', bad: 'status=\"500\"'}}",
			[]string{`4:53: "http_requests_total offset 5m" has an offset or @ modifier; leave them out (promql-syntax)`},
		},
		{
			"unknown metric, label and bucket at once",
			tier + `  - {name: x, objective: 99%, availability: {total: 'http_request_total', bad: 'status="500"'}}
  - {name: y, objective: 99%, availability: {total: 'http_requests_total{methd="GET"}', bad: 'code="500"'}}
  - {name: z, objective: 99%, latency: {of: http_request_duration_seconds, within: 300ms}}`,
			[]string{
				`4:54: the catalogue has no metric "http_request_total"; did you mean "http_requests_total"? (unknown-metric)`,
				`5:74: http_requests_total has no label "methd"; did you mean "method"? (unknown-label)`,
				`5:95: http_requests_total has no label "code"; use one of method, status, job, instance (unknown-label)`,
				`6:84: http_request_duration_seconds has no bucket that ends at 0.3; use one of its bounds: 0.5, 1 (unknown-bucket)`,
			},
		},
		{
			"units",
			tier + `  - {name: x, objective: 99%, latency: {of: delivery, within: 500ms}}
  - {name: y, objective: 99%, latency: {of: delivery, within: 500ms, unit: h}}
  - {name: z, objective: 99%, timeSlice: {of: backlog, atMost: 5, unit: ms}}`,
			[]string{
				`4:63: delivery has no bucket that ends at 0.5; use one of its bounds: 50, 500; they are taken for seconds, and nothing says so: write unit: ms if they are not (unknown-bucket)`,
				`5:76: "h" is not a unit of time; write s or ms, or leave it out where the metric's name ends with its unit (bad-value)`,
				`6:73: 5 is no time, and has no unit; leave it out, or write a time such as 200ms (unknown-key)`,
			},
		},
		{
			"wrong types of metrics",
			tier + `  - {name: x, objective: 99%, availability: {total: queue_length, bad: 'x="1"'}}
  - {name: y, objective: 99%, latency: {of: query_seconds, within: 300ms}}
  - {name: z, objective: 99%, availability: {total: http_request_duration_seconds, bad: 'method="GET"'}}
  - {name: w, objective: 99%, latency: {of: rpc_ms_bucket, within: 250ms}}`,
			[]string{
				`4:53: queue_length is a gauge, and only counters count events; use a counter (wrong-metric-type)`,
				`4:73: queue_length has no label "x"; use one of job, instance (unknown-label)`,
				`5:45: query_seconds is a summary, and only a histogram counts requests by their latency; expose a histogram: a summary has no buckets, so nobody can tell how many requests were fast enough; or count the time in which one of its quantiles was low enough: timeSlice (wrong-metric-type)`,
				`6:53: http_request_duration_seconds is a histogram, and only counters count events; count its http_request_duration_seconds_count (wrong-metric-type)`,
				`7:45: rpc_ms_bucket is one series of a histogram; its name has no _bucket; write rpc_ms (bad-value)`,
			},
		},
		{
			"indicators: misspelt, without value",
			tier + `  - {name: x, objective: 99%, availabilty: {total: http_requests_total, bad: 'status="500"'}}
  - {name: y, objective: 99%, latency: }`,
			[]string{
				`4:31: unknown key "availabilty"; did you mean "availability"? (unknown-key)`,
				`5:31: "latency" has no value; give it a value, or leave the key out (missing-key)`,
			},
		},
		{
			"indicators: none, two",
			tier + `  - {name: x, objective: 99%}
  - {name: y, objective: 99%, availability: {total: http_requests_total, bad: 'status="500"'}, latency: {of: rpc_ms, within: 250ms}}
  - {name: z, objective: 99%, availability: {total: http_requests_total}}
  - {name: w, objective: 99%, availability: {total: http_requests_total, bad: 'status="500"', good: 'status="200"'}}`,
			[]string{
				`4:5: the SLO has no indicator; add one of availability, latency, nativeLatency, timeSlice, probe, errorRatio, hitRatio (missing-key)`,
				`5:105: the SLO has 2 indicators: availability, latency; keep one of them (unknown-key)`,
				`6:45: the total needs bad or good; add one, such as bad: status=~"5.." (missing-key)`,
				`7:101: the total has bad and good; keep one of them: the other follows (unknown-key)`,
			},
		},
		{
			"time slices and probes",
			tier + `  - {name: a, objective: 99%, timeSlice: {of: queue_length}}
  - {name: b, objective: 99%, timeSlice: {of: query_seconds, atMost: 200ms}}
  - {name: c, objective: 99%, timeSlice: {of: 'query_seconds{quantile="0.990"}', atMost: 200ms}}
  - {name: d, objective: 99%, timeSlice: {of: cache_lookups_total, atMost: soon}}
  - {name: e, objective: 99%, timeSlice: {of: cache_lookups_total, atMost: [1]}}
  - {name: f, objective: 99%, timeSlice: {of: http_request_duration_seconds, atMost: 5}}
  - {name: g, objective: 99%, timeSlice: {of: queue_length, atMost: 5, slice: 10s}}
  - {name: h, objective: 99%, timeSlice: {of: queue_length, atMost: 5, slice: 2m}}
  - {name: i, objective: 99%, timeSlice: {of: volume_free_bytes, outOf: volume_bytes, atLeast: 15m}}
  - {name: j, objective: 99%, probe: {of: http_requests_total}}`,
			[]string{
				`4:42: a time slice needs either atMost or atLeast, not both; give one of them, such as atMost: 200ms (missing-key)`,
				`5:47: this is 2 quantiles of query_seconds: 0.5, 0.99; match one, such as quantile="0.99" (unknown-quantile)`,
				`6:62: query_seconds has no such quantile; use one of 0.5, 0.99 (unknown-quantile)`,
				`7:76: "soon" is not a number, a share or a time; write 5, 85% or 200ms (bad-value)`,
				`8:76: a list is not a number, a share or a time; write 5, 85% or 200ms (wrong-type)`,
				`9:47: http_request_duration_seconds is a histogram, which has no value of its own at any time; count its requests with latency (wrong-metric-type)`,
				`10:79: most slices of 10s have no value: the service is scraped every 30s; use 30s or more (window-range)`,
				`11:5: a window of 5m holds fewer than 4 slices of 2m; use slices of 1m15s or less, or longer windows (window-range)`,
				`12:96: a part of something is a share, and no time such as 15m; write a share such as 85% (bad-value)`,
				`13:43: http_requests_total is a counter, which has no value of its own at any time; count its events with availability (wrong-metric-type)`,
			},
		},
		{
			"labels of ratios",
			tier + `  - {name: a, objective: 99%, errorRatio: {expr: 'sum by (job) (rate(failures_total[$window])) / sum by (job) (rate(http_requests_total[$window]))', series: [{of: failures_total, bad: 1}, {of: http_requests_total, good: 1, bad: 1}]}}
  - {name: b, objective: 99%, errorRatio: {expr: '1 - sum(rate(failures_total[$window])) / sum by (job) (rate(http_requests_total[$window]))', series: [{of: failures_total, good: 1}, {of: http_requests_total, good: 1, bad: 1}]}}
  - {name: c, objective: 99%, errorRatio: {expr: 'sum(rate(failures_total[5m])) / sum(rate(http_requests_total[$window]))', series: [{of: failures_total, bad: 1}, {of: http_requests_total, good: 1, bad: 1}]}}
  - {name: d, objective: 99%, per: [job], errorRatio: {expr: 'sum(rate(failures_total[$window])) / sum(rate(http_requests_total[$window]))', series: [{of: failures_total, bad: 1}, {of: http_requests_total, good: 1, bad: 1}]}}
  - {name: e, objective: 99%, per: [job], errorRatio: {expr: 'sum by (job) (rate(failures_total[$window])) / sum by (job) (rate(http_requests_total[$window]))', series: [{of: failures_total, bad: 1}, {of: http_requests_total, good: 1, bad: 1}]}}
  - {name: f, objective: 99%, errorRatio: {expr: 'avg_over_time((sum(rate(failures_total[5m])) / sum(rate(http_requests_total[5m])))[$window:1m])', series: [{of: failures_total, bad: 1}, {of: http_requests_total, good: 1, bad: 1}]}}`,
			[]string{
				`4:59: the ratio has label "job"; add per: [job], or aggregate it away (ratio-labels)`,
				`5:100: / never finds a match: the left side has no labels, the right side label "job"; aggregate both by the same labels (ratio-labels)`,
				`6:74: rate is over 5m in every window, and the rest is over the window; write [$window] (bad-value)`,
				`7:62: the ratio is aggregated, and does not have label "job" of per; keep it: sum by (job) (...), or leave it out of per (ratio-labels)`,
			},
		},
		{
			"ratios of one's own",
			tier + `  - {name: a, objective: 99%, errorRatio: {expr: 'rate(failure_total[5m])', series: [{of: failures_total, bad: 1}]}}
  - {name: b, objective: 99%, errorRatio: {expr: 'rate(failures_total[$window]', series: [{of: failures_total, bad: 1, good: 1}]}}
  - {name: c, objective: 99%, errorRatio: {expr: '5', series: []}}
  - {name: d, objective: 99%, errorRatio: {expr: 'rate(failures_total{y="$window"}[5m])', series: [{of: queue_length, good: 1, bad: x}]}}
  - {name: e, objective: 99%, minErrors: 3, errorRatio: {expr: 'rate(failures_total[$window])', series: [{of: failures_total, bad: 1, good: 0.5}]}}
  - {name: f, objective: 99%, errorRatio: {expr: 5, series: [{of: failures_total}]}}
  - {name: g, objective: 99%, errorRatio: {expr: 'rate(failures_total[$window])', series: [{of: failures_total, bad: 1, good: -1}]}}`,
			[]string{
				`4:50: the expression is the same over every window; write $window for the window, as in rate(requests_total[$window]) (bad-value)`,
				`4:56: the catalogue has no metric "failure_total"; did you mean "failures_total"? (unknown-metric)`,
				`4:85: the series do not tell good events from bad ones; list each counter: {of: requests_total, good: 1, bad: 1} (missing-key)`,
				`4:91: the expression does not read failures_total; leave it out, or correct the expression (unknown-reference)`,
				`5:79: unclosed left parenthesis; close it (promql-syntax)`,
				`6:50: the expression is a scalar, and no error ratio; write a ratio of vectors (promql-syntax)`,
				`6:63: the series do not tell good events from bad ones; list each counter: {of: requests_total, good: 1, bad: 1} (missing-key)`,
				`7:50: $window is not everywhere a window; write it in brackets: rate(requests_total[$window]) (bad-value)`,
				`7:71: failures_total has no label "y"; use one of job, instance (unknown-label)`,
				`7:133: "x" is not a number; write a number (wrong-type)`,
				`8:42: nobody can count the errors of a ratio; leave it out, or use another kind of indicator (bad-value)`,
				`9:50: a number is not an expression; write PromQL (wrong-type)`,
				`10:91: the series do not tell good events from bad ones; list each counter: {of: requests_total, good: 1, bad: 1} (missing-key)`,
				`10:127: a counter cannot go down by -1; use 0 or more (bad-value)`,
			},
		},
		{
			"native histograms",
			tier + `  - {name: a, objective: 99%, nativeLatency: {of: rpc_ms_bucket, within: 200ms}}
  - {name: b, objective: 99%, nativeLatency: {of: query_seconds, within: 200ms}}
  - {name: c, objective: 99%, nativeLatency: {of: 'rpc_ms{x="1"}', within: 0s}}
  - {name: d, objective: 99%, nativeLatency: {of: 'rpc_ms{x="1"}', within: 1s}}`,
			[]string{
				`4:51: a native histogram is one series, and has no rpc_ms_bucket; write rpc_ms, or use latency (bad-value)`,
				`5:51: query_seconds is a summary, and only a histogram counts requests by their latency; expose a histogram: a summary has no buckets, so nobody can tell how many requests were fast enough; or count the time in which one of its quantiles was low enough: timeSlice (wrong-metric-type)`,
				`6:76: a limit of 0s makes every answer bad; give the slowest good answer, such as 500ms (bad-value)`,
				`7:59: rpc_ms has no label "x"; use one of job, instance (unknown-label)`,
			},
		},
		{
			"hit ratios",
			tier + `  - {name: x, objective: 99%, hitRatio: {hits: cache_lookups_total}}
  - {name: y, objective: 99%, hitRatio: {hits: 'cache_lookups_total{result="hit"}', misses: 'cache_lookups_total{job="api"}'}}
  - {name: z, objective: 99%, hitRatio: {hits: queue_length, misses: cache_lookup_total}}
  - {name: w, objective: 99%, hitRatio: {hits: cache_lookups_total, total: cache_lookups_total}}`,
			[]string{
				`4:41: a hit ratio needs either misses or total, not both; give one of them, such as misses: cache_misses_total (missing-key)`,
				`5:93: a series of cache_lookups_total may be a hit and a miss; tell them apart by a label, such as result="hit" and result="miss" (one-sided)`,
				`6:48: queue_length is a gauge, and only counters count events; use a counter (wrong-metric-type)`,
				`6:70: the catalogue has no metric "cache_lookup_total"; did you mean "cache_lookups_total"? (unknown-metric)`,
				`7:48: every event is good: this is the total; select fewer (one-sided)`,
			},
		},
		{
			"tiers",
			`name: shop
burn:
  - {name: A, budget: 2%, windows: [5m, 1h]}
  - {name: B, budget: 2%, windows: [1h]}
  - {name: C, budget: 2%, windows: [40d, 1h]}
  - {name: D, budget: 2%, windows: [1h, 1m]}
  - {name: E, budget: 0%, windows: [1h, 5m]}
  - {name: E, budget: 120%, windows: [1h, 5m]}
slos: []
`,
			[]string{
				`3:37: the long window of 5m is not above the short one of 1h; write the long one first: [1h, 5m] (window-range)`,
				`4:36: a tier has two windows, not 1; write the long one and the short one: [1h, 5m] (window-range)`,
				`5:37: the window of 40d is longer than the period of 30d; use a window within the period (window-range)`,
				`6:41: a window of 1m holds fewer than 4 scrapes of 30s; use 2m or more (window-range)`,
				`7:23: a budget share of 0% cannot be spent; use a share above 0% (objective-range)`,
				`8:12: tier "E" exists already, at slo.yaml:7:12; rename one of them (duplicate-name)`,
				`8:23: "120%" is a share above 1; write a share of the whole, 100% at most (bad-value)`,
			},
		},
		{
			"names and links",
			`name: shop
links: {runbook: 'javascript:alert(1)', dashboard: 'https://me:pw@host/{uid}'}
identity: {service: slo}
burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]
slos:
  - {name: x, objective: 99%, latency: {of: rpc_ms, within: 250ms}}
  - {name: x, title: Y, objective: 99%, latency: {of: rpc_ms, within: 250ms}}
  - {name: y, objective: 99%, latency: {of: rpc_ms, within: 250ms}}
  - {name: z, title: Y, objective: 99%, latency: {of: rpc_ms, within: 250ms}}
`,
			[]string{
				`2:18: "javascript:alert(1)" is not a web address; write https://host/path/{name} (bad-value)`,
				`2:52: the address holds credentials; leave user and password out: the address is printed in every alert (bad-value)`,
				`3:11: label "slo" cannot hold both the service and the SLO; name two labels (duplicate-name)`,
				`7:12: SLO "x" exists already, at slo.yaml:6:12; rename one of them (duplicate-name)`,
				`9:5: SLO title "Y" exists already, at slo.yaml:8:5; rename one of them (duplicate-name)`,
			},
		},
		{
			"durations that cannot work are found once",
			`name: shop
scrapeInterval: 0s
evaluationInterval: 6m
period: 2h30
burn:
  - {name: A, budget: 2%, windows: [40d, 4s]}
  - {name: B, budget: 2%, windows: [999999999h, 5m]}
  - {name: C, budget: 2%, windows: [1h, 0]}
slos: []
`,
			[]string{
				`2:17: 0s is too short; use 1s or more (bad-value)`,
				`3:21: 6m is too long; use 5m or less (bad-value)`,
				`4:9: "2h30" is not a duration; write a number with a unit: 30s, 5m, 1h30m, 30d (bad-value)`,
				`7:37: "999999999h" is not a duration; write a number with a unit: 30s, 5m, 1h30m, 30d (bad-value)`,
				`8:41: a window of 0s holds fewer than 4 scrapes of 1s; use 4s or more (window-range)`,
			},
		},
		{
			"a period out of bounds",
			"name: shop\nscrapeInterval: 1ms\nperiod: 500d\nburn: [{name: A, budget: 2%, windows: [40d, 4s]}]\nslos: []\n",
			[]string{
				`2:17: 1ms is too short; use 1s or more (bad-value)`,
				`3:9: 500d is too long; use 366d or less (bad-value)`,
			},
		},
		{
			"labels that are set already",
			`name: shop
labels: {service: z, slo: y}
burn: [{name: Fast, budget: 2%, windows: [1h, 5m], labels: {alertname: q}}]
absence: {labels: {slo: w}}
slos:
  - {name: x, objective: 99%, latency: {of: rpc_ms, within: 250ms}, labels: {service: shop}}
`,
			[]string{
				`2:10: label "service" holds the service's name; leave it out, or rename the other one: identity: {service: NAME} (reserved-label)`,
				`2:22: label "slo" holds the SLO's name; leave it out, or rename the other one: identity: {slo: NAME} (reserved-label)`,
				`3:61: label "alertname" is set by Prometheus; leave it out: title and tier make the alert's name (reserved-label)`,
				`4:20: label "slo" holds the SLO's name; leave it out, or rename the other one: identity: {slo: NAME} (reserved-label)`,
				`6:78: label "service" holds the service's name; leave it out, or rename the other one: identity: {service: NAME} (reserved-label)`,
			},
		},
		{
			"identity in labels that Prometheus sets",
			"name: shop\nidentity: {service: alertname, slo: __slo}\nlabels: {service: z, slo: y}\n",
			[]string{
				`2:21: label "alertname" is set by Prometheus; use another name (reserved-label)`,
				`2:37: label "__slo" is set by Prometheus; use another name (reserved-label)`,
			},
		},
		{
			"no tiers",
			"name: shop\nburn: []\nslos:\n  - {name: x, objective: 99%, latency: {of: rpc_ms, within: 250ms}}\n",
			[]string{`2:7: no burn-rate tiers, so that no SLO would ever alert; add {name: FastBurn, budget: 2%, windows: [1h, 5m]}, or leave burn out for the default tiers (missing-key)`},
		},
		{
			"the default tiers over a shorter period",
			"name: shop\nperiod: 28d\nslos:\n  - {name: x, objective: 90%, latency: {of: rpc_ms, within: 250ms}}\n",
			[]string{
				`1:1: the default tier of 10% of the budget in 3d is left out: over 28d at scrapes of 30s it cannot work, with a factor of 0.9333; write burn with tiers of your own (default-tiers)`,
				`4:26: tier Fast1h can never fire: a factor of 13.44 needs an objective above 92.56%; use a smaller share of the budget, or a longer window (dead-tier)`,
			},
		},
		{
			"factors and times",
			`name: shop
period: 7d
burn:
  - {name: A, factor: 14.4, windows: [1h, 5m], for: 8d}
  - {name: B, factor: 0.5, windows: [1h, 5m]}
  - {name: C, budget: 10%, windows: [1d, 2h]}
  - {name: D, windows: [1h, 5m]}
  - {name: E, budget: 10%, factor: 3, windows: [1h, 5m]}
  - {name: F, factor: 0, windows: [1h, 5m], keepFiringFor: soon}
  - {name: G, factor: 200, windows: [1h, 5m]}
  - {name: H, factor: -3, windows: [1h, 5m]}
  - {name: I, factor: 3%, windows: [1h, 5m]}
slos: []
`,
			[]string{
				`4:53: 8d is longer than the period of 7d; use a time within the period (bad-value)`,
				`5:23: tier B has a factor of 0.5: it fires although the objective is kept over 7d; use a factor of 1 or more (low-factor)`,
				`6:23: tier C has a factor of 0.7: it fires although the objective is kept over 7d; use a window of 16h48m or less, or a larger share (low-factor)`,
				`7:5: a tier needs a budget or a factor; add budget, such as 2%, or factor, such as 14.4 (missing-key)`,
				`8:36: a tier has a budget or a factor, not both; keep one of them: the other follows (unknown-key)`,
				`9:23: a factor of 0 fires without errors; use a factor of 1 or more (objective-range)`,
				`9:60: "soon" is not a duration; write a number with a unit: 30s, 5m, 1h30m, 30d (bad-value)`,
				`10:23: a factor of 200 over 1h spends 119.0476% of the budget before the alert; use a factor of 168 or less (bad-value)`,
				`11:23: a factor of -3 fires without errors; use a factor of 1 or more (objective-range)`,
				`12:23: "3%" is not a number; write a plain number, without quotes, separators and units: 10000 (wrong-type)`,
			},
		},
		{
			"tiers that are joined",
			`name: shop
burn:
  - {name: A, alert: Page, budget: 2%, windows: [1h, 5m], labels: {severity: page}}
  - {name: B, alert: Page, budget: 5%, windows: [6h, 30m], labels: {severity: ticket}}
  - {name: C, alert: Page, budget: 5%, windows: [6h, 30m], labels: {severity: page}, for: 1m}
  - {name: Page, budget: 5%, windows: [6h, 30m], labels: {severity: page}, keepFiringFor: 1m}
slos: []
`,
			[]string{
				`4:68: tiers A and B are one alert, Page, and have different labels; make them equal, or give the tiers alerts of their own (joined-tiers)`,
				`5:91: tiers A and C are one alert, Page, and have different for; make them equal, or give the tiers alerts of their own (joined-tiers)`,
				`6:91: tiers A and Page are one alert, Page, and have different keepFiringFor; make them equal, or give the tiers alerts of their own (joined-tiers)`,
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got := resolveText(t, c.text)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestRecordingRulesStayTheSame holds that nothing but the indicator and the
// windows is in a recording rule: editing the rest must not rewrite series.
func TestRecordingRulesStayTheSame(t *testing.T) {
	print := func(objective, more string) string {
		s, findings := resolveText(t, "name: shop\n"+more+"burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]\nslos:\n  - {name: x, objective: "+objective+", latency: {of: rpc_ms, within: 250ms}}\n")
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		var b strings.Builder
		for _, r := range s.SLOs[0].RecordingRules() {
			fmt.Fprintln(&b, r.Record, r.Expr)
			for _, l := range r.Labels {
				fmt.Fprintln(&b, l.Name, l.Value)
			}
		}
		return b.String()
	}
	before := print("99%", "")
	after := print("99.9%", "owner: others\nlabels: {severity: page}\n")
	if before != after {
		t.Errorf("recording rules changed:\n%s\n%s", before, after)
	}
	if n := strings.Count(before, "slo:sli_error:ratio_rate"); n != 2 {
		t.Errorf("%d rules, want one for each window", n)
	}
}

// FuzzCatalogue reads bytes that may come from any scrape.
func FuzzCatalogue(f *testing.F) {
	f.Add(testMetrics)
	f.Add("# TYPE a histogram\na_bucket{le=\"x\"} 1\n")
	f.Add("a{b=\"\\\n")
	f.Add("# TYPE a counter\n# TYPE a gauge\na 1 2 3\n")
	f.Fuzz(func(t *testing.T, text string) {
		var r diag.Report
		c := ReadCatalogue(&diag.Source{Name: "m", Text: []byte(text)}, nil, &r)
		if (c == nil) != r.HasErrors() {
			t.Errorf("a catalogue: %v, errors: %v", c != nil, r.Findings())
		}
	})
}

func TestCatalogueFormats(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // findings
		counter    string   // a metric that must count as a counter
	}{
		{"text format", "# TYPE a_total counter\na_total{x=\"1\"} 5\n", nil, "a_total"},
		{"OpenMetrics names the family without _total", "# TYPE a counter\n# HELP a It counts.\na_total{x=\"1\"} 5 # {trace=\"t\"} 1\n# EOF\n", nil, "a_total"},
		{"without types", "a_total 5\r\n", nil, "a_total"},
		{"a type alone says nothing about labels", "# TYPE a_total counter\n", nil, "a_total"},
		{"a histogram without series", "# TYPE a histogram\n", nil, "a_count"},
		{
			"every bad line", "a_total{ 5\nb_total 1\nc_total x\n",
			[]string{"1", "3"}, "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r diag.Report
			catalogue := ReadCatalogue(&diag.Source{Name: "m", Text: []byte(c.text)}, nil, &r)
			var lines []string
			for _, f := range r.Findings() {
				lines = append(lines, fmt.Sprint(f.Pos.Line))
			}
			if diff := cmp.Diff(c.want, lines); diff != "" {
				t.Errorf("lines with findings (-want +got)\n%s%v", diff, r.Findings())
			}
			if c.counter == "" {
				return
			}
			if !catalogue.checkCounter(fragment{}, expr.Select(c.counter), &r) {
				t.Errorf("%s is not taken for a counter: %v", c.counter, r.Findings())
			}
		})
	}
}
