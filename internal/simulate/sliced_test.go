package simulate

import (
	"context"
	"strings"
	"testing"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

const slicedService = `name: db
scrapeInterval: 15s
burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]
absence: {for: 10m}
slos:
  - name: lag
    objective: 99%
    timeSlice: {of: 'lag_seconds{job="db"}', atMost: 1s}
  - name: disk
    objective: 95%
    timeSlice: {of: 'free_bytes{job="db"}', outOf: 'size_bytes{job="db"}', atLeast: 15%, slice: 30s}
  - name: up
    objective: 99.5%
    minErrors: 10
    probe: {of: 'up{job="db"}'}
scenarios:
  - {name: most, slo: lag, outage: 90m, errors: 40%, expect: {Fast: {}}}
  - {name: quarter, slo: up, outage: 90m, errors: 25%, expect: {Fast: {}}}
`

const slicedRules = `groups:
  - name: lag
    rules:
      - {record: bad, expr: '(max(max_over_time(lag_seconds{job="db"}[1m])) >= -Inf) > bool 1', labels: {slo: lag}}
      - {alert: LagSLOFast, expr: 'avg_over_time(BAD[1h:1m]) > 0.144 and avg_over_time(BAD[5m:1m]) > 0.144', labels: {service: db, slo: lag}}
      - {alert: LagSLOMetricsAbsent, expr: 'absent(lag_seconds{job="db"})', for: 10m, labels: {service: db, slo: lag}}
  - name: disk
    rules:
      - {alert: DiskSLOFast, expr: 'avg_over_time(FULL[1h:30s]) > 0.72 and avg_over_time(FULL[5m:30s]) > 0.72', labels: {service: db, slo: disk}}
      - {alert: DiskSLOMetricsAbsent, expr: 'absent(free_bytes{job="db"}) or absent(size_bytes{job="db"})', for: 10m, labels: {service: db, slo: disk}}
  - name: up
    rules:
      - {alert: UpSLOFast, expr: '(avg(avg_over_time(up{job="db"}[1h])) < 0.928 and avg(avg_over_time(up{job="db"}[5m])) < 0.928) and on() (sum(count_over_time(up{job="db"}[1h]) - sum_over_time(up{job="db"}[1h])) >= 10)', labels: {service: db, slo: up}}
      - {alert: UpSLOMetricsAbsent, expr: 'absent(up{job="db"})', for: 10m, labels: {service: db, slo: up}}
`

// proveSliced runs all scenarios of the sliced service, and returns those alerts
// that do not do as predicted.
func proveSliced(t *testing.T, rules string) []Result {
	t.Helper()
	var r diag.Report
	var doc struct {
		slo.ServiceSpec
		ScenariosSpec
	}
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(slicedService)}, &r)[0], &doc, &r)
	all := Resolve(doc.ScenariosSpec, slo.Resolve(&doc.ServiceSpec, nil, &r), &r).All()
	if r.Len() > 0 {
		t.Fatal(r.Findings())
	}
	written := strings.NewReplacer(
		"BAD", `((max(max_over_time(lag_seconds{job="db"}[1m])) >= -Inf) > bool 1)`,
		"FULL", `((min(min_over_time(free_bytes{job="db"}[30s]) / max_over_time(size_bytes{job="db"}[30s])) >= -Inf) < bool 0.15)`,
	).Replace(rules)
	results, err := RunAll(context.Background(), watched(all), groups(t, written), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var wrong []Result
	for _, res := range results {
		if !res.OK() {
			wrong = append(wrong, res)
		}
		if res.Prediction.Close {
			t.Errorf("%s of %s is too close to call", res.Scenario.Name, res.Scenario.SLO.Name)
		}
	}
	return wrong
}

// TestSliced holds predictions against rules over slices of time, as anybody would write them.
func TestSliced(t *testing.T) {
	for _, r := range proveSliced(t, slicedRules) {
		t.Errorf("%s: %s: predicted %s, observed %s\n%s", r.Scenario.Name, r.Prediction.Alert, r.Predicted(), r.Saw(), r.Timeline())
	}
}

// TestWrongSlicedRulesFail breaks them, and wants each noticed.
func TestWrongSlicedRulesFail(t *testing.T) {
	for _, c := range []struct{ name, old, new string }{
		{"the best series instead of the worst", "(max(max_over_time", "(min(max_over_time"},
		{"the average of the series", "(max(max_over_time", "(avg(max_over_time"},
		{"the limit itself is bad", "> bool 1)", "> bool 0.9999)"},
		{"a limit that is too high", "> bool 1)", "> bool 1.02)"},
		{"NaN is good", " >= -Inf) > bool 1)", ") > bool 1)"},
		{"another slice", "[1h:1m]", "[1h:5m]"},
		{"another threshold", "> 0.144 and", "> 0.16 and"},
		{"the job is not selected", `lag_seconds{job="db"}`, `lag_seconds`},
		{"free of twice the capacity", ` / max_over_time(size_bytes{job="db"}[30s])`, ` / (2 * max_over_time(size_bytes{job="db"}[30s]))`},
		{"at most instead of at least", "< bool 0.15)", "> bool 0.15)"},
		{"one instance of two", `avg(avg_over_time(up{job="db"}[1h]))`, `avg(avg_over_time(up{job="db",instance=~"a.*"}[30m]))`},
		{"any target", `avg(avg_over_time(up{job="db"}`, `avg(avg_over_time(up{}`},
		{"the guard", ">= 10)", ">= 60)"},
	} {
		text := strings.NewReplacer(
			"BAD", `((max(max_over_time(lag_seconds{job="db"}[1m])) >= -Inf) > bool 1)`,
			"FULL", `((min(min_over_time(free_bytes{job="db"}[30s]) / max_over_time(size_bytes{job="db"}[30s])) >= -Inf) < bool 0.15)`,
		).Replace(slicedRules)
		broken := strings.ReplaceAll(text, c.old, c.new)
		if broken == text {
			t.Errorf("%s: nothing was broken", c.name)
		}
		if len(proveSliced(t, broken)) == 0 {
			t.Errorf("%s: nobody noticed", c.name)
		}
	}
}

// TestCut holds which slices are bad, and which are none.
func TestCut(t *testing.T) {
	var r diag.Report
	var doc slo.ServiceSpec
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(strings.Split(slicedService, "scenarios:")[0])}, &r)[0], &doc, &r)
	o := slo.Resolve(&doc, nil, &r).SLOs[0]
	for _, c := range []struct {
		name string
		load Load
		want string // of each slice of a minute: . good, x bad, - none
	}{
		{"an outage that touches two slices", Load{Phases: []Phase{newPhase(0, 1, none), newPhase(90*time.Second, 1, everything), newPhase(150*time.Second, 1, none)}}, ".xx.."},
		{"one that begins where a slice ends", Load{Phases: []Phase{newPhase(0, 1, none), newPhase(time.Minute, 1, everything), newPhase(2*time.Minute, 1, none)}}, ".x..."},
		{"half of them", Load{Phases: []Phase{newPhase(0, 1, rat("0.5"))}}, ".x.x."},
		{"a tenth, ten times", Load{Phases: []Phase{newPhase(0, 1, rat("0.1"))}}, ".........x.........x"},
		{"no traffic", Load{Phases: []Phase{newPhase(0, 1, none), newPhase(time.Minute, 0, none), newPhase(3*time.Minute, 1, none)}}, ".--.."},
		{"no target, and no scrapes", Load{Phases: []Phase{newPhase(0, 1, none)}, Gone: []Span{{time.Minute, 2*time.Minute + time.Second}}, Gaps: []Span{{3 * time.Minute, 4 * time.Minute}}}, ".-..."},
		{"one failure", Load{Phases: []Phase{newPhase(0, 1, none)}, Failures: []time.Duration{2 * time.Minute}}, ".x..."},
	} {
		c.load.cut(o, time.Hour)
		got := ""
		for _, s := range c.load.slices.slices[:len(c.want)] {
			switch {
			case s.weight == 0:
				got += "-"
			case s.bad:
				got += "x"
			default:
				got += "."
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
