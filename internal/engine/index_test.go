package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/rulefile"
)

// randomRules are rules of few metrics and alerts, which set some labels to some values.
func randomRules(random *rand.Rand, n int) []*placed {
	var rules []*placed
	for i := range n {
		r := &rulefile.Rule{Record: []string{"a", "b"}[random.IntN(2)], Labels: map[string]string{}, Expr: new(parser.NumberLiteral)}
		if random.IntN(3) == 0 {
			r.Record, r.Alert = "", []string{"A", "B"}[random.IntN(2)]
		}
		for _, name := range []string{"l", "m", "alertstate", "alertname"} {
			if value := []string{"", "1", "2", "3", "{{ $value }}"}[random.IntN(5)]; value != "" || random.IntN(2) == 0 {
				r.Labels[name] = value
			}
		}
		p := place(&rulefile.Group{Labels: map[string]string{"g": fmt.Sprint(i % 3)}}, r)
		p.at = i
		rules = append(rules, p)
	}
	return rules
}

// What the index finds is what looking at every rule finds, in the same order.
func TestIndexFindsAll(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 9))
	for range 50 {
		rules := randomRules(random, 5+random.IntN(150))
		x := newIndex(rules)
		for _, text := range []string{
			"a", "a{l='1'}", "a{l='1',m='2'}", "a{l=''}", "a{l!='1',m='3'}", "a{l=~'1|2'}", "a{l='1',l='2'}", "a{g='1'}", "a{none='1'}", "ALERTS{alertname='A'}", "ALERTS{alertstate='firing',l='1'}",
			"ALERTS_FOR_STATE{alertname='B',g='2'}", "{l='1'}", "{__name__=~'a|b',l='1'}", "c{l='1'}", "a{l='{{ $value }}'}",
		} {
			s := selectorOf(t, text)
			var want []*placed
			for _, r := range rules {
				if r.writes(s) {
					want = append(want, r)
				}
			}
			if got := x.of(s); !slices.Equal(got, want) {
				t.Fatalf("%s: %d rules, want %d", text, len(got), len(want))
			}
		}
		for _, r := range rules {
			shares := func(w *placed) bool { return mayShare(r, w) }
			if got, want := slices.ContainsFunc(x.among(r.metric(), r.fixed), shares), slices.ContainsFunc(x.byMetric[r.metric()], shares); got != want {
				t.Fatalf("%v: may share a series: %v, want %v", r.labels, got, want)
			}
		}
	}
}

// Of very many rules of one metric, each for another SLO, those of one are
// looked at: what planning costs grows with the rules and not with their square.
func TestIndexLooksAtFew(t *testing.T) {
	var rules []*placed
	for i := range 5000 {
		r := &rulefile.Rule{Record: "ratio", Labels: map[string]string{"service": "shop", "slo": fmt.Sprint(i)}, Expr: new(parser.NumberLiteral)}
		rules = append(rules, place(&rulefile.Group{}, r))
	}
	x := newIndex(rules)
	for _, r := range rules {
		if n := len(x.among("ratio", r.fixed)); n != 1 {
			t.Fatalf("%d rules are looked at for %v", n, r.fixed)
		}
	}
}
