package load

import (
	"fmt"
	"strings"
)

// Unit is one unit test of the rules of several SLOs over 6 hours at 1m: an
// outage of half an hour, and assertions that no rule can be left out for.
func Unit(slos int, ruleFile string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "rule_files: [%s]\nevaluation_interval: 1m\ngroup_eval_order: [%s]\ntests:\n- interval: 1m\n  input_series:\n",
		ruleFile, strings.Join(Groups(slos), ", "))
	for i := range slos {
		for _, instance := range instances {
			series := func(code, values string) {
				fmt.Fprintf(&b, "  - series: '%s{code=\"%s\",instance=\"%s\",job=\"%s\"}'\n    values: '%s'\n", InputMetric, code, instance, service(i), values)
			}
			series("200", "0+60x60 3640+40x29 4860+60x269")
			series("404", "0+1x360")
			series("500", "0+0x60 20+20x29 600+0x269")
		}
	}
	b.WriteString("  alert_rule_test:\n")
	for i := range slos {
		for _, severity := range []string{"page", "ticket"} {
			fmt.Fprintf(&b, "  - eval_time: 1h20m\n    alertname: %s\n    exp_alerts:\n    - exp_labels: {%s, sloth_severity: %s}\n      exp_annotations:\n",
				AlertName(i, severity), strings.ReplaceAll(identity(i), `="`, `: "`), severity)
			fmt.Fprintf(&b, "        summary: %s availability SLO error budget burn rate is over expected.\n", service(i))
			fmt.Fprintf(&b, "        title: (%s) %s availability SLO error budget burn rate is too fast.\n", severity, service(i))
		}
	}
	b.WriteString("  promql_expr_test:\n")
	for i := range slos {
		fmt.Fprintf(&b, "  - expr: 'slo:period_error_budget_remaining:ratio{%[1]s} < bool 0'\n    eval_time: 6h\n    exp_samples: [{labels: '{%[1]s, sloth_window=\"30d\"}', value: 1}]\n", identity(i))
		// No metric, so that every rule may be one that counts: 15 recorded series, and the ticket's two.
		fmt.Fprintf(&b, "  - expr: 'count({%s})'\n    eval_time: 6h\n    exp_samples: [{labels: '{}', value: 17}]\n", identity(i))
	}
	return b.String()
}

// TrivialRules is the one rule of Trivial.
const TrivialRules = `groups:
- name: trivial
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
`

// Trivial are many unit tests of one series, one rule and one assertion each.
func Trivial(tests int, ruleFile string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "rule_files: [%s]\nevaluation_interval: 1m\ntests:\n", ruleFile)
	for i := range tests {
		fmt.Fprintf(&b, "- interval: 1m\n  input_series: [{series: 'up{job=\"job%[1]d\",instance=\"a\"}', values: '1x5'}]\n  promql_expr_test:\n  - {expr: 'job:up:sum', eval_time: 5m, exp_samples: [{labels: 'job:up:sum{job=\"job%[1]d\"}', value: 1}]}\n", i)
	}
	return b.String()
}

// Failing is Trivial with assertions that do not hold.
func Failing(tests int, ruleFile string) string {
	return strings.ReplaceAll(Trivial(tests, ruleFile), "value: 1}", "value: 2}")
}
