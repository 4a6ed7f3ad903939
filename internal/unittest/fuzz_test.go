package unittest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
)

// fuzzRules are the rules that fuzzed tests run.
const fuzzRules = `groups:
- name: a
  rules:
  - record: a:b
    expr: sum by (a) (up)
  - alert: A
    expr: up == 0 or a:b > 1
    for: 1m
    labels: {x: "{{ $value }}"}
    annotations: {y: "{{ $labels.a }}"}
`

func fixedRules(*File, string) ([]*diag.Source, error) {
	return []*diag.Source{{Name: "rules.yaml", Text: []byte(fuzzRules)}}, nil
}

// FuzzFile compares whatever the fuzzer makes of tricky texts, and holds that
// running it does not panic.
func FuzzFile(f *testing.F) {
	for i, value := range values {
		f.Add([]byte(strings.Replace(places[i%len(places)], "%s", value, 1)))
	}
	for _, text := range []string{
		"rule_files: [r]\ntests: [{input_series: [{series: up, values: 0 1 0x5}], alert_rule_test: [{eval_time: 5m, alertname: A, exp_alerts: [{}]}]}]\n",
		"tests: [{input_series: [{series: up, profile: {rate: 1, poisson: {seed: 1}, churn: {every: 1m, label: a}, for: 5m}}], exp_silent: [{to: 5m}]}]\n",
		"tests: [{alert_rule_test: [{alertname: A, exp_pending: [{match_labels: {a: '.*'}}]}]}]\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		compareReading(t, "fuzzed", text)
		file := Read(&diag.Source{Name: "test.yaml", Text: bytes.Clone(text)})
		if _, err := Run(context.Background(), []*File{file}, Options{Load: fixedRules, MaxSamples: 1000, Coverage: len(text)%2 == 0}); err != nil {
			t.Error(err)
		}
	})
}

// FuzzNotation holds series notation against Prometheus' parser: what that
// accepts is accepted, unless it is beyond the bound, and is the same.
func FuzzNotation(f *testing.F) {
	for _, text := range notations {
		f.Add(text, 100)
	}
	f.Fuzz(func(t *testing.T, text string, most int) {
		if most < 0 || most > 10000 || len(text) > 1000 {
			t.Skip()
		}
		compareNotation(t, text, most)
	})
}

var notations = []string{
	"", "up", "up 1", "up 1 2 3", "up 0+1x10", "up 1x100", "up _x5 stale", "{} 1", `up{a="x99999"} 1x3`, `up{a="x99999",b="x50"} 1x99`, "upx9999 1x2",
	"up 1x99999999999999999999", "up _x99999999999999999999", "up 1x18446744073709551615", "up {{schema:1 sum:3 count:2 buckets:[1 1]}}x99999", "up {{count:1}}+{{count:1}}x18446744073709551615",
	"up {{count:1}}+{{count:1}}x98 1", "up {{count:2}}-{{count:1}}x3", `up{a="\x41999999"} 1`, "up 1x 5", "up 1x5x5", "up 0x10", "up 1e3x99", "up Infx99 NaNx2", "up stalex101",
	"up 1-1x5", "up -1+2x5", "up 5mx3", `{"ax101","bx102"="c"} 1`, `{ax101="1",ax102="2"} 1x3`, "up # c", "up{} # x999\n1", "up 1\n2\n", "\tup 1",
}

func TestNotations(t *testing.T) {
	for _, text := range notations {
		compareNotation(t, text, 100)
	}
}

func compareNotation(t *testing.T, text string, most int) {
	t.Helper()
	lset, values, err := parseSeries(text, most)
	if len(values) > most && err == nil {
		t.Fatalf("%q is %d values, more than %d", text, len(values), most)
	}
	if errors.Is(err, errTooMany) {
		if sum := repeated(text, repetition().FindAllStringIndex(text, -1)); sum > 100_000 {
			return // too many to let the parser write them out
		}
		if _, upstream, err := expr.Parser.ParseSeriesDesc(text); err == nil && len(upstream) <= most {
			t.Fatalf("%q is refused, and is %d values", text, len(upstream))
		}
		return
	}
	if sum := repeated(text, repetition().FindAllStringIndex(text, -1)); sum > 100_000 && err != nil {
		return
	}
	wantLabels, want, wantErr := expr.Parser.ParseSeriesDesc(text)
	if (err == nil) != (wantErr == nil) || err == nil && (len(values) != len(want) || !labels.Equal(lset, wantLabels)) {
		t.Fatalf("%q: %s, %d values, %v\nPrometheus: %s, %d values, %v", text, lset, len(values), err, wantLabels, len(want), wantErr)
	}
}
