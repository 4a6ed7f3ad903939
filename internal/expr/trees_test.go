package expr

import (
	"math"
	"reflect"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// copied are expressions that have everything which has a place.
var copied = []string{
	`sum by (a) (rate(x{job="one",code=~"5..|429"}[5m])) / on (a) group_left (b) sum without (c) (-x{job="one"} offset 5m)`,
	`max_over_time((x{job="one"} > 1)[1h:5m] @ 100 offset -1m) or topk(3, {__name__=~"y.*", job!="one"}) + 1`,
	`x{job="one"}[5m + 1m] offset (1m * 2)`, `quantile_over_time(0.9, x{job="one"}[step() + 1s:max(step(), 5s)])`, `avg(x{job="one"} @ start()) == bool 0x1F`,
	`{__name__="x", job="one"}`, `{"x", job="one"}`, `count_values("l", x{job="one"}) # job="one"`, "x{job=\"\x01" + `0"}`, `x{a="x", b="x", c="y", d="\x78"} and x{a='x'}`,
	`label_replace(x{job="one"}, "a", "$1", "b", "(.*)")`, `info(x{job="one"}, {data="one"})`,
}

// FuzzTrees holds that the tree of an expression is the parser's, places and all, also where it is copied from one with other values.
func FuzzTrees(f *testing.F) {
	for _, text := range append(append(shaped, printed...), copied...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := Parse(text)
		trees := NewTrees()
		for _, value := range []string{"", "another value"} {
			other := text
			if value != "" {
				other, _ = shapeWith(text, func(int) string { return value })
			}
			_, _ = trees.Parse(other) // for what is remembered of it
		}
		got, gotErr := trees.Parse(text)
		if (err == nil) != (gotErr == nil) || err != nil && err.Error() != gotErr.Error() {
			t.Fatalf("%q: %v; the parser says %v", text, gotErr, err)
		}
		if err == nil && !reflect.DeepEqual(bare(got), bare(want)) {
			t.Fatalf("%q: %s; the parser says %s", text, parser.Tree(got), parser.Tree(want))
		}
	})
}

// bare takes away what cannot be compared: what matchers make of a regular expression, and NaN.
func bare(e Expr) Expr {
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if number, ok := n.(*parser.NumberLiteral); ok && math.IsNaN(number.Val) {
			number.Val = 0 // NaN is not equal to itself
		}
		if s, ok := n.(*parser.VectorSelector); ok {
			all := make([]*labels.Matcher, len(s.LabelMatchers))
			for i, m := range s.LabelMatchers {
				all[i] = &labels.Matcher{Type: m.Type, Name: m.Name, Value: m.Value}
			}
			s.LabelMatchers = all
		}
		return nil
	})
	return e
}

// Rules that differ in values alone share what is large.
func TestTrees(t *testing.T) {
	trees := NewTrees()
	var regexps []*labels.Matcher
	for _, job := range []string{"a", "b", "longer"} {
		e, err := trees.Parse(`sum(rate(x{job="` + job + `",code=~"5..|429"}[5m]))`)
		if err != nil {
			t.Fatal(err)
		}
		s := e.(*parser.AggregateExpr).Expr.(*parser.Call).Args[0].(*parser.MatrixSelector).VectorSelector.(*parser.VectorSelector)
		if s.LabelMatchers[0].Value != job {
			t.Errorf("%s: %s", job, s)
		}
		regexps = append(regexps, s.LabelMatchers[1])
	}
	if regexps[1] != regexps[2] {
		t.Error("the regular expression was made twice")
	}
}
