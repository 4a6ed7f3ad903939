package alerts

import (
	"strings"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// autoscalers resolves those of a text, with the findings.
func autoscalers(t *testing.T, list string) ([]Autoscaler, string) {
	t.Helper()
	var doc struct {
		slo.ServiceSpec
		AutoscalersSpec
	}
	var r diag.Report
	src := &diag.Source{Name: "a.yaml", Text: []byte("name: shop\nsignals:\n  - {name: jobs, expr: sum(jobs)}\n  - {name: own, expr: 'sum(busy{job=\"a\"})'}\nautoscalers:\n" + list)}
	for _, v := range spec.ReadYAML(src, &r) {
		spec.Decode(v, &doc, &r)
	}
	all := doc.AutoscalersSpec.Resolve(&Service{Service: slo.Resolve(&doc.ServiceSpec, nil, &r)}, &r)
	var found []string
	for _, f := range r.Findings() {
		if f.Kind != slo.NoCatalogue {
			found = append(found, f.Text())
		}
	}
	return all, strings.Join(found, "\n")
}

// TestAutoscalers holds what is filled in, and what is told of mistakes.
func TestAutoscalers(t *testing.T) {
	all, found := autoscalers(t, "  - {name: api, server: 'http://p:9090', triggers: [{signal: jobs, threshold: 2.50}]}\n")
	if found != "" || len(all) != 1 {
		t.Fatalf("%d autoscalers: %s", len(all), found)
	}
	if a := all[0]; a.Target != "api" || a.Min != nil || a.Max != nil || a.Triggers[0].Query() != "sum(jobs)" || a.Triggers[0].Threshold.String() != "2.5" {
		t.Errorf("got %+v", a)
	}
	for _, c := range []struct{ list, want string }{
		{"{name: a, server: 'http://p', triggers: []}", "an autoscaler without triggers scales nothing; name a signal and a threshold"},
		{"{name: a, server: 'http://p', triggers: }", `"triggers" has no value; give it a value, or leave the key out`},
		{"{name: a, server: 'http://p', triggers: {signal: jobs, threshold: 1}}", "a map is not a list; write a list"},
		{"{name: a, server: 'http://p'}", `key "triggers" is missing; add it`},
		{"{name: a, server: p, triggers: [{signal: jobs, threshold: 1}]}", `"p" is no address; begin it with http:// or https://`},
		{"{name: a, server: 'http://p', triggers: [{signal: job, threshold: 1}]}", `there is no signal "job"; did you mean "jobs"?`},
		{"{name: a, server: 'http://p', triggers: [{signal: jobs, threshold: 0}]}", "a threshold of 0 asks for endless replicas; write how much one replica is there for"},
		{"{name: a, server: 'http://p', triggers: [{signal: jobs, threshold: 1, metricType: Valu}]}", `there is no metric type "Valu"; did you mean "Value"?`},
		{"{name: a, server: 'http://p', replicas: {min: 3, max: 2}, triggers: [{signal: jobs, threshold: 1}]}", "3 to 2 replicas are none; let max be at least min, and 1"},
		{"{name: a, server: 'http://p', replicas: {min: 101}, triggers: [{signal: jobs, threshold: 1}]}", "101 to 100 replicas are none; let max be at least min, and 1"},
		{"{name: a, server: 'http://p', polling: 1500ms, triggers: [{signal: jobs, threshold: 1}]}", "KEDA counts in seconds, and 1.5s is no number of them; write whole seconds"},
		{"{name: a, server: 'http://p', triggers: [{signal: jobs, threshold: 1}]}\n  - {name: a, server: 'http://p', triggers: []}", `autoscaler "a" exists already; rename one of them`},
		{"{name: a, server: 'http://p', triggers: [{signal: jobs, threshold: 1}, {signal: jobs, threshold: 2}]}", `signal "jobs" has a trigger already, and KEDA refuses a second one of the name; leave one of them out: the lower threshold wants more replicas`},
		{"{name: a, server: 'http://p', triggers: [{signal: jobs, threshold: 1}]}\n  - {name: b, target: a, server: 'http://p', triggers: [{signal: jobs, threshold: 1}]}", `autoscaler "a" scales a already, and KEDA refuses a second one; let one autoscaler have the triggers of both`},
		{"{name: a, server: 'http://p', triggers: [{signal: jobs, threshold: 1}]}\n  - {name: b, target: a, document: true, server: 'http://p', triggers: [{signal: jobs, threshold: 1}]}", ""},
		{"{name: a, server: 'http://p', triggers: [{signal: jobs, threshold: 1}]}\n  - {name: b, target: a, namespace: other, server: 'http://p', triggers: [{signal: jobs, threshold: 1}]}", ""},
		{"{name: a, server: 'http://me:hunter2@p', triggers: [{signal: jobs, threshold: 1}]}", "the address has a user or a password in it; let KEDA have it from a TriggerAuthentication, and write the address alone"},
		{"{name: a, replicas: {max: 8}, server: 'http://p', triggers: [{signal: own, threshold: 1}]}", "with 0 replicas a exports nothing any more, and is never scaled up again; write replicas: {min: 1}, or go by what others count: a queue, a proxy"},
		{"{name: a, replicas: {min: 1}, server: 'http://p', triggers: [{signal: own, threshold: 1}]}", ""},
		{"{name: a, server: 'http://p', triggers: [{signal: own, threshold: 1}, {signal: jobs, threshold: 1}]}", ""},
		{"{name: b, server: 'http://p', triggers: [{signal: own, threshold: 1}]}", ""},
	} {
		if _, got := autoscalers(t, "  - "+c.list+"\n"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.list, got, c.want)
		}
	}
}
