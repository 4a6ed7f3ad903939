package amconfig

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/pkg/labels"
)

func parse(t testing.TB, text string) labels.Matchers {
	t.Helper()
	matcherMode()
	matchers, err := compat.Matchers(text, "test")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return matchers
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		must    string
		mustNot []string
		want    Verdict
	}{
		{`{a="x"}`, nil, Yes},
		{`{a="x",a="y"}`, nil, No},
		{`{a="x",a!="x"}`, nil, No},
		{`{a="",a=~".+"}`, nil, No},
		{`{a!="",a!~".+"}`, nil, No},
		{`{a=~"db-.*"}`, []string{`{a=~"db.*"}`}, No},
		{`{a=~"db.*"}`, []string{`{a=~"db-.*"}`}, Yes},
		{`{a=~"x|y"}`, []string{`{a="x"}`, `{a="y"}`}, No},
		{`{a=~"x|y|z"}`, []string{`{a="x"}`, `{a="y"}`}, Yes},
		{`{a=~"x|y"}`, []string{`{a="x",b="1"}`, `{a="y"}`}, Yes},
		{`{a=~"x|y"}`, []string{`{a="x",b="1"}`, `{a="x",b!="1"}`, `{a="y"}`}, No},
		{`{a=~"[ab]+",a=~".{3}",a!~".*a.*"}`, []string{`{a="bbb"}`}, No},
		{`{a=~"(?i)abc"}`, []string{`{a=~"[aA][bB][cC]"}`}, No},
		{`{a=~"(?i)k"}`, []string{`{a=~"[kK]"}`}, Yes}, // the Kelvin sign
		{`{a=~"a.b"}`, []string{`{a=~"a[^\n]b"}`}, No},
		{`{a=~"^x$"}`, []string{`{a="x"}`}, No},
		{`{alertname=""}`, nil, No}, // every alert has a name
		{`{a=~"\\bx\\b"}`, []string{`{a="x"}`}, Unknown},
		{`{a=~"(x{1,30}){1,30}y",a=~"(xx{1,30}){1,30}z"}`, nil, No},
		{`{a=~".*x.{14}",a=~".*y.{15}",a!~"(.*z.*){9}"}`, nil, Unknown}, // bounded
	} {
		var mustNot []labels.Matchers
		for _, m := range c.mustNot {
			mustNot = append(mustNot, parse(t, m))
		}
		found, got := NewSolver().Find(parse(t, c.must), mustNot...)
		if got != c.want {
			t.Errorf("%s without %v: %v %v, want %v", c.must, c.mustNot, got, found, c.want)
		}
	}
}

// TestFindAgainstTrying holds verdicts on random conditions against trying out
// all texts of three letters at most: what is found matches, and what cannot be
// is not there.
func TestFindAgainstTrying(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var texts []string
	var grow func(string)
	grow = func(text string) {
		texts = append(texts, text)
		if len(text) < 3 {
			for _, c := range []string{"a", "b", "c"} {
				grow(text + c)
			}
		}
	}
	grow("")
	pieces := []string{"a", "b", "c", ".", "[ab]", "[^a]", "a*", "(a|b)", "b?", "c+", ".*", "(ab|c)", "^", "$"}
	matcher := func() string {
		value := ""
		for range 1 + r.IntN(3) {
			value += pieces[r.IntN(len(pieces))]
		}
		name := []string{"x", "y"}[r.IntN(2)]
		if r.IntN(3) == 0 {
			return name + []string{"=", "!="}[r.IntN(2)] + `"` + texts[r.IntN(len(texts))] + `"`
		}
		return name + []string{"=~", "!~"}[r.IntN(2)] + `"` + value + `"`
	}
	set := func() labels.Matchers {
		var all []string
		for range 1 + r.IntN(3) {
			all = append(all, matcher())
		}
		return parse(t, "{"+strings.Join(all, ",")+"}")
	}
	count := map[Verdict]int{}
	for range 3000 {
		must := set()
		var mustNot []labels.Matchers
		for range r.IntN(4) {
			mustNot = append(mustNot, set())
		}
		holds := func(alert Labels) bool {
			if !Matches(must, alert) {
				return false
			}
			for _, m := range mustNot {
				if Matches(m, alert) {
					return false
				}
			}
			return true
		}
		found, verdict := NewSolver().Find(must, mustNot...)
		count[verdict]++
		if verdict == Yes && !holds(found) {
			t.Fatalf("%v without %v: %v does not do", must, mustNot, found)
		}
		if verdict != No {
			continue
		}
		for _, x := range texts {
			for _, y := range texts {
				if alert := (Labels{"x": x, "y": y, AlertName: "a"}); holds(alert) {
					t.Fatalf("%v without %v: there is %v", must, mustNot, alert)
				}
			}
		}
	}
	if count[Yes] < 500 || count[No] < 500 || count[Unknown] > 0 {
		t.Errorf("one-sided: %v", count)
	}
}
