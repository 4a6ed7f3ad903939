package unittest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// folder are files by name.
type folder map[string]string

func (d folder) load(_ *File, pattern string) ([]*diag.Source, error) {
	if text, ok := d[pattern]; ok {
		return []*diag.Source{{Name: pattern, Text: []byte(text)}}, nil
	}
	return nil, nil
}

// runText runs a test file with rules.yaml beside it.
func runText(t testing.TB, rules, text string, opts Options) *Result {
	t.Helper()
	opts.Load = folder{"rules.yaml": rules}.load
	result, err := Run(context.Background(), []*File{Read(&diag.Source{Name: "test.yaml", Text: []byte(text)})}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// found are the findings of a result, a line each, with their details.
func found(result *Result) []string {
	var lines []string
	for _, f := range result.Files {
		all := f.Findings
		for _, test := range f.Tests {
			all = append(all, test.Findings...)
			if test.NotRun != "" {
				lines = append(lines, test.Name+": "+test.NotRun)
			}
		}
		for _, f := range all {
			lines = append(lines, strings.Split(f.Pos.String()+": "+f.Whole()+" ("+f.Kind.Name+")", "\n")...)
		}
	}
	return lines
}

func wantFound(t *testing.T, name string, result *Result, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, found(result)); diff != "" {
		t.Errorf("%s: -want +got:\n%s", name, diff)
	}
}

const upRules = `groups:
- name: up
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
  - alert: Down
    expr: up == 0
    for: 5m
    labels: {severity: page}
    annotations: {summary: "{{ $labels.instance }} of {{ $labels.job }}"}
`

const upHeader = "rule_files: [rules.yaml]\ntests:\n- name: t\n  input_series:\n  - {series: 'up{job=\"a\",instance=\"1\"}', values: 1 0x20}\n  - {series: 'up{job=\"a\",instance=\"2\"}', values: 1 1 0x20}\n"

// TestFindings holds what is found in a test file, each at its place.
func TestFindings(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"good", upHeader + "  alert_rule_test: [{eval_time: 6m, alertname: Down, exp_alerts: [{exp_labels: {job: a, instance: 1, severity: page}, exp_annotations: {summary: 1 of a}}]}]\n", nil},
		{"empty", "# nothing\n", []string{"test.yaml: the file is empty; add tests, or remove the file (empty-suite)"}},
		{"no tests", "tests: []\n", []string{"test.yaml:1:1: the file has no tests; add tests, or remove the file (empty-suite)"}},
		{"no assertion", "tests: [{}]\n", []string{"test.yaml:1:9: the test asserts nothing; add alert_rule_test or promql_expr_test (no-assertion)"}},
		{"unknown keys", "test: []\nrule_file: [a]\ntests: [{alert_rule_tests: [], input_series: [{serie: up}]}]\n", []string{
			"unnamed#0: the test cannot be read",
			"test.yaml:1:1: a test file has no key \"test\"; did you mean \"tests\"? (unknown-key)",
			"test.yaml:2:1: a test file has no key \"rule_file\"; did you mean \"rule_files\"? (unknown-key)",
			"test.yaml:3:9: the test asserts nothing; add alert_rule_test or promql_expr_test (no-assertion)",
			"test.yaml:3:10: a test has no key \"alert_rule_tests\"; did you mean \"alert_rule_test\"? (unknown-key)",
			"test.yaml:3:47: an input series without name and values; write series: and values: (series-syntax)",
			"test.yaml:3:48: an input series has no key \"serie\"; did you mean \"series\"? (unknown-key)",
		}},
		{"series", "tests:\n- promql_expr_test: [{expr: vector(1), exp_samples: [{value: 1}]}]\n  input_series:\n  - {series: 'up{a=\"b}', values: 1}\n  - {series: up, values: '0+1x5 abc 3'}\n  - {series: up, values: \"1 {{count:x}}\"}\n  - {series: '{}', values: 1}\n  - {series: up, values: 1x999999999999}\n  - series: up\n    values: |\n      1 2\n      3 -x\n", []string{
			"unnamed#0: the test cannot be read",
			"test.yaml:4:20: unterminated quoted string (series-syntax)",
			"test.yaml:5:33: unexpected identifier \"abc\" in series values, expected number or \"stale\"; write values such as 1 2 3, 5x10 or 0+10x5, with spaces between them (series-syntax)",
			"test.yaml:6:37: bad histogram descriptor found: \"x\"; write values such as 1 2 3, 5x10 or 0+10x5, with spaces between them (series-syntax)",
			"test.yaml:7:15: a series needs a label; give it a name or a label (series-syntax)",
			"test.yaml:8:26: the series are more than the 49999999 samples that a test may still have; shorten it, or raise --max-samples (too-many-samples)",
			"test.yaml:12:10: unexpected \"x\" in series values; write values such as 1 2 3, 5x10 or 0+10x5, with spaces between them (series-syntax)",
		}},
		{"several documents", "tests: [{promql_expr_test: [{expr: vector(1), exp_samples: [{value: 1}]}]}]\n---\ntests: []\n", []string{
			"test.yaml:3:1: all documents of a test file but the first are ignored; make a file of it (ignored-document)",
		}},
		{"names", "rule_files: [rules.yaml, nope.yaml]\ngroup_eval_order: [a, a]\ntests: [{alert_rule_test: [{alertname: Dwn}, {eval_time: 1m}]}]\n", []string{
			"unnamed#0: the settings of the test file cannot be read",
			"test.yaml:1:26: \"nope.yaml\" matches no file; write a file or pattern relative to the test file (no-rule-file)",
			"test.yaml:2:23: group_eval_order has \"a\" twice; name it once (invalid-test)",
		}},
		{"alerts that do not exist", "rule_files: [rules.yaml]\ntests: [{alert_rule_test: [{alertname: Dwn, exp_alerts: []}, {eval_time: 1m}], exp_silent: [{alertname: Dow, to: 1m}]}]\n", []string{
			"test.yaml:2:40: no rule defines the alert \"Dwn\"; did you mean \"Down\"? (unknown-alert)",
			"test.yaml:2:62: an alert_rule_test without alertname; add alertname: (invalid-test)",
			"test.yaml:2:105: no rule defines the alert \"Dow\"; did you mean \"Down\"? (unknown-alert)",
		}},
		{"expressions", "tests:\n- promql_expr_test:\n  - {expr: sum(up}\n  - {eval_time: 1m}\n  - {expr: 'up', exp_samples: [{labels: 'up{a=b}'}, {labels: '', histogram: '{{count:1}} {{}}', value: 3}, {histogram: '{{sum}}'}]}\n  - {expr: '\"a\"'}\n", []string{
			"test.yaml:3:18: unclosed left parenthesis; close it (promql-syntax)",
			"test.yaml:4:5: a promql_expr_test without expression; add expr: (promql-syntax)",
			"test.yaml:5:47: unexpected identifier \"b\" in label set, expected string (series-syntax)",
			"test.yaml:5:77: \"{{count:1}} {{}}\" is not a histogram; write one, such as {{sum:3 count:2 buckets:[2]}} (series-syntax)",
			"test.yaml:5:104: a histogram has no value; leave it out (invalid-test)",
			"test.yaml:5:123: missing `:` for histogram descriptor (series-syntax)",
			"test.yaml:6:12: unnamed#0: the expression cannot be evaluated at 0s: rule result is not a vector or scalar (query-failed)",
		}},
		{"the same series twice", "tests:\n- input_series: [{series: 'up{a=\"1\"}', values: 1}, {series: '{__name__=\"up\",a=\"1\"}', values: 2}]\n  promql_expr_test: [{expr: up, exp_samples: [{labels: 'up{a=\"1\"}', value: 2}]}]\n", []string{
			"test.yaml:2:62: {__name__=\"up\", a=\"1\"} is given already in line 2, and that is dropped; merge the two, or remove one (duplicate-series)",
		}},
		{"an empty line does not end the series", "tests:\n- input_series:\n  - series: a\n    values: |\n      1\n\n      # then\n      2\n  - {series: b, values: 3}\n  promql_expr_test: [{expr: a + on () b, eval_time: 1m, exp_samples: [{value: 5}]}]\n", nil},
		{"NaN", "tests: [{promql_expr_test: [{expr: vector(NaN), exp_samples: [{value: .NaN}]}, {expr: vector(-Inf), exp_samples: [{value: -.inf}]}]}]\n", nil},
		{"labels that are not unique", "tests:\n- input_series: [{series: 'm{a=\"b\",a=\"c\"}', values: 1}, {series: 'm{b=\"\",b=\"\"}', values: 1}, {series: 'n{a=\"b\",a=\"b\"}', profile: {rate: 1}}]\n  promql_expr_test: [{expr: m, exp_samples: [{labels: 'm{a=\"b\",a=\"b\"}', value: 1}]}]\n", []string{
			"unnamed#0: the test cannot be read",
			"test.yaml:2:28: label name \"a\" is not unique (series-syntax)",
			"test.yaml:2:104: label name \"a\" is not unique (series-syntax)",
			"test.yaml:3:56: label name \"a\" is not unique (series-syntax)",
		}},
		{"no tests, and a key that is unknown", "x: &a 1\ntests: []\n", []string{
			"test.yaml:1:1: the file has no tests; add tests, or remove the file (empty-suite)",
			"test.yaml:1:1: a test file has no key \"x\"; use one of rule_files, evaluation_interval, group_eval_order, fuzzy_compare, tests (unknown-key)",
		}},
		{"a subquery without end", "tests:\n- input_series: [{series: m, values: 1x5}]\n  promql_expr_test:\n  - {expr: 'sum_over_time((m+1)[50000m:1ms])', eval_time: 1m}\n  - {expr: m, eval_time: 1m, exp_samples: [{labels: m, value: 1}]}\n- promql_expr_test: [{expr: vector(1), exp_samples: [{value: 1}]}]\n", []string{
			"test.yaml:4:12: unnamed#0: the expression cannot be evaluated at 1m: query processing would load too many samples into memory in subqueries at 3000000001 instants; make it smaller, or raise --max-samples (query-failed)",
		}},
		{"an expected label that is empty", "rule_files: [rules.yaml]\ntests:\n- input_series: [{series: 'up{job=\"a\",instance=\"1\"}', values: 0x9}]\n  alert_rule_test: [{eval_time: 6m, alertname: Down, exp_alerts: [{exp_labels: {job: a, instance: 1, severity: page, z: ''}, exp_annotations: {summary: 1 of a}}]}]\n", []string{
			"test.yaml:4:48: unnamed#0: Down at 6m: the firing alert is not as expected",
			"expected:", "  {alertname=\"Down\", instance=\"1\", job=\"a\", severity=\"page\", z=\"\"}", "    summary: \"1 of a\"",
			"got:", "  {alertname=\"Down\", instance=\"1\", job=\"a\", severity=\"page\"}", "    summary: \"1 of a\" (wrong-alerts)",
		}},
		{"none of what is expected", "rule_files: [rules.yaml]\ntests:\n- alert_rule_test: [{alertname: Down, exp_pending: [{}]}]\n  promql_expr_test: [{expr: up, exp_samples: [{value: 1}]}]\n", []string{
			"test.yaml:3:33: unnamed#0: Down at 0s: expected 1 pending alert, got none", "expected:", "  {alertname=\"Down\"}", "got:", "  nothing (wrong-alerts)",
			"test.yaml:4:29: unnamed#0: up at 0s: expected 1 sample, got none", "expected:", "  {} 1", "got:", "  nothing (wrong-samples)",
		}},
		{"too many evaluations", "evaluation_interval: 1ms\ntests: [{promql_expr_test: [{expr: vector(1), eval_time: 1d}]}]\n", []string{
			"unnamed#0: the test cannot be read",
			"test.yaml:2:9: the test evaluates rules 86400000 times, which is more than 50000000; ask earlier, evaluate less often, or raise --max-samples (too-many-samples)",
		}},
	} {
		wantFound(t, c.name, runText(t, upRules, c.text, Options{}), c.want...)
	}
}

// TestRuleFindings holds what is found in the rules that tests run.
func TestRuleFindings(t *testing.T) {
	const assert = "rule_files: [rules.yaml, rules.yaml]\ntests: [{name: one, promql_expr_test: [{expr: vector(1), exp_samples: [{value: 1}]}]}, {name: two}]\n"
	for _, c := range []struct {
		name, rules, text string
		want              []string
	}{
		{"does not load", "groups: [{name: a, rules: [{record: a, expr: sum(}]}]\n", assert, []string{
			"one: the rule files do not load", "two: the rule files do not load",
			"rules.yaml:1:50: unclosed left parenthesis; close it (promql-syntax)",
			"test.yaml:2:95: the test asserts nothing; add alert_rule_test or promql_expr_test (no-assertion)",
		}},
		{"cannot be evaluated", "groups: [{name: a, rules: [{record: a, expr: up * on () up}]}]\n",
			"rule_files: [rules.yaml]\ntests: [{name: one, input_series: [{series: 'up{a=\"1\"}', values: _ _ 1}, {series: up, values: _ _ 1}], promql_expr_test: [{expr: up, eval_time: 5m}]}]\n", []string{
				`rules.yaml:1:46: one: a cannot be evaluated at 2m: found duplicate series for the match group {} on the right hand-side of the operation: [{__name__="up", a="1"}, {__name__="up"}];many-to-many matching not allowed: matching labels must be unique on one side (rule-failed)`,
			}},
		{"records what is given", "groups: [{name: a, rules: [{record: a, expr: vector(2)}]}]\n",
			"rule_files: [rules.yaml]\ntests: [{name: one, input_series: [{series: a, values: 1}], promql_expr_test: [{expr: vector(1), exp_samples: [{value: 1}]}]}]\n", []string{
				`rules.yaml:1:46: one: a cannot be evaluated at 0s: duplicate sample for timestamp (rule-failed)`,
			}},
		{"a subquery without end", "groups: [{name: a, rules: [{record: a, expr: 'sum_over_time((m+1)[50000m:1ms])'}]}]\n",
			"rule_files: [rules.yaml]\ntests: [{name: one, input_series: [{series: m, values: 1x5}], promql_expr_test: [{expr: a, eval_time: 5m}]}, {name: two, promql_expr_test: [{expr: vector(1), exp_samples: [{value: 1}]}]}]\n", []string{
				`rules.yaml:1:46: one: a cannot be evaluated at 0s: query processing would load too many samples into memory in subqueries at 3000000001 instants; make it smaller, or raise --max-samples (rule-failed)`,
			}},
		{"warnings come once", "groups: [{name: a, rules: [{record: a, expr: 'histogram_quantile(2, rate(x_bucket[5m]))'}]}]\n",
			"rule_files: [rules.yaml]\ntests:\n" + strings.Repeat("- {input_series: [{series: 'x_bucket{le=\"1\"}', values: 0+1x5}, {series: 'x_bucket{le=\"+Inf\"}', values: 0+1x5}], promql_expr_test: [{expr: absent(a), eval_time: 5m}]}\n", 2), []string{
				`rules.yaml:1:46: a: quantile value should be between 0 and 1, got 2 (query-warning)`,
			}},
	} {
		wantFound(t, c.name, runText(t, c.rules, c.text, Options{}), c.want...)
	}
}

// TestAlertMismatch holds how a difference is shown.
func TestAlertMismatch(t *testing.T) {
	const text = upHeader + `  alert_rule_test:
  - eval_time: 7m
    alertname: Down
    exp_alerts:
    - {exp_labels: {job: a, instance: 2, severity: page}, exp_annotations: {summary: 2 of a}}
    - {exp_labels: {job: a, instance: 1, severity: page}, exp_annotations: {summary: one of a}}
  - {eval_time: 6m, alertname: Down}
  promql_expr_test:
  - {expr: up, eval_time: 2m, exp_samples: [{labels: 'up{instance="1",job="a"}', value: 0}]}
`
	wantFound(t, "expected and got", runText(t, upRules, text, Options{}),
		"test.yaml:9:16: t: Down at 7m: the firing alerts are not as expected",
		"expected:",
		`  {alertname="Down", instance="1", job="a", severity="page"}`,
		`    summary: "one of a"`,
		`  {alertname="Down", instance="2", job="a", severity="page"}`,
		`    summary: "2 of a"`,
		"got:",
		`  {alertname="Down", instance="1", job="a", severity="page"}`,
		`    summary: "1 of a"`,
		`  {alertname="Down", instance="2", job="a", severity="page"}`,
		`    summary: "2 of a" (wrong-alerts)`,
		"test.yaml:13:32: t: Down at 6m: expected no firing alerts, got 1",
		"expected:", "  nothing", "got:",
		`  {alertname="Down", instance="1", job="a", severity="page"}`,
		`    summary: "1 of a" (wrong-alerts)`,
		"test.yaml:15:12: t: up at 2m: expected 1 sample, got 2",
		"expected:", `  {__name__="up", instance="1", job="a"} 0`, "got:",
		`  {__name__="up", instance="1", job="a"} 0`, `  {__name__="up", instance="2", job="a"} 0 (wrong-samples)`,
	)
	got := strings.Join(found(runText(t, upRules, text, Options{Diff: true})), "\n")
	if want := "\n-   summary: \"one of a\"\n+   summary: \"1 of a\"\n  {alertname"; !strings.Contains(got, want) {
		t.Errorf("the difference is\n%s", got)
	}
}

// TestBeyondPromtool holds what promtool has not.
func TestBeyondPromtool(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"pending alone", "  alert_rule_test: [{eval_time: 3m, alertname: Down, exp_pending: [{match_labels: {instance: '[12]'}}, {match_labels: {instance: 2}}]}]\n", nil},
		{"pending and firing", "  alert_rule_test: [{eval_time: 6m, alertname: Down, exp_alerts: [{match_annotations: {summary: '1 of .'}}], exp_pending: [{match_labels: {instance: 2, nope: ''}}]}]\n", nil},
		{"anchored", "  alert_rule_test: [{eval_time: 6m, alertname: Down, exp_alerts: [{match_annotations: {summary: 'of'}}]}]\n", []string{
			"test.yaml:7:48: t: Down at 6m: the firing alert is not as expected", "expected:", `  {alertname="Down", …}`, `    summary =~ "of"`, "got:",
			`  {alertname="Down", instance="1", job="a", severity="page"}`, `    summary: "1 of a" (wrong-alerts)`,
		}},
		{"mixed", "  alert_rule_test: [{eval_time: 6m, alertname: Down, exp_alerts: [{exp_labels: {a: b}, match_labels: {c: '('}}]}]\n", []string{
			"t: the test cannot be read",
			"test.yaml:7:67: an expected alert has exact labels or annotations, and patterns; write all of it with match_labels and match_annotations (invalid-test)",
			"test.yaml:7:106: match_labels c: error parsing regexp: missing closing ): `(` (invalid-test)",
		}},
		{"silent", "  exp_silent: [{to: 5m}, {from: 0, to: 6m, alertname: Down}, {from: 10m, to: 10m}]\n", []string{
			"test.yaml:7:26: t: 1 alert fires between 0s and 6m, where nothing may", `{alertname="Down", instance="1", job="a", severity="page"} from 6m (not-silent)`,
			"test.yaml:7:62: t: 2 alerts fire between 10m and 10m, where nothing may", `{alertname="Down", instance="1", job="a", severity="page"} from 6m`, `{alertname="Down", instance="2", job="a", severity="page"} from 7m (not-silent)`,
		}},
		{"silence that ends before it begins", "  exp_silent: [{from: 2h, to: 1h}, {}]\n", []string{
			"t: the test cannot be read",
			"test.yaml:7:31: exp_silent ends at 1h, before it begins at 2h; swap them (invalid-test)",
		}},
	} {
		wantFound(t, c.name, runText(t, upRules, upHeader+c.text, Options{}), c.want...)
	}
}

// TestSilenceBetweenEvaluations holds that an alert which ended before the time
// of silence, and one that begins after it, break no silence.
func TestSilenceBetweenEvaluations(t *testing.T) {
	const rules = "groups: [{name: a, rules: [{alert: A, expr: a > 0}]}]\n"
	const head = "rule_files: [rules.yaml]\ntests:\n- input_series: [{series: a, values: 0 0 1 1 0 0 1 0 0}]\n  exp_silent: [{from: "
	for between, ok := range map[string]bool{
		"0, to: 119s": true, "0, to: 2m": false, "3m, to: 3m": false, "181s, to: 6m": false, "3m30s, to: 5m59s": true, "4m, to: 5m": true, "6m1s, to: 8m": true,
	} {
		if got := !runText(t, rules, head+between+"}]\n", Options{}).Failed(); got != ok {
			t.Errorf("silent from %s: %v", between, got)
		}
	}
}

// TestGroupIntervals holds that a group is evaluated at its own interval, unless
// that is to be ignored.
func TestGroupIntervals(t *testing.T) {
	const rules = "groups:\n- {name: a, interval: 5m, rules: [{record: slow, expr: timestamp(a)}]}\n- {name: b, interval: 15s, rules: [{record: fast, expr: timestamp(a)}]}\n"
	const text = "rule_files: [rules.yaml]\ntests:\n- interval: 5s\n  input_series: [{series: a, values: 0x1000}]\n  promql_expr_test:\n" +
		"  - {expr: slow, eval_time: 8m, exp_samples: [{labels: slow, value: %d}]}\n  - {expr: fast, eval_time: 8m50s, exp_samples: [{labels: fast, value: %d}]}\n  - {expr: timestamp(a), eval_time: 9m, exp_samples: [{value: 540}]}\n"
	if result := runText(t, rules, strings.NewReplacer("%d}]}\n  - {expr: f", "300}]}\n  - {expr: f", "%d", "525").Replace(text), Options{}); result.Failed() {
		t.Error(shown(t, result))
	}
	if result := runText(t, rules, strings.NewReplacer("%d}]}\n  - {expr: f", "480}]}\n  - {expr: f", "%d", "480").Replace(text), Options{IgnoreGroupIntervals: true}); result.Failed() {
		t.Error(shown(t, result))
	}
}

// TestRunSelects holds that only tests whose name matches run.
func TestRunSelects(t *testing.T) {
	const text = "tests: [{name: a, promql_expr_test: [{expr: 'up{'}]}, {name: b, promql_expr_test: [{expr: vector(1), exp_samples: [{value: 1}]}]}]\n"
	result := runText(t, "", text, Options{Run: regexp.MustCompile("b|c")})
	if tests := result.Files[0].Tests; result.Failed() || len(tests) != 1 || tests[0].Name != "b" {
		t.Errorf("%+v", tests)
	}
}

// TestMatchNeedsEveryPair holds that the first alert that fits is not taken from
// one that nothing else fits.
func TestMatchNeedsEveryPair(t *testing.T) {
	for _, c := range []struct {
		fits [][]bool
		want bool
	}{
		{nil, true},
		{[][]bool{{true, true}, {true, false}}, true},
		{[][]bool{{true, true, false}, {true, false, false}, {true, true, true}}, true},
		{[][]bool{{true, true, false}, {true, false, false}, {true, true, false}}, false},
		{[][]bool{{false}}, false},
	} {
		if got := perfectMatch(len(c.fits), len(c.fits), func(i, j int) bool { return c.fits[i][j] }); got != c.want {
			t.Errorf("%v: %v", c.fits, got)
		}
	}
	if perfectMatch(1, 2, func(int, int) bool { return true }) {
		t.Error("an alert is left over")
	}
}

// TestCoverage holds what no test exercises.
func TestCoverage(t *testing.T) {
	const rules = `groups:
- name: a
  rules:
  - {record: used, expr: sum(a)}
  - {record: unused, expr: sum(nope)}
  - {alert: Fires, expr: a > 2 and on () used > 0}
  - {alert: Pends, expr: a > 2, for: 1h}
  - {alert: Fine, expr: a > 2 unless b > 1 or vector(0) > 1, for: 1m}
`
	const text = "rule_files: [rules.yaml]\ntests:\n- input_series: [{series: a, values: 1 2 3 4 5}, {series: b, values: 1 1 1 1 2 2}]\n  alert_rule_test: [{eval_time: 5m, alertname: Fires, exp_alerts: [{}]}]\n"
	result := runText(t, rules, text, Options{Coverage: true})
	if result.Failed() {
		t.Error(shown(t, result))
	}
	want := `coverage: 4 of 5 rules had samples, 2 of 3 alerts fired, 1 operand made no difference
rules.yaml:5:28: note: unused has no sample in any test (not-covered)
    5 |   - {record: unused, expr: sum(nope)}
      |                            ^^^^^^^^^
rules.yaml:6:42: note: Fires: used > 0, on the right of and, is never empty in all tests (not-covered)
    6 |   - {alert: Fires, expr: a > 2 and on () used > 0}
      |                                          ^^^^^^^^
rules.yaml:7:26: note: Pends fires in no test (not-covered)
    7 |   - {alert: Pends, expr: a > 2, for: 1h}
      |                          ^^^^^`
	if diff := cmp.Diff(want, result.Coverage.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestCoverageOfNothing holds that the operands of a rule without samples are
// neither listed nor counted, and that what cannot be evaluated takes no memory.
func TestCoverageOfNothing(t *testing.T) {
	const rules = `groups:
- name: a
  rules:
  - {record: none, expr: nope and on () nope2}
  - {record: half, expr: a and on () nope or a}
  - {alert: Never, expr: 'sum_over_time(nope[1h:1s]) unless nope2'}
  - {record: changing, expr: 'count_values("t", vector(time()))'}
`
	const text = "rule_files: [rules.yaml]\ntests: [{input_series: [{series: a, values: 1x900}], promql_expr_test: [{expr: vector(1), eval_time: 15h, exp_samples: [{value: 1}]}]}]\n"
	result := runText(t, rules, text, Options{Coverage: true})
	if result.Failed() {
		t.Error(shown(t, result))
	}
	if got, want := result.Coverage.Summary(), "coverage: 2 of 4 rules had samples, 0 of 1 alerts fired, 4 operands made no difference"; got != want {
		t.Errorf("%s, want %s\n%s", got, want, result.Coverage)
	}
	got, err := json.MarshalIndent(result.Coverage, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"rules": 4`, `"alerts": 1`, `"rule": "Never"`, `"operand": "nope"`, `"always": "empty"`, `"always": "full"`, `"line": 5`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// TestMeant holds which files are unit tests if they are named.
func TestMeant(t *testing.T) {
	for text, want := range map[string]bool{
		"rule_files: [a]": true, "rule_files: [a]\nevaluation_interval: 1m": true, "x: &a 1\ntests: []": true, "suite: chart\ntests: [{it: works}]": true,
		"tests: []": false, "global: {}\nrule_files: [a]": false, "groups: []\nrule_files: [a]": false, "hello": false, "[a]": false, "x: 1": false,
	} {
		docs := spec.ReadYAML(&diag.Source{Text: []byte(text)}, new(diag.Report))
		if got := Meant(docs[0]); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestIs holds which files are unit tests of rules.
func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"tests: []": true, "tests:": true, "tests: [{}]": true, "tests: [{it: works}]": true, "rule_files: [a]\ntests: [5]\nx: 1": true,
		"rule_file: [a]\ntests: [{alert_rule_test: []}]": true, "suite: chart\ntests: [{it: works, name: a}]": false, "[tests]": false, "tests": false,
		"groups: []\ntests: []": false, "apiVersion: v1\ntests: []": false, "rule_files: [a]": false,
	} {
		docs := spec.ReadYAML(&diag.Source{Text: []byte(text)}, new(diag.Report))
		if got := Is(docs[0]); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestMany holds that a thousand alerts are compared at once.
func TestMany(t *testing.T) {
	var series, exact, patterns strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&series, "  - {series: 'up{instance=\"%d\"}', values: 0x5}\n", i)
		fmt.Fprintf(&exact, "    - {exp_labels: {instance: %d, severity: page}, exp_annotations: {summary: '%d of '}}\n", 999-i, 999-i)
		fmt.Fprintf(&patterns, "    - {match_labels: {instance: '%d'}}\n", 999-i)
	}
	head := "rule_files: [rules.yaml]\ntests:\n- input_series:\n" + series.String() + "  alert_rule_test:\n  - eval_time: 5m\n    alertname: Down\n    exp_alerts:\n"
	for _, expected := range []string{exact.String(), patterns.String()} {
		if result := runText(t, upRules, head+expected, Options{}); result.Failed() {
			t.Error(shown(t, result)[:1000])
		}
	}
	if result := runText(t, upRules, head+strings.Replace(exact.String(), "instance: 7,", "instance: x,", 1), Options{Diff: true}); !result.Failed() {
		t.Error("one of them is another")
	}
}

// TestInterrupted holds that a run that is interrupted says so.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := Read(&diag.Source{Text: []byte(trivialFile(3))})
	if _, err := Run(ctx, []*File{f}, Options{Load: folder{"rules.yaml": upRules}.load}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestRunTwice holds that running a file leaves it as it was.
func TestRunTwice(t *testing.T) {
	f := Read(&diag.Source{Name: "test.yaml", Text: []byte(trivialFile(3))})
	var first []string
	for range 2 {
		result, err := Run(context.Background(), []*File{f, f}, Options{Load: folder{"rules.yaml": upRules}.load})
		if err != nil {
			t.Fatal(err)
		}
		if got := found(result); first == nil {
			first = got
		} else if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("-first +second:\n%s", diff)
		}
	}
}
