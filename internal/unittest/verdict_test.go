package unittest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	yamlv2 "go.yaml.in/yaml/v2"
	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// What follows has the keys and types of promtool's unit tests.
type (
	upstreamFile struct {
		RuleFiles          []string       `yaml:"rule_files"`
		EvaluationInterval model.Duration `yaml:"evaluation_interval,omitempty"`
		GroupEvalOrder     []string       `yaml:"group_eval_order"`
		Tests              []upstreamTest `yaml:"tests"`
		FuzzyCompare       bool           `yaml:"fuzzy_compare,omitempty"`
	}
	upstreamTest struct {
		Interval    model.Duration `yaml:"interval"`
		InputSeries []struct {
			Series string `yaml:"series"`
			Values string `yaml:"values"`
		} `yaml:"input_series"`
		AlertRuleTests []struct {
			EvalTime  model.Duration `yaml:"eval_time"`
			Alertname string         `yaml:"alertname"`
			ExpAlerts []struct {
				ExpLabels      map[string]string `yaml:"exp_labels"`
				ExpAnnotations map[string]string `yaml:"exp_annotations"`
			} `yaml:"exp_alerts"`
		} `yaml:"alert_rule_test,omitempty"`
		PromqlExprTests []struct {
			Expr       string         `yaml:"expr"`
			EvalTime   model.Duration `yaml:"eval_time"`
			ExpSamples []struct {
				Labels    string  `yaml:"labels"`
				Value     float64 `yaml:"value"`
				Histogram string  `yaml:"histogram"`
			} `yaml:"exp_samples"`
		} `yaml:"promql_expr_test,omitempty"`
		ExternalLabels labels.Labels `yaml:"external_labels,omitempty"`
		ExternalURL    string        `yaml:"external_url,omitempty"`
		TestGroupName  string        `yaml:"name,omitempty"`
		StartTimestamp upstreamStart `yaml:"start_timestamp,omitempty"`
	}
	upstreamStart struct{ time.Time }
)

func (t *upstreamStart) UnmarshalYAML(unmarshal func(any) error) error {
	var s string
	if err := unmarshal(&s); err != nil {
		return err
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		whole, part := math.Modf(f)
		t.Time = time.Unix(int64(whole), int64(part*float64(time.Second))).UTC()
		return nil
	}
	var err error
	t.Time, err = time.Parse(time.RFC3339Nano, s)
	return err
}

// dumpUpstream is everything that was read, in the form of dump.
func dumpUpstream(f *upstreamFile) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %s %q %v\n", f.RuleFiles, time.Duration(f.EvaluationInterval), f.GroupEvalOrder, f.FuzzyCompare)
	for _, t := range f.Tests {
		fmt.Fprintf(&b, "test %q %s %s %q\n", t.TestGroupName, time.Duration(t.Interval), t.ExternalLabels, t.ExternalURL)
		fmt.Fprintf(&b, "  start %s\n", time.UnixMilli(t.StartTimestamp.UnixMilli()).UTC())
		for _, s := range t.InputSeries {
			fmt.Fprintf(&b, "  series %q %q\n", s.Series, s.Values)
		}
		for _, a := range t.AlertRuleTests {
			fmt.Fprintf(&b, "  alert %s %q\n", time.Duration(a.EvalTime), a.Alertname)
			for _, e := range a.ExpAlerts {
				fmt.Fprintf(&b, "    %q %q\n", e.ExpLabels, e.ExpAnnotations)
			}
		}
		for _, e := range t.PromqlExprTests {
			fmt.Fprintf(&b, "  expr %s %q\n", time.Duration(e.EvalTime), e.Expr)
			for _, s := range e.ExpSamples {
				fmt.Fprintf(&b, "    %q %v %q\n", s.Labels, s.Value, s.Histogram)
			}
		}
	}
	return b.String()
}

// dump is everything that was read.
func dump(f *File) string {
	var b strings.Builder
	patterns := []string{}
	for _, p := range f.patterns {
		patterns = append(patterns, textOf(p))
	}
	fmt.Fprintf(&b, "%q %s %q %v\n", patterns, f.interval, f.order, f.fuzzy)
	for _, t := range f.tests {
		fmt.Fprintf(&b, "test %q %s %s %q\n", t.name, t.interval, labels.FromMap(t.labels), t.url)
		fmt.Fprintf(&b, "  start %s\n", t.start)
		for _, s := range t.series {
			fmt.Fprintf(&b, "  series %q %q\n", textOf(s.series), textOf(s.values))
		}
		for _, a := range t.alerts {
			fmt.Fprintf(&b, "  alert %s %q\n", a.at, a.name)
			for _, e := range a.firing {
				fmt.Fprintf(&b, "    %q %q\n", e.labels, e.annotations)
			}
		}
		for _, e := range t.exprs {
			fmt.Fprintf(&b, "  expr %s %q\n", e.at, e.text)
			for _, s := range e.samples {
				fmt.Fprintf(&b, "    %q %v %q\n", textOf(s.labels), s.value, textOf(s.histogram))
			}
		}
	}
	return b.String()
}

// readUpstream reads a text as promtool does.
func readUpstream(text []byte) (f upstreamFile, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errSkip // the library itself panics
		}
	}()
	if err := yamlv2.UnmarshalStrict(text, &f); err != nil {
		return f, err
	}
	for i, name := range f.GroupEvalOrder {
		if slices.Contains(f.GroupEvalOrder[:i], name) {
			return f, errors.New("repeated")
		}
	}
	if f.EvaluationInterval == 0 {
		f.EvaluationInterval = model.Duration(time.Minute)
	}
	for i := range f.Tests {
		t := &f.Tests[i]
		if t.Interval == 0 {
			t.Interval = f.EvaluationInterval
		}
		if t.StartTimestamp.IsZero() {
			t.StartTimestamp.Time = time.Unix(0, 0)
		}
		if year := t.StartTimestamp.UTC().Year(); year < firstYear || year > lastYear {
			return f, errSkip
		}
	}
	return f, nil
}

var errSkip = errors.New("not compared")

// ownKeys are those that promtool does not know.
var ownKeys = []string{"exp_pending", "exp_silent", "match_labels", "match_annotations", "profile"}

// compareReading fails where a text is read otherwise than by promtool. Texts
// are not compared that use what promtool lacks, or what is meant to differ:
//   - text that is not UTF-8, nests or repeats itself without bound, or has
//     more than one document, of which promtool does not read the rest;
//   - text that the third version of the YAML library refuses, which is used here:
//     the second takes some anchors and escapes for what they are not;
//   - merge keys, which the library merges in the order of the text, and tags
//     and keys that a value does not show.
func compareReading(t *testing.T, name string, text []byte) {
	t.Helper()
	f := Read(&diag.Source{Name: "test.yaml", Text: bytes.Clone(text)})
	refused, findings := false, f.report.Findings()
	for _, t := range f.tests {
		findings = append(findings, t.report.Findings()...)
	}
	for _, finding := range findings {
		if finding.Kind == spec.NotText || finding.Kind == spec.TooDeep {
			return
		}
		refused = refused || finding.Severity() == diag.Error && finding.Kind != EmptySuite
	}
	if slices.ContainsFunc(ownKeys, func(key string) bool { return bytes.Contains(text, []byte(key)) }) || isExotic(text) {
		return
	}
	want, err := readUpstream(text)
	switch {
	case errors.Is(err, errSkip):
	case (err != nil) != refused:
		t.Errorf("%s: refused: %v\n%s\npromtool: %v\n%s", name, refused, findingLines(findings), err, text)
	case err == nil && dump(f) != dumpUpstream(&want) && !slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Kind == EmptySuite }):
		t.Errorf("%s: read as\n%s\npromtool:\n%s\n%s", name, dump(f), dumpUpstream(&want), text)
	}
}

// isExotic tells whether a text has something that compareReading leaves out.
func isExotic(text []byte) bool {
	if bytes.ContainsRune(text, '!') {
		return true // a tag, or as good as one
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	if err := dec.Decode(&first); err != nil {
		return !errors.Is(err, io.EOF)
	}
	return !errors.Is(dec.Decode(&second), io.EOF) || hasExotic(&first)
}

func hasExotic(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if key := n.Content[i]; key.Kind == yaml.AliasNode || key.Value == "<<" || key.Kind != yaml.ScalarNode {
			return true
		}
	}
	return slices.ContainsFunc(n.Content, hasExotic)
}

func findingLines(findings []diag.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s: %s (%s)\n", f.Pos, f.Whole(), f.Kind.Name)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// places are where a value can stand in a test file: %s is the value.
var places = []string{
	"%s\n", "tests: %s\n", "tests: [%s]\n", "%s: []\n", "tests: []\n%s: x\n",
	"rule_files: %s\ntests: [{}]\n", "rule_files: [%s]\ntests: [{}]\n", "evaluation_interval: %s\ntests: [{}]\n",
	"group_eval_order: %s\ntests: [{}]\n", "group_eval_order: [a, %s]\ntests: [{}]\n", "fuzzy_compare: %s\ntests: [{}]\n",
	"tests: [{name: %s}]\n", "tests: [{interval: %s}]\n", "tests: [{%s: x}]\n", "tests: [{input_series: %s}]\n",
	"tests: [{input_series: [%s]}]\n", "tests: [{input_series: [{series: %s, values: 1}]}]\n",
	"tests: [{input_series: [{series: up, values: %s}]}]\n", "tests:\n- input_series:\n  - series: up\n    %s: 1\n",
	"tests: [{alert_rule_test: %s}]\n", "tests: [{alert_rule_test: [%s]}]\n", "tests: [{alert_rule_test: [{eval_time: %s, alertname: a}]}]\n",
	"tests: [{alert_rule_test: [{eval_time: 1m, alertname: %s}]}]\n", "tests: [{alert_rule_test: [{alertname: a, exp_alerts: %s}]}]\n",
	"tests: [{alert_rule_test: [{alertname: a, exp_alerts: [%s]}]}]\n", "tests: [{alert_rule_test: [{alertname: a, exp_alerts: [{exp_labels: %s}]}]}]\n",
	"tests: [{alert_rule_test: [{alertname: a, exp_alerts: [{exp_labels: {a: %s}}]}]}]\n",
	"tests:\n- alert_rule_test:\n  - alertname: a\n    exp_alerts:\n    - exp_annotations:\n        %s: x\n",
	"tests: [{promql_expr_test: %s}]\n", "tests: [{promql_expr_test: [%s]}]\n", "tests: [{promql_expr_test: [{expr: %s}]}]\n",
	"tests: [{promql_expr_test: [{expr: a, eval_time: %s}]}]\n", "tests: [{promql_expr_test: [{expr: a, exp_samples: %s}]}]\n",
	"tests: [{promql_expr_test: [{expr: a, exp_samples: [%s]}]}]\n", "tests: [{promql_expr_test: [{expr: a, exp_samples: [{labels: %s}]}]}]\n",
	"tests: [{promql_expr_test: [{expr: a, exp_samples: [{value: %s}]}]}]\n", "tests: [{promql_expr_test: [{expr: a, exp_samples: [{histogram: %s}]}]}]\n",
	"tests: [{external_labels: %s}]\n", "tests: [{external_labels: {a: %s}}]\n", "tests: [{external_url: %s}]\n", "tests: [{start_timestamp: %s}]\n",
}

// values are what YAML reads in ways that surprise.
var values = []string{
	"~", "null", "Null", "NULL", "", `""`, "''", "[]", "{}", "[~]", "[[]]", "{a: ~}", "{~: a}", "{1: 2}", "{true: false}", "{a: b, a: c}", "{a: {b: c}}",
	"0", "1", "30", "-1", "+1", "5.5", "1e3", "1e30", "1e999", "0x10", "0o17", "017", "089", "0b11", "-0b11", "1_000", "_1", ".5", ".5_0", "5.", "+.5", "-.5",
	".inf", "-.inf", "+.Inf", ".nan", ".NaN", "NaN", "nan", "Inf", "inf", "9223372036854775807", "9223372036854775808", "18446744073709551616",
	"true", "True", "TRUE", "tRUE", "yes", "Yes", "on", "y", "Y", "no", "n", "off", "OFF", `"yes"`, "'true'", "2001-01-01", "2001-12-14T21:59:43.10Z", "2001-12-14 21:59:43.10 -5", "12:30:45", "=",
	"30s", "5m", "1h30m", "1d", "-5m", "1.5h", "5M", "0s", "'5m'", `"0"`, `"5"`, "5m ", "1y1y", "1000000y", "292y", "1ms",
	"a", "A b", `"a b"`, "{a: b}", "'{a: b}'", "test*.yaml", "'up{a=\"b\"}'", "0+1x10", "'_ stale 1x3'", "|\n  1 2\n  3\n", ">-\n  1 2\n  3\n", `"a\nb"`, "é", "日本",
	"2024-01-01T00:00:00Z", "'2024-01-01T00:00:00.123456Z'", "2024-01-01T00:00:00+01:00", "1609459200", "1609459200.5", "-5", "-5.0005", "0001-01-01T00:00:00Z", "1e12",
	"&x a", "*y", "&x [*x]", "[&x a, *x]", "{a: &x b, c: *x}",
}

func trickyFiles() []string {
	texts := []string{"", "# nothing\n", "---\n", "tests: [{}]\ntests: []\n", "\ufefftests: [{}]\n", "tests: [{}]\r\nrule_files: [a]\r\n", "tests:\n\t- {}\n", "tests: [\n"}
	for _, place := range places {
		for _, value := range values {
			texts = append(texts, strings.Replace(place, "%s", value, 1))
		}
	}
	return texts
}

// TestReading compares what is read of every tricky text with what promtool reads.
func TestReading(t *testing.T) {
	for i, text := range trickyFiles() {
		compareReading(t, fmt.Sprintf("text %d", i), []byte(text))
	}
}

// TestReadingMixtures compares files with several oddities.
func TestReadingMixtures(t *testing.T) {
	for seed := range uint64(3000) {
		compareReading(t, fmt.Sprintf("mixture %d", seed), []byte(mixer{rand.New(rand.NewPCG(seed, 0))}.file()))
	}
}

// mixer writes test files in which each part is, now and then, something else.
type mixer struct{ *rand.Rand }

func (m mixer) file() string {
	return m.object(1, "tests", m.list(3, m.test), "rule_files", m.list(2, func() string { return "r.yaml" }),
		"evaluation_interval", m.pick("1m", "30s", "0"), "group_eval_order", m.list(2, func() string { return m.pick("a", "b", "c") }), "fuzzy_compare", m.pick("true", "no"))
}

func (m mixer) test() string {
	return m.object(0, "name", "x", "interval", "30s", "input_series", m.list(2, m.series), "alert_rule_test", m.list(2, m.alert),
		"promql_expr_test", m.list(2, m.expr), "external_labels", m.labels(), "external_url", "http://x", "start_timestamp", m.pick("0", "2024-01-01T00:00:00Z"))
}

func (m mixer) series() string { return m.object(2, "series", "up", "values", m.pick("1", "0+1x5")) }

func (m mixer) alert() string {
	return m.object(2, "eval_time", m.pick("1m", "0"), "alertname", "A", "exp_alerts", m.list(2, func() string {
		return m.object(0, "exp_labels", m.labels(), "exp_annotations", m.labels())
	}))
}

func (m mixer) expr() string {
	return m.object(2, "expr", "up", "eval_time", "1m", "exp_samples", m.list(2, func() string {
		return m.object(1, "labels", "up", "value", m.pick("1", ".NaN"), "histogram", "'{{count:1}}'")
	}))
}

func (m mixer) labels() string { return m.object(0, "x", "y", "z", "5") }

// object is a map of keys and values: the first ones, some of the others, and
// seldom what it should not have.
func (m mixer) object(first int, fields ...string) string {
	var parts []string
	for i := 0; i < len(fields); i += 2 {
		if i >= 2*first && m.IntN(3) > 0 {
			continue
		}
		parts = append(parts, m.odd(fields[i], 60)+": "+m.odd(fields[i+1], 20))
		if m.IntN(100) == 0 {
			parts = append(parts, fields[i]+": "+fields[i+1])
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (m mixer) list(most int, item func() string) string {
	parts := make([]string, m.IntN(most+1))
	for i := range parts {
		parts[i] = m.odd(item(), 30)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// odd is s, or once in so many times something else, on one line.
func (m mixer) odd(s string, once int) string {
	if other := m.pick(values...); m.IntN(once) == 0 && !strings.Contains(other, "\n") {
		return other
	}
	return s
}

func (m mixer) pick(from ...string) string { return from[m.IntN(len(from))] }
