package unittest

import "slowburn/internal/diag"

// What reading and running tests finds.
var (
	Invalid = &diag.Kind{Name: "invalid-test", Severity: diag.Error, Doc: `A unit test has a value that cannot be read, or lacks one.

promtool test rules refuses the whole file. Here, the tests around it still run.`}
	SeriesSyntax = &diag.Kind{Name: "series-syntax", Severity: diag.Error, Doc: `An input series, or an expected histogram or set of labels, does not parse.

Values are separated by spaces: 1 2 3 are three samples, one each interval; 5x10 is 5 and then 5 ten times more; 0+10x5 is
0 10 20 30 40 50; _ is a missing sample, _x3 are three, stale ends the series; {{schema:1 sum:3 count:2 buckets:[1 1]}} is a
native histogram.`}
	TooManySamples = &diag.Kind{Name: "too-many-samples", Severity: diag.Error, Doc: `A unit test would need more samples or evaluations than the bound.

1x999999999 is a second of typing and gigabytes of memory. Shorten the series, lengthen the intervals, or raise the bound with
--max-samples.`}
	DuplicateSeries = &diag.Kind{Name: "duplicate-series", Severity: diag.Warning, Doc: `A test has the same input series twice.

Only the later one counts, as for promtool, which does not say so.`}
	NoRuleFile = &diag.Kind{Name: "no-rule-file", Severity: diag.Error, Doc: `A pattern of rule_files matches no file, or one that cannot be read.

Patterns are relative to the test file. promtool goes on without the rules, and what expects no alerts then passes.`}
	UnknownAlert = &diag.Kind{Name: "unknown-alert", Severity: diag.Error, Doc: `A test asserts something about an alert that no rule defines.

An alert that does not exist never fires: a test that expects it to be silent would prove nothing. The finding names the
nearest alert that exists.`}
	EmptySuite = &diag.Kind{Name: "empty-suite", Severity: diag.Error, Doc: `A test file has no tests.

It would pass whatever the rules are.`}
	NoAssertion = &diag.Kind{Name: "no-assertion", Severity: diag.Warning, Doc: `A test asserts nothing.

Its rules are evaluated once, and only a rule that cannot be evaluated makes it fail.`}
	IgnoredDocument = &diag.Kind{Name: "ignored-document", Severity: diag.Warning, Doc: `A test file has more than one YAML document.

Only the first is read, as by promtool, which does not say so.`}
	RuleFailed = &diag.Kind{Name: "rule-failed", Severity: diag.Error, Doc: `A rule cannot be evaluated with the input of a test.

Prometheus would go on without it and log the error. A test ends there.`}
	QueryFailed = &diag.Kind{Name: "query-failed", Severity: diag.Error, Doc: `The expression of a promql_expr_test cannot be evaluated.`}
	WrongAlerts = &diag.Kind{Name: "wrong-alerts", Severity: diag.Error, Doc: `Other alerts are active than a test expects.

exp_alerts are all alerts of that name which fire at eval_time, with all of their labels (but alertname) and annotations;
exp_pending are those that are pending. match_labels and match_annotations take regular expressions and leave the rest free.`}
	WrongSamples = &diag.Kind{Name: "wrong-samples", Severity: diag.Error, Doc: `An expression has another result than a test expects.

exp_samples are all samples of the result, in any order, with all of their labels.`}
	NotSilent    = &diag.Kind{Name: "not-silent", Severity: diag.Error, Doc: `An alert fires where a test wants silence (exp_silent).`}
	QueryWarning = &diag.Kind{Name: "query-warning", Severity: diag.Warning, Doc: `Prometheus warns of an expression while it evaluates it.

The result is not what it looks like, such as a quantile over buckets that are no histogram. promtool does not show it.`}
	QueryInfo = &diag.Kind{Name: "query-info", Severity: diag.Note, Doc: `Prometheus has a remark on an expression while it evaluates it.

Mostly a metric that is not named like the type it is used as. promtool does not show it.`}
)
