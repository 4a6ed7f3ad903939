package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

func selectorOf(t testing.TB, text string) *parser.VectorSelector {
	t.Helper()
	e, err := expr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return e.(*parser.VectorSelector)
}

// groupsOf makes groups of rules, each "name: expression", or "name!:
// expression" for an alert; a group's options come first.
func groupsOf(groups ...[]string) string {
	text := "groups:\n"
	for i, g := range groups {
		text += fmt.Sprintf("  - {name: g%d, %s, rules: [", i, g[0])
		for _, r := range g[1:] {
			name, e, _ := strings.Cut(r, ": ")
			kind := "record"
			if alert, ok := strings.CutSuffix(name, "!"); ok {
				kind, name = "alert", alert
			}
			e, more, _ := strings.Cut(e, " | ")
			text += fmt.Sprintf("{%s: %s, expr: %q, %s},", kind, name, e, more)
		}
		text += "]}\n"
	}
	return strings.NewReplacer(", , ", ", ", ", }", "}", ",]", "]").Replace(text)
}

func TestPlanOrder(t *testing.T) {
	for _, c := range []struct {
		name   string
		groups string
		order  []string
		want   string
	}{
		{"as in the file", groupsOf([]string{"", "a: x"}, []string{"", "b: y"}), nil, "a b"},
		{"after what is read", groupsOf([]string{"", "a: b"}, []string{"", "b: c"}, []string{"", "c: x"}), nil, "c b a"},
		{"rules stay in their group", groupsOf([]string{"", "a: x", "b: c"}, []string{"", "c: x"}), nil, "c a b"},
		{"in a circle the first comes last", groupsOf([]string{"", "a: b"}, []string{"", "b: a"}), nil, "b a"},
		{"labels that are set keep apart", groupsOf([]string{"", "a: b{l='2'}"}, []string{"", "b: x | labels: {l: '1'}"}), nil, "a b"},
		{"labels that are not set do not", groupsOf([]string{"", "a: b{m='2'}"}, []string{"", "b: x | labels: {l: '1'}"}), nil, "b a"},
		{"labels of the group", groupsOf([]string{"", "a: b{l='2'}"}, []string{"labels: {l: '1'}", "b: x"}), nil, "a b"},
		{"alerts", groupsOf([]string{"", "a: ALERTS{alertname='A'}"}, []string{"", "B!: x"}, []string{"", "A!: x"}), nil, "A a B"},
		{"a template's query is no reason", groupsOf([]string{"", "A!: x | annotations: {n: '{{ query \"b\" | len }}'}"}, []string{"", "b: x"}), nil, "b A"},
		{"nor is one that is not known", groupsOf([]string{"", "A!: x | annotations: {n: '{{ query $labels.q | len }}'}"}, []string{"", "b: x"}), nil, "A b"},
		{"named groups come last", groupsOf([]string{"", "a: x"}, []string{"", "b: x"}, []string{"", "c: x"}), []string{"g1", "g1", "g0"}, "b c a"},
	} {
		var got []string
		for _, p := range NewPlan(readGroups(t, c.groups), c.order).rules {
			got = append(got, p.Name())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s, want %s", c.name, strings.Join(got, " "), c.want)
		}
	}
}

// TestBlocks wants rules to be stepped that must be, together, and no others.
// In parentheses are the blocks that are stepped.
func TestBlocks(t *testing.T) {
	offset := func(o string, rules ...string) []string { return append([]string{"query_offset: " + o}, rules...) }
	for _, c := range []struct {
		name   string
		groups string
		want   string
	}{
		{"what reads what comes before", groupsOf([]string{"", "a: x", "b: a", "A!: b"}), "a b A"},
		{"a later rule", groupsOf([]string{"", "z: x", "a: c", "b: x", "c: x", "d: c"}), "z (a b c) d"},
		{"chains", groupsOf([]string{"", "a: b", "b: c", "c: x", "d: x"}), "(a b c) d"},
		{"itself", groupsOf([]string{"", "z: x", "a: a offset 1m"}), "z (a)"},
		{"itself, but for a label", groupsOf([]string{"", "a: a{l='1'} | labels: {l: '2'}"}), "a"},
		{"groups in a circle", groupsOf([]string{"", "a: b", "c: x"}, []string{"", "b: a"}), "(b a) c"},
		{"a negative offset, an @", groupsOf([]string{"", "a: x offset -1m", "b: rate(x[5m] @ 100)", "c: rate((x @ start())[5m:])", "d: x offset 1m"}), "(a) (b) (c) d"},
		{"every series", groupsOf([]string{"", "a: count({l='1'})", "b: x", "A!: x"}), "(a b A)"},
		{"ALERTS of a later rule", groupsOf([]string{"", "a: ALERTS", "A!: x"}), "(a A)"},
		{"ALERTS of an earlier rule", groupsOf([]string{"", "A!: x", "a: ALERTS"}), "A a"},
		{"an alert's own state", groupsOf([]string{"", "A!: ALERTS{alertstate='firing'} or x"}), "(A)"},
		{"a template that queries a later rule", groupsOf([]string{"", "A!: x | annotations: {n: '{{ query \"a\" | len }}'}", "a: x"}), "(A a)"},
		{"a template that queries an earlier one", groupsOf([]string{"", "a: x", "A!: x | annotations: {n: '{{ query \"a\" | len }}'}"}), "a A"},
		{"a template that queries what it puts together", groupsOf([]string{"", "a: x", "A!: x | labels: {n: '{{ query $labels.q | len }}'}", "b: x"}), "a (A b)"},
		// At an evaluation, what a rule with an offset writes is not yet there for one that looks further.
		{"what is written at an offset, without one", groupsOf(offset("2m", "a: x"), offset("0s", "b: a")), "(a b)"},
		{"with the same or a larger one", groupsOf(offset("1m", "a: x", "b: a"), offset("2m", "c: a")), "a b c"},
		{"ahead from the same", groupsOf(offset("1m", "a: x", "b: a offset -30s")), "(a b)"},
		{"a template queries without one", groupsOf(offset("1m", "a: x", "A!: x | annotations: {n: '{{ query \"a\" | len }}'}")), "(a A)"},
		{"one series at two offsets", groupsOf(offset("1m", "a: x"), offset("0s", "b: x"), offset("0s", "a: y")), "(a b a)"},
		{"two series at two offsets", groupsOf(offset("1m", "a: x | labels: {l: '1'}"), offset("0s", "a: y | labels: {l: '2'}")), "a a"},
		{"ALERTS at two offsets", groupsOf(offset("1m", "A!: x"), offset("0s", "A!: y")), "(A A)"},
	} {
		var got []string
		for _, b := range NewPlan(readGroups(t, c.groups), nil).blocks() {
			var names []string
			for _, p := range b.rules {
				names = append(names, p.Name())
			}
			text := strings.Join(names, " ")
			if b.stepped {
				text = "(" + text + ")"
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestOnly wants rules to be left out that nothing needs, and no others.
func TestOnly(t *testing.T) {
	// Sums cannot fail, so that what stays does so because it is needed.
	chain := groupsOf([]string{"", "a: sum(x)", "b: sum(a)", "A!: sum(b) > 1", "c: sum(ALERTS{alertname='A'})", "B!: sum(a) > 1"})
	for _, c := range []struct {
		name   string
		groups string
		needs  Needs
		want   string // with * where states are needed
	}{
		{"nothing", chain, Needs{}, ""},
		{"an alert", chain, Needs{Alerts: []string{"A"}}, "a b A"},
		{"a series", chain, Needs{Selectors: []*parser.VectorSelector{selectorOf(t, "b")}}, "a b"},
		{"a series from states", chain, Needs{Selectors: []*parser.VectorSelector{selectorOf(t, "c")}}, "a b A* c"},
		{"states", chain, Needs{Selectors: []*parser.VectorSelector{selectorOf(t, "ALERTS{alertname='B'}")}}, "a B*"},
		{"everything", chain, Needs{Selectors: []*parser.VectorSelector{selectorOf(t, "{job='x'}")}}, "a b A* c B*"},
		{"what may fail", groupsOf([]string{"", "a: sum(x)", "b: a * on() x", "c: sum(x)"}), Needs{}, "a b"},
		{"what is given", chain, Needs{Given: []string{"a", "x"}}, "a"},
		{"two that write one series", groupsOf([]string{"", "a: sum(x)", "a: sum(y)", "b: sum(x)"}), Needs{}, "a a"},
		{"two that write two", groupsOf([]string{"labels: {l: '1'}", "a: sum(x)"}, []string{"labels: {l: '2'}", "a: sum(y)"}), Needs{}, ""},
		{"two alerts of a name", groupsOf([]string{"", "A!: sum(x)", "A!: sum(y)"}), Needs{}, "A* A*"},
		{"two alerts of a name and labels", groupsOf([]string{"labels: {l: '1'}", "A!: sum(x)"}, []string{"labels: {l: '2'}", "A!: sum(y)"}), Needs{}, ""},
		{"templates may come to the same", groupsOf([]string{"labels: {l: '1'}", "A!: sum(x)"}, []string{"labels: {l: '{{ 1 }}'}", "A!: sum(y)"}), Needs{}, "A* A*"},
		// Two alerts become one when the name that tells them apart is replaced.
		{"an alert of alerts", groupsOf([]string{"", "A!: sum(x)", "a: ALERTS{alertname='A'}", "B!: a > 0", "C!: x > 0", "D!: sum by (job) (a)"}), Needs{}, "A* a B"},
	} {
		var got []string
		for _, r := range NewPlan(readGroups(t, c.groups), nil).Only(c.needs).rules {
			name := r.Name()
			if r.Alert != "" && r.statesNeeded {
				name += "*"
			}
			got = append(got, name)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", c.name, strings.Join(got, " "), c.want)
		}
	}
}
