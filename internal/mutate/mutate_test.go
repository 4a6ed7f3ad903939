package mutate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// rulesOf reads rules, which must be valid.
func rulesOf(t testing.TB, rules string) []*rulefile.Rule {
	t.Helper()
	var report diag.Report
	src := &diag.Source{Name: "rules.yaml", Text: []byte("groups:\n- name: g\n  rules:\n" + rules)}
	var all []*rulefile.Rule
	for _, doc := range spec.ReadYAML(src, &report) {
		for _, f := range rulefile.Read(src, doc, &report) {
			all = append(all, f.Rules()...)
		}
	}
	if report.HasErrors() {
		t.Fatal(report.Findings())
	}
	return all
}

// TestOperators holds what becomes of each expression, and that the original stays as it is.
func TestOperators(t *testing.T) {
	for _, c := range []struct {
		operator *Operator
		expr     string
		want     []string
	}{
		{dropOperand, `a > 1 and b`, []string{`(a > 1)`, `(b)`}},
		{dropOperand, `a unless b`, []string{`(a)`}},
		{dropOperand, `a + b`, nil},
		{setOperator, `a and b or c`, []string{`((a and b) and (c))`, `((a) or (b)) or c`, `((a) unless (b)) or c`}},
		{setOperator, `a or b and c`, []string{`((a) and (b and c))`, `a or ((b) or (c))`, `a or ((b) unless (c))`}},
		{comparison, `a > 1`, []string{`a < 1`}},
		{comparison, `a == bool 0`, []string{`a != bool 0`}},
		{dropBool, `a == bool 0`, []string{`a == 0`}},
		{dropBool, `vector(1) * (1 == bool 0)`, nil},
		{threshold, `a > (14.4 * 0.005)`, []string{`a > (((14.4 * 0.005)) * 1.1)`, `a > (((14.4 * 0.005)) * 0.9)`}},
		{threshold, `a > 0`, nil},
		{threshold, `a > -Inf`, nil},
		{threshold, `a > b`, nil},
		{window, `rate(a[5m])`, []string{`rate(a[2m30s])`, `rate(a[10m])`}},
		{window, `max_over_time(a[1h:1m])`, []string{`max_over_time(a[30m:1m])`, `max_over_time(a[2h:1m])`}},
		{matcher, `a{b="c"}`, []string{`a`, `a{b!="c"}`}},
		{matcher, `{b="c"}`, nil}, // a selector needs a matcher that is not empty
		{aggregation, `sum(a)`, []string{`max(a)`, `avg(a)`}},
		{function, `rate(a[5m])`, []string{`increase(a[5m])`, `irate(a[5m])`}},
		{function, `abs(max_over_time(a[5m]))`, []string{`abs(min_over_time(a[5m]))`}},
		{number, `a * 100 + 0`, []string{`a * ((100) * 1.1) + 0`, `a * ((100) * 0.9) + 0`}},
		{number, `histogram_quantile(0.9, a)`, []string{`histogram_quantile(((0.9) * 1.1), a)`, `histogram_quantile(((0.9) * 0.9), a)`}},
		{number, `quantile(0.5, a) > 2 * 3`, []string{`quantile(((0.5) * 1.1), a) > 2 * 3`, `quantile(((0.5) * 0.9), a) > 2 * 3`}},
		{number, `topk(3, a) > 1`, nil},
		{aggregation, `quantile(0.9, a)`, nil},
		{grouping, `sum by (b, c) (a)`, []string{`sum by (c) (a)`, `sum by (b) (a)`}},
		{grouping, `a * on (b) c`, []string{`a * on () c`}},
		{grouping, `a * on (b) group_left (d, e) c`, []string{`a * on () group_left (d, e) c`, `a * on (b) group_left (e) c`, `a * on (b) group_left (d) c`}},
		{grouping, `a * on (b) group_right (d) c`, []string{`a * on () group_right (d) c`, `a * on (b) group_right () c`}},
		{arithmetic, `a / (b + c)`, []string{`a * (b + c)`, `a / (b - c)`}},
		{timeShift, `a - a offset 5m`, []string{`a - a`}},
		{timeShift, `a offset -5m`, []string{`a`}},
	} {
		t.Run(c.operator.Name+" "+c.expr, func(t *testing.T) {
			r := rulesOf(t, fmt.Sprintf("  - {record: r, expr: %q}\n", c.expr))[0]
			before := r.Expr.String()
			var got []string
			for _, m := range ofExpr(c.operator, r) {
				got = append(got, m.Is.Text)
				if m.Says == "" || m.Pos.Line != 4 {
					t.Errorf("a mutant says %q at %s", m.Says, m.Pos)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if after := r.Expr.String(); after != before {
				t.Errorf("the rule has become %s", after)
			}
		})
	}
}

// TestRuleOperators holds what is changed beside the expression.
func TestRuleOperators(t *testing.T) {
	r := rulesOf(t, "  - {alert: A, expr: up, for: 5m, keep_firing_for: 1m, labels: {severity: page}}\n")[0]
	var got []string
	for _, m := range Of(r) {
		got = append(got, fmt.Sprint(m.Says, ": ", m.Is.For, " ", m.Is.KeepFiringFor, " ", m.Is.Labels))
	}
	want := []string{
		`for: 5m is dropped: 0s 1m0s map[severity:page]`,
		`for: 5m becomes 10m: 10m0s 1m0s map[severity:page]`,
		`keep_firing_for: 1m is dropped: 5m0s 0s map[severity:page]`,
		`keep_firing_for: 1m becomes 2m: 5m0s 2m0s map[severity:page]`,
		`the label severity is dropped: 5m0s 1m0s map[]`,
		`the label severity: "page" becomes "page-other": 5m0s 1m0s map[severity:page-other]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if r.For == 0 || len(r.Labels) != 1 || r.Labels["severity"] != "page" {
		t.Errorf("the rule has become %+v", r)
	}
}

// TestValueIsTold holds that what an alert's value is matters where a template says it.
func TestValueIsTold(t *testing.T) {
	for annotations, want := range map[string]bool{"{}": true, "{a: 'is {{ $value }}'}": false, "{a: '{{ .Value }}'}": false, "{a: '{{ $labels.b }}'}": true} {
		for _, m := range Of(rulesOf(t, "  - {alert: A, expr: vector(1), annotations: "+annotations+"}\n")[0]) {
			if equivalent := m.Equivalent != ""; equivalent != want {
				t.Errorf("with annotations %s: %s is equivalent: %v", annotations, m.Is.Text, equivalent)
			}
		}
	}
}

// TestDocumented holds that each operator says what it does and what would notice.
func TestDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range Operators {
		if o.Name == "" || seen[o.Name] || o.Doc == "" || o.Hint == "" || strings.HasSuffix(o.Hint, ".") || (o.inExpr == nil) == (o.inRule == nil) {
			t.Errorf("operator %q is not documented, or twice there", o.Name)
		}
		seen[o.Name] = true
	}
}
