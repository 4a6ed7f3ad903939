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
	if cmp, ok := whole.(*parser.BinaryExpr); ok && cmp.Op.IsComparisonOperator() && !cmp.ReturnBool && cmp.RHS.Type() == parser.ValueTypeScalar {
		return isShare(part, cmp.LHS)
	}
	// whole - good is what was bad.
	if sub, ok := part.(*parser.BinaryExpr); ok && sub.Op == parser.SUB && unwrap(sub.LHS).String() == whole.String() {
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
		return p.Op == parser.SUM && w.Op == parser.SUM && p.Without == w.Without &&
			slices.Equal(sorted(p.Grouping), sorted(w.Grouping)) && isPart(p.Expr, w.Expr)
	}
	return isPart(part, whole)
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

func isZero(e parser.Expr) bool {
	n, ok := unwrap(e).(*parser.NumberLiteral)
	return ok && n.Val == 0
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
