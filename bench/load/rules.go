// Package load makes what is measured: rules, their input, and unit tests.
package load

import (
	"fmt"
	"strings"
)

// RulesPerSLO is how many rules Rules writes for an SLO.
const RulesPerSLO = 17

// windows are those of Sloth's recorded error ratios; that of the whole period
// is made from the shortest one.
var windows = []string{"5m", "30m", "1h", "2h", "6h", "1d", "3d"}

// Rules are those that Sloth writes for an SLO of 99.9 % in 30 days, for
// several SLOs: eight windows, seven rules about the SLO, two alerts.
func Rules(slos int) string {
	var b strings.Builder
	b.WriteString("groups:\n")
	for i := range slos {
		rulesOf(&b, i)
	}
	return b.String()
}

// Groups are the groups' names in the order of evaluation.
func Groups(slos int) []string {
	var names []string
	for i := range slos {
		for _, kind := range []string{"sli", "meta", "alerts"} {
			names = append(names, fmt.Sprintf("sloth-slo-%s-%s", kind, service(i)))
		}
	}
	return names
}

func service(i int) string { return fmt.Sprintf("svc%d", i) }

// identity are the labels by which Sloth's rules find each other.
func identity(i int) string {
	return fmt.Sprintf(`sloth_id="%[1]s-availability", sloth_service="%[1]s", sloth_slo="availability"`, service(i))
}

func rulesOf(b *strings.Builder, i int) {
	names := Groups(i + 1)[3*i:]
	id := identity(i)
	labels := strings.NewReplacer(`="`, `: "`).Replace(id)

	fmt.Fprintf(b, "- name: %s\n  rules:\n", names[0])
	for _, w := range windows {
		record(b, "slo:sli_error:ratio_rate"+w, fmt.Sprintf(
			`(sum(rate(%[1]s{job="%[2]s",code=~"(5..|429)"}[%[3]s]))) / (sum(rate(%[1]s{job="%[2]s"}[%[3]s])))`, InputMetric, service(i), w),
			labels+", sloth_window: "+w)
	}
	record(b, "slo:sli_error:ratio_rate30d", fmt.Sprintf(
		`sum_over_time(slo:sli_error:ratio_rate5m{%[1]s}[30d]) / ignoring (sloth_window) count_over_time(slo:sli_error:ratio_rate5m{%[1]s}[30d])`, id),
		labels+", sloth_window: 30d")

	fmt.Fprintf(b, "- name: %s\n  rules:\n", names[1])
	record(b, "slo:objective:ratio", "vector(0.9990000000000001)", labels)
	record(b, "slo:error_budget:ratio", "vector(1-0.9990000000000001)", labels)
	record(b, "slo:time_period:days", "vector(30)", labels)
	budget := fmt.Sprintf("/ on(sloth_id, sloth_slo, sloth_service) group_left slo:error_budget:ratio{%s}", id)
	record(b, "slo:current_burn_rate:ratio", fmt.Sprintf("slo:sli_error:ratio_rate5m{%s} %s", id, budget), labels)
	record(b, "slo:period_burn_rate:ratio", fmt.Sprintf("slo:sli_error:ratio_rate30d{%s} %s", id, budget), labels)
	record(b, "slo:period_error_budget_remaining:ratio", fmt.Sprintf("1 - slo:period_burn_rate:ratio{%s}", id), labels)
	record(b, "sloth_slo_info", "vector(1)", labels+`, sloth_mode: cli-gen-prom, sloth_objective: "99.9", sloth_spec: prometheus/v1, sloth_version: v0.11.0`)

	fmt.Fprintf(b, "- name: %s\n  rules:\n", names[2])
	alert(b, i, "page", tier(id, "5m", "1h", "14.4")+" or "+tier(id, "30m", "6h", "6"))
	alert(b, i, "ticket", tier(id, "2h", "1d", "3")+" or "+tier(id, "6h", "3d", "1"))
}

func record(b *strings.Builder, name, expr, labels string) {
	fmt.Fprintf(b, "  - record: %s\n    expr: '%s'\n    labels: {%s}\n", name, expr, labels)
}

func tier(id, short, long, factor string) string {
	above := func(w string) string {
		return fmt.Sprintf("max(slo:sli_error:ratio_rate%s{%s} > (%s * 0.0009999999999998899)) without (sloth_window)", w, id, factor)
	}
	return fmt.Sprintf("(%s and %s)", above(short), above(long))
}

// AlertName is that of an SLO's alert.
func AlertName(i int, severity string) string { return fmt.Sprintf("ErrorBudgetBurn%s%d", severity, i) }

func alert(b *strings.Builder, i int, severity, expr string) {
	fmt.Fprintf(b, "  - alert: %s\n    expr: '%s'\n    labels: {sloth_severity: %s}\n", AlertName(i, severity), expr, severity)
	fmt.Fprintf(b, "    annotations:\n      summary: '{{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is over expected.'\n")
	fmt.Fprintf(b, "      title: '(%s) {{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is too fast.'\n", severity)
}
