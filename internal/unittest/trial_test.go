package unittest

import (
	"context"
	"strings"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

// triedRules depend on each other in the ways in which a change of one reaches others.
const triedRules = `groups:
- name: late
  rules:
  - {record: total, expr: 'sum by (job) (part{kind="a"}) + sum by (job) (part{kind="b"})'}
  - {record: unused, expr: 'total * 2'}
- name: parts
  rules:
  - {record: part, labels: {kind: a}, expr: 'rate(requests_total{status="ok"}[2m])'}
  - {record: part, labels: {kind: b}, expr: 'rate(requests_total{status="bad"}[2m])'}
  - {record: running, expr: 'count_over_time(up[1m]) + (running offset 1m or 0 * up)'}
- name: alerts
  rules:
  - {alert: Busy, expr: total > 1.5, for: 2m, keep_firing_for: 1m, labels: {severity: page}, annotations: {summary: '{{ $labels.job }} has {{ $value }}'}}
  - {alert: Busy, expr: total > 3, labels: {severity: ticket}}
  - {alert: Long, expr: 'ALERTS{alertname="Busy",alertstate="firing",severity="page"}', for: 1m}
  - {alert: Down, expr: up == 0 or absent(up)}
`

const triedTests = `rule_files: [rules.yaml]
tests:
- name: firing
  input_series:
  - {series: 'requests_total{job="api",status="ok",i="1"}', values: 0+60x10 600x5}
  - {series: 'requests_total{job="api",status="bad",i="1"}', values: 0+60x10 600x5}
  - {series: 'requests_total{job="db",status="ok",i="1"}', values: 0+60x15}
  alert_rule_test:
  - {eval_time: 4m, alertname: Busy, exp_alerts: [{exp_labels: {job: api, severity: page}, exp_annotations: {summary: api has 2}}]}
  - {eval_time: 5m, alertname: Long, exp_alerts: [{match_labels: {job: api}}]}
  exp_silent: [{alertname: Busy, from: 16m, to: 20m}]
- name: values
  input_series:
  - {series: 'requests_total{job="api",status="ok"}', values: 0+60x5}
  - {series: 'requests_total{job="api",status="bad"}', values: 0+120x5}
  - {series: 'up{job="api"}', values: 1x10}
  promql_expr_test:
  - {expr: total, eval_time: 4m, exp_samples: [{labels: 'total{job="api"}', value: 3}]}
  - {expr: running, eval_time: 4m, exp_samples: [{labels: 'running{job="api"}', value: 5}]}
- name: down
  input_series: [{series: 'up{job="api"}', values: 1 0 1x5}]
  alert_rule_test:
  - {eval_time: 1m, alertname: Down, exp_alerts: [{exp_labels: {job: api}}]}
  - {eval_time: 2m, alertname: Down, exp_alerts: []}
`

// TestTrials holds that trials, which evaluate only what a broken rule reaches,
// notice just what all tests do that are run on all rules anew.
func TestTrials(t *testing.T) {
	opts := Options{Load: folder{"rules.yaml": triedRules}.load}
	file := Read(&diag.Source{Name: "test.yaml", Text: []byte(triedTests)})
	trials, err := NewTrials(context.Background(), []*File{file}, opts)
	if err != nil {
		t.Fatal(err)
	}
	if result := runText(t, triedRules, triedTests, Options{}); result.Failed() {
		t.Fatal(found(result))
	}
	noticed, survived := 0, 0
	for _, b := range [][2]string{
		{`kind="a"`, `kind!="a"`}, {`kind="a"`, `kind!="x"`}, {"sum by (job) (part", "max by (job) (part"}, {"sum by (job) (part", "max by (i) (part"}, {") + sum", ") - sum"}, {"total * 2", "total * 3"}, {"kind: a}", "kind: c}"},
		{`status="ok"`, `status!="bad"`}, {`status="bad"`, `status!="bad"`}, {"rate(requests_total{status=\"bad\"}[2m])", "increase(requests_total{status=\"bad\"}[2m])"}, {"offset 1m or", "offset 2m or"}, {"0 * up", "1 * up"},
		{"up[1m]", "up[2m]"}, {"total > 1.5", "total > 1.4"}, {"total > 1.5", "total < 1.5"}, {"total > 1.5", "total > 2"}, {"for: 2m", "for: 0m"}, {"for: 2m", "for: 4m"}, {"keep_firing_for: 1m", "keep_firing_for: 9m"}, {"keep_firing_for: 1m", "keep_firing_for: 2m"},
		{"severity: page}", "severity: mail}"}, {"has {{", "had {{"}, {"total > 3", "total > 3.5"}, {"total > 3", "total > 1"}, {`alertstate="firing",`, ""}, {`severity="page"`, `severity="ticket"`}, {"for: 1m}", "for: 5m}"},
		{"up == 0", "up != 0"}, {"up == 0 or absent(up)", "up == 0"}, {"total > 3", "total > on () total"},
	} {
		text := strings.Replace(triedRules, b[0], b[1], 1)
		was, is := differing(t, trials.Rules(), text)
		_, ok, err := trials.Judges(was).Notice(context.Background(), is)
		if err != nil {
			t.Fatal(err)
		}
		if anew := runText(t, text, triedTests, Options{}).Failed(); anew != ok {
			t.Errorf("%q for %q: trials say %v, and all tests %v", b[1], b[0], ok, anew)
		}
		if ok {
			noticed++
		} else {
			survived++
		}
	}
	if noticed < 10 || survived < 5 {
		t.Errorf("%d noticed and %d not: the sample shows little", noticed, survived)
	}
	if unused := trials.Rules()[1]; !trials.Judges(unused).None() || trials.Failed(unused) {
		t.Error("a rule is said to be read that no test asserts anything about")
	}
}

// differing is the rule that a text has changed, and what it has become.
func differing(t *testing.T, rules []*rulefile.Rule, text string) (was, is *rulefile.Rule) {
	t.Helper()
	cache := &ruleCache{byName: map[string]*ruleFile{}}
	i := 0
	for _, g := range cache.read(&diag.Source{Name: "rules.yaml", Text: []byte(text)}).groups {
		for _, r := range g.Rules {
			if w := rules[i]; w.Text != r.Text || w.For != r.For || w.KeepFiringFor != r.KeepFiringFor ||
				w.Labels["severity"]+w.Labels["kind"]+w.Annotations["summary"] != r.Labels["severity"]+r.Labels["kind"]+r.Annotations["summary"] {
				return w, r
			}
			i++
		}
	}
	t.Fatal("no rule differs")
	return nil, nil
}

// TestTrialsThatFail holds that a test which does not pass judges nothing, and
// that it is known which rules it reads.
func TestTrialsThatFail(t *testing.T) {
	text := strings.Replace(triedTests, "{eval_time: 2m, alertname: Down, exp_alerts: []}", "{eval_time: 3m, alertname: Down, exp_alerts: [{}]}", 1)
	opts := Options{Load: folder{"rules.yaml": triedRules}.load}
	trials, err := NewTrials(context.Background(), []*File{Read(&diag.Source{Name: "test.yaml", Text: []byte(text)})}, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range trials.Rules() {
		if failed := r.Name() == "Down"; trials.Failed(r) != failed || failed && !trials.Judges(r).None() {
			t.Errorf("%s: a failed test reads it: %v, none judges it: %v", r.Name(), trials.Failed(r), trials.Judges(r).None())
		}
	}
}
