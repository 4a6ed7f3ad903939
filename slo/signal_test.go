package slo

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// TestSignals holds that a signal stands for its selector, and that what is
// wrong with one is found once.
func TestSignals(t *testing.T) {
	const metrics = "# TYPE requests_total counter\nrequests_total{status=\"200\"} 1\nrequests_total{status=\"500\"} 1\n# TYPE wait_seconds histogram\nwait_seconds_bucket{le=\"1\"} 1\n"
	for _, c := range []struct {
		name, signals, total string
		want                 []string
		events               string
	}{
		{"a selector", `{name: a, expr: 'requests_total{job="x"}'}`, "{signal: a}", nil, `requests_total{job="x"}`},
		{"an expression that nothing refers to", `{name: a, expr: 'histogram_quantile(0.9, sum by (le) (rate(wait_seconds_bucket[5m])))'}`, "requests_total", nil, `requests_total`},
		{"a metric that does not exist", `{name: a, expr: request_total}`, "{signal: a}", []string{`3:21: the catalogue has no metric "request_total"; did you mean "requests_total"? (unknown-metric)`}, ""},
		{"a label that does not exist", `{name: a, expr: 'requests_total{state="x"}'}`, "{signal: a}", []string{`3:37: requests_total has no label "state"; did you mean "status"? (unknown-label)`}, ""},
		{"an expression", `{name: a, expr: sum(requests_total)}`, "{signal: a}", []string{`5:70: signal "a" is no selector of one metric; refer to a signal that is a plain selector, or compare it in an alert with expr: signal:a > 5 (unknown-reference)`}, ""},
		{"a range", `{name: a, expr: 'requests_total[5m]'}`, "{signal: a}", []string{`3:21: "requests_total[5m]" is a range vector, which has no value at an instant; give it a function: rate(metric[5m]) (promql-syntax)`}, ""},
		{"an unknown one", `{name: a, expr: requests_total}`, "{signal: b}", []string{`5:70: there is no signal "b"; use a (unknown-reference)`}, ""},
		{"another key", `{name: a, expr: requests_total}`, "{sginal: a}", []string{`5:62: unknown key "sginal"; did you mean "signal"? (unknown-key)`}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r diag.Report
			text := fmt.Sprintf("name: shop\nsignals:\n  - %s\nburn: [{name: Fast, budget: 2%%, windows: [1h, 5m]}]\nslos: [{name: orders, objective: 99%%, availability: {total: %s, bad: 'status=\"500\"'}}]\n", c.signals, c.total)
			var doc ServiceSpec
			spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)[0], &doc, &r)
			catalogue := ReadCatalogue(&diag.Source{Name: "m", Text: []byte(metrics)}, []string{"job", "instance"}, &r)
			s := Resolve(&doc, catalogue, &r)
			var findings []string
			for _, f := range r.Findings() {
				findings = append(findings, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
			}
			if diff := cmp.Diff(c.want, findings); diff != "" {
				t.Error(diff)
			}
			if c.events == "" {
				return
			}
			if got := s.SLOs[0].SLI.Events(); got != c.events {
				t.Errorf("counts %s, want %s", got, c.events)
			}
		})
	}
}
