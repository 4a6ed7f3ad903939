package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
)

// ruleFile is a rule file of one group, with a rule a line in flow style.
func ruleFile(rules ...string) string {
	var b strings.Builder
	b.WriteString("groups:\n- name: g\n  rules:\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "  - {%s}\n", r)
	}
	return b.String()
}

// TestUnitOfSeveralFiles holds that what one file records, another reads,
// whichever comes first.
func TestUnitOfSeveralFiles(t *testing.T) {
	recording := ruleFile(`record: job:errors:ratio, expr: 'sum by (job) (rate(x{a="b"}[5m])) / sum by (job) (rate(x[5m]))'`)
	alerting := ruleFile("alert: A, expr: job:errors:ratio > 2", `alert: B, expr: job:errors:ratio > 0.5, annotations: {a: "{{ $labels.pod }}"}`)
	for name, texts := range map[string][]string{"recorded first": {recording, alerting}, "read first": {alerting, recording}} {
		if got := shown(judged(t, texts...)); !strings.Contains(got, "(never-fires)") || !strings.Contains(got, "(template-label)") || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	if got := shown(judged(t, alerting)); strings.Count(got, "(unrecorded-series)") != 2 || strings.Count(got, "\n") != 1 {
		t.Errorf("alone: got\n%s", got)
	}
	// The same rule in two files is no duplicate for promtool, which looks at each file by itself.
	if got := shown(judged(t, recording, recording)); !strings.HasSuffix(got, "(duplicate-across-files)") || strings.Contains(got, "\n") {
		t.Errorf("twice: got\n%s", got)
	}
}

// TestUnrecordedLabel holds that a series is found that is recorded, but with
// another value of a label than is asked for.
func TestUnrecordedLabel(t *testing.T) {
	for matchers, want := range map[string]string{
		`{slo="a"}`:         "",
		`{slo=~"a|c"}`:      "",
		`{slo="b"}`:         `no rule records slo:errors:ratio with slo="b"; use one of a, x (unrecorded-series)`,
		`{slo!~"a.*|x"}`:    `no rule records slo:errors:ratio with slo!~"a.*|x"; use one of a, x (unrecorded-series)`,
		`{pod="b"}`:         "",
		`{slo="b",pod="c"}`: `no rule records slo:errors:ratio with slo="b"`,
	} {
		got := shown(judgedBy(t, []string{"unrecorded-series"}, ruleFile(
			`record: 'slo:errors:ratio', expr: x, labels: {slo: a}`, `record: 'slo:errors:ratio', expr: y, labels: {slo: x}`,
			`alert: A, expr: 'slo:errors:ratio`+matchers+` > 0.5'`)))
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", matchers, got, want)
		}
	}
}

// TestDisjointRules holds that rules are no duplicates whose series never are
// the same, which promtool does not look at.
func TestDisjointRules(t *testing.T) {
	for _, c := range []struct {
		first, second string
		duplicate     bool
	}{
		{`sum by (code) (x{code=~"2.."})`, `sum by (code) (x{code=~"3.."})`, false},
		{`sum by (code) (x{code="200"})`, `sum by (code) (x{code=~"3.."})`, false},
		{`x{job="a"}`, `y{job="b"}`, false},
		{`sum by (code) (x{code=~"2.."})`, `sum by (code) (x{code=~"2.+"})`, true},
		{`sum(x{code=~"2.."})`, `sum(x{code=~"3.."})`, true},
		{`x{a="b"}`, `y{a="c"}`, true}, // the rules set a themselves
	} {
		rules := ruleFile(fmt.Sprintf("record: r, expr: '%s', labels: {a: x}", c.first), fmt.Sprintf("record: r, expr: '%s', labels: {a: x}", c.second))
		if got := judgedBy(t, []string{"duplicate-rule"}, rules); (len(got) > 0) != c.duplicate {
			t.Errorf("%s and %s: %s", c.first, c.second, shown(got))
		}
	}
}

// TestChainsOfRecordingRules holds that following them takes steps in proportion
// to their number: a chain in which each rule reads the one before twice has
// 2^200 ways through it, a long one would overflow the stack.
func TestChainsOfRecordingRules(t *testing.T) {
	doubling := []string{"record: r0, expr: sum by (job) (x)"}
	for i := range 200 {
		doubling = append(doubling, fmt.Sprintf("record: r%d, expr: r%d + r%d", i+1, i, i))
	}
	doubling = append(doubling, `alert: A, expr: r200 > 0, annotations: {a: "{{ $labels.job }} {{ $labels.pod }}"}`)
	if got := shown(judged(t, ruleFile(doubling...))); !strings.Contains(got, `no label "pod"`) || strings.Contains(got, "\n") {
		t.Errorf("doubling: got\n%s", got)
	}
	long := []string{"record: r0, expr: sum(up)"}
	for i := range 20_000 {
		long = append(long, fmt.Sprintf("record: r%d, expr: r%d", i+1, i))
	}
	alert := `alert: A, expr: r20000 > 1, annotations: {a: "{{ $labels.pod }}"}`
	checks := []string{"never-fires", "template-label"}
	if got := shown(judgedBy(t, checks, ruleFile(append(long, alert)...))); !strings.Contains(got, `no label "pod"`) || strings.Contains(got, "\n") {
		t.Errorf("long: got\n%s", got)
	}
	slices.Reverse(long) // what is read is not known yet, and is followed as far as it may be
	if got := judgedBy(t, checks, ruleFile(append(long, alert)...)); len(got) > 0 {
		t.Errorf("long and backwards: got\n%s", shown(got))
	}
}

// TestManyRulesOfOneName holds that the rules which a selector cannot match are
// not looked at, one by one, for each of the alerts that have one.
func TestManyRulesOfOneName(t *testing.T) {
	var rules []string
	const slos = 3000
	for i := range slos {
		total := fmt.Sprintf("sum by (job) (rate(x{slo=%q}[5m]))", fmt.Sprint(i))
		errors := fmt.Sprintf("sum by (job) (rate(x{slo=%q,code=%q}[5m]))", fmt.Sprint(i), "500")
		if i%2 == 0 {
			total = "anything"
		}
		rules = append(rules,
			fmt.Sprintf("record: slo:ratio, expr: '%s / %s', labels: {slo: s%d, service: a}", errors, total, i),
			fmt.Sprintf(`alert: A%d, expr: 'slo:ratio{service="a", slo="s%d"} > 2', annotations: {a: "{{ $labels.slo }}"}`, i, i))
	}
	if got := judgedBy(t, []string{"never-fires"}, ruleFile(rules...)); len(got) != slos/2 {
		t.Errorf("%d findings, want one for each alert about a share, %d", len(got), slos/2)
	}
}

// TestExperimental holds what is known of functions and aggregations that
// Prometheus has only behind a flag, and which no rule file here can use yet.
func TestExperimental(t *testing.T) {
	p := parser.NewParser(parser.Options{EnableExperimentalFunctions: true})
	for _, c := range []struct {
		expr       string
		has, lacks string
	}{
		{`info(sum by (job) (up))`, "version", ""},
		{`limitk(3, sum by (job) (up))`, "job", "pod"},
		{`limit_ratio(0.5, sum by (job) (up))`, "job", "pod"},
		{`sort_by_label(sum by (job) (up), "job")`, "job", "pod"},
		{`first_over_time(sum by (job) (up)[5m:])`, "job", "pod"},
	} {
		e, err := p.ParseExpr(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		set := newUnit(nil).labelsOf(e)
		if !set.has(c.has) || c.lacks != "" && set.has(c.lacks) {
			t.Errorf("%s has %v (open: %v)", c.expr, set.list(), set.open)
		}
	}
}
