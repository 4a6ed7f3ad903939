package check

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// isShare tells whether part / whole is a share of events: both count the same
// counters in the same way, part only some of them.
func isShare(part, whole parser.Expr) bool {
	part, whole = unwrap(part), unwrap(whole)
	// whole > 0 leaves out where nothing happened.
	if cmp, ok := whole.(*parser.BinaryExpr); ok && cmp.Op.IsComparisonOperator() && !cmp.ReturnBool && hasScalarRight(cmp) {
		return isShare(part, cmp.LHS)
	}
	// whole - good is what was bad.
	if sub, ok := part.(*parser.BinaryExpr); ok && sub.Op == parser.SUB && same(sub.LHS, whole) {
		return isShare(sub.RHS, whole)
	}
	// part or 0 * x stands in for a part that was never counted.
	if or, ok := part.(*parser.BinaryExpr); ok && or.Op == parser.LOR {
		if mul, ok := unwrap(or.RHS).(*parser.BinaryExpr); ok && mul.Op == parser.MUL && (isZero(mul.LHS) || isZero(mul.RHS)) {
			return isShare(or.LHS, whole)
		}
		if v, ok := unwrap(or.RHS).(*parser.Call); ok && v.Func.Name == "vector" && isZero(v.Args[0]) {
			return isShare(or.LHS, whole)
		}
	}
	p, pok := part.(*parser.AggregateExpr)
	w, wok := whole.(*parser.AggregateExpr)
	if pok && wok {
		switch {
		case p.Op != w.Op || !sameGroups(p, w):
			return false
		case p.Op == parser.COUNT: // of those that pass comparisons
			return same(filtered(p.Expr), w.Expr)
		}
		return p.Op == parser.SUM && isPart(p.Expr, w.Expr)
	}
	return isPart(part, whole)
}

func sameGroups(a, b *parser.AggregateExpr) bool {
	return a.Without == b.Without && slices.Equal(sorted(a.Grouping), sorted(b.Grouping))
}

// filtered is e without the comparisons that leave out some of its samples.
func filtered(e parser.Expr) parser.Expr {
	e = unwrap(e)
	b, ok := e.(*parser.BinaryExpr)
	if !ok || !b.Op.IsComparisonOperator() || b.ReturnBool {
		return e
	}
	switch {
	case hasScalarRight(b):
		return filtered(b.LHS)
	case hasScalarLeft(b):
		return filtered(b.RHS)
	}
	return e
}

// meanOf is what sum / count is the mean of, be it of series or over time, or nil.
func meanOf(sum, count parser.Expr) parser.Expr {
	sum, count = unwrap(sum), unwrap(count)
	switch s := sum.(type) {
	case *parser.AggregateExpr:
		c, ok := count.(*parser.AggregateExpr)
		if ok && s.Op == parser.SUM && c.Op == parser.COUNT && sameGroups(s, c) && same(s.Expr, c.Expr) {
			return s.Expr
		}
	case *parser.Call:
		c, ok := count.(*parser.Call)
		if ok && s.Func.Name == "sum_over_time" && c.Func.Name == "count_over_time" && same(s.Args[0], c.Args[0]) {
			return s.Args[0]
		}
	}
	return nil
}

// isPart tells whether part counts some of the series that whole counts.
func isPart(part, whole parser.Expr) bool {
	part, whole = unwrap(part), unwrap(whole)
	pc, ok1 := part.(*parser.Call)
	wc, ok2 := whole.(*parser.Call)
	if !ok1 || !ok2 || pc.Func.Name != wc.Func.Name || !slices.Contains([]string{"rate", "increase"}, pc.Func.Name) {
		return false
	}
	pm, ok1 := pc.Args[0].(*parser.MatrixSelector)
	wm, ok2 := wc.Args[0].(*parser.MatrixSelector)
	if !ok1 || !ok2 || pm.Range != wm.Range || pm.RangeExpr != nil || wm.RangeExpr != nil {
		return false
	}
	ps, ok1 := pm.VectorSelector.(*parser.VectorSelector)
	ws, ok2 := wm.VectorSelector.(*parser.VectorSelector)
	if !ok1 || !ok2 || !sameTime(ps, ws) || !sameCounter(ps, ws) {
		return false
	}
	for _, m := range ws.LabelMatchers {
		if m.Name != model.MetricNameLabel && !slices.ContainsFunc(ps.LabelMatchers, func(o *labels.Matcher) bool { return o.String() == m.String() }) {
			return false
		}
	}
	return true
}

// sameTime tells whether two selectors surely look at the same time.
func sameTime(a, b *parser.VectorSelector) bool {
	pinned := func(s *parser.VectorSelector) bool {
		return s.Timestamp != nil || s.StartOrEnd != 0 || s.OriginalOffsetExpr != nil
	}
	return a.OriginalOffset == b.OriginalOffset && !pinned(a) && !pinned(b)
}

// sameCounter tells whether two selectors count in the same metric, or one
// bucket and the count of the same histogram.
func sameCounter(part, whole *parser.VectorSelector) bool {
	p, w := metricOf(part), metricOf(whole)
	if p == "" {
		return false
	}
	if base, ok := strings.CutSuffix(p, "_bucket"); ok && w == base+"_count" {
		return slices.ContainsFunc(part.LabelMatchers, func(m *labels.Matcher) bool {
			return m.Name == labels.BucketLabel && m.Type == labels.MatchEqual // several buckets count an event several times
		})
	}
	return p == w
}

// same tells whether two expressions always yield the same: they are written
// alike, but for parentheses. It ends at the first difference, unlike a
// comparison of what they print.
func same(a, b parser.Expr) bool {
	a, b = unwrap(a), unwrap(b)
	if choice, ok := a.(*parser.AggregateExpr); ok && slices.Contains(choosing, choice.Op) {
		return false
	}
	inA, inB := parser.Children(a), parser.Children(b)
	if node(a) != node(b) || len(inA) != len(inB) {
		return false
	}
	for i := range inA {
		if !same(inA[i].(parser.Expr), inB[i].(parser.Expr)) {
			return false
		}
	}
	return true
}

// choosing are aggregations that choose among equals as it comes, each time anew.
var choosing = []parser.ItemType{parser.TOPK, parser.BOTTOMK, parser.LIMITK}

// node is what an expression prints without what is in it, if anything is.
func node(e parser.Expr) string {
	switch e := e.(type) {
	case *parser.AggregateExpr:
		return e.ShortString()
	case *parser.BinaryExpr:
		return e.ShortString()
	case *parser.Call:
		return e.ShortString()
	case *parser.SubqueryExpr:
		return e.ShortString()
	case *parser.UnaryExpr:
		return e.ShortString()
	}
	return e.String()
}

func isZero(e parser.Expr) bool {
	n, ok := unwrap(e).(*parser.NumberLiteral)
	return ok && n.Val == 0
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
