package slo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestPer holds that everything that is computed of a grouped SLO keeps its labels.
func TestPer(t *testing.T) {
	s, findings := resolveText(t, tier+`  - name: x
    per: [method, job]
    objective: 99%
    availability: {total: http_requests_total, bad: 'status=~"5.."'}
  - name: y
    per: [method]
    objective: 99%
    latency: {of: http_request_duration_seconds, within: 500ms}
  - name: z
    per: [instance]
    objective: 99%
    timeSlice: {of: queue_length, atMost: 5}
`)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	want := []string{
		`(sum by (method, job) (rate(http_requests_total{status=~"5.."}[5m])) or 0 * sum by (method, job) (rate(http_requests_total[5m]))) / (sum by (method, job) (rate(http_requests_total[5m])) > 0)`,
		`sum by (method, job) (increase(http_requests_total{status=~"5.."}[5m]))`,
		`1 - sum by (method) (rate(http_request_duration_seconds_bucket{le="0.5"}[5m])) / (sum by (method) (rate(http_request_duration_seconds_count[5m])) > 0)`,
		`sum by (method) (increase(http_request_duration_seconds_count[5m])) - sum by (method) (increase(http_request_duration_seconds_bucket{le="0.5"}[5m]))`,
		`avg_over_time(((max by (instance) (max_over_time(queue_length[1m])) >= -Inf) > bool 5)[5m:1m])`,
		`sum_over_time(((max by (instance) (max_over_time(queue_length[1m])) >= -Inf) > bool 5)[5m:1m])`,
	}
	var got []string
	for _, o := range s.SLOs {
		got = append(got, o.SLI.ErrorRatio(5*time.Minute).String(), o.SLI.Errors(5*time.Minute).String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if n, ok := s.SLOs[1].Groups(); n != 1 || !ok {
		t.Errorf("%d groups (%v), and the catalogue has one method", n, ok)
	}
	if n, ok := s.SLOs[2].Groups(); ok {
		t.Errorf("%d groups, and the catalogue does not know instances", n)
	}
	if got, want := s.SLOs[0].GroupTemplate(), "method {{ $labels.method }}, job {{ $labels.job }}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPerFindings(t *testing.T) {
	_, got := resolveText(t, `name: shop
labels: {region: eu}
burn: [{name: Fast, budget: 2%, windows: [1h, 5m], labels: {zone: a}}]
slos:
  - {name: a, per: [slo, methd, region], objective: 99%, latency: {of: http_request_duration_seconds, within: 500ms}}
  - {name: b, per: [method, method, "x y"], objective: 99%, latency: {of: 'http_request_duration_seconds{method="GET"}', within: 500ms}}
  - {name: c, per: [status], objective: 99%, availability: {total: http_requests_total, bad: failures_total}}
  - {name: d, per: [zone, le], objective: 99%, availability: {total: http_requests_total, bad: 'status="500"'}}
`)
	want := []string{
		`5:21: label "slo" says something else already; group by a label of what is measured (group-label)`,
		`5:26: http_request_duration_seconds_count has no label "methd"; did you mean "method"? (unknown-label)`,
		`5:33: the spec sets label "region" on the alerts, for all groups alike; leave it out of labels (group-label)`,
		`6:21: http_request_duration_seconds_count has the same label method in all series that are selected; leave it out, or select more (group-label)`,
		`6:29: label "method" stands here twice; leave it out (group-label)`,
		`6:37: "x y" is not a name for alerts; use letters, digits and underscores, such as APIAvailability (bad-value)`,
		`7:21: failures_total has no label "status"; use one of job, instance (unknown-label)`,
		`8:21: the spec sets label "zone" on the alerts, for all groups alike; leave it out of labels (group-label)`,
		`8:27: label "le" says something else already; group by a label of what is measured (group-label)`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
