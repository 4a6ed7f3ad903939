package engine

import (
	"maps"
	"math"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// mayFail tells whether the evaluation of a rule can fail, as opposed to having
// no result. It may say so of a rule that cannot, never the other way round.
// What can fail is an operation that would give two series the same labels, or
// find two where it needs one; and a group's limit. (So can the recording of a
// native histogram with negative buckets, which no expression tells.)
func mayFail(p *placed) bool {
	result := outcomeOf(p.Expr)
	if !result.safe || p.Group.Limit > 0 || p.Expr.Type() != parser.ValueTypeVector && p.Expr.Type() != parser.ValueTypeScalar {
		return true
	}
	// Labels that the rule sets replace those of the series, and may make two the same.
	for name, value := range p.labels {
		if result.fixed[name] == value && value != "" {
			continue // all of them have it
		}
		if !result.bounded || slices.Contains(result.labels, name) {
			return true
		}
	}
	return !result.distinct
}

// outcome is what is known of an expression's result without evaluating it.
type outcome struct {
	safe     bool     // its evaluation cannot fail
	distinct bool     // its series differ in more than their names
	bounded  bool     // its series have no labels but these
	labels   []string // unless bounded, meaningless

	// fixed are labels that all of its series have, with the same value.
	fixed map[string]string
}

var (
	unsafe = outcome{}
	single = outcome{safe: true, distinct: true, bounded: true} // at most one series, without labels
)

// partial are functions that fail for some arguments, or change labels at will.
var partial = []string{"label_replace", "label_join", "info", "double_exponential_smoothing", "holt_winters"}

func outcomeOf(e parser.Expr) outcome {
	switch n := e.(type) {
	case *parser.NumberLiteral, *parser.StringLiteral:
		return single
	case *parser.ParenExpr:
		return outcomeOf(n.Expr)
	case *parser.StepInvariantExpr:
		return outcomeOf(n.Expr)
	case *parser.SubqueryExpr:
		return outcomeOf(n.Expr)
	case *parser.MatrixSelector:
		return outcomeOf(n.VectorSelector)
	case *parser.VectorSelector:
		_, named := expr.MetricName(n)
		return outcome{safe: true, distinct: named, fixed: fixedBy(n)}
	case *parser.UnaryExpr:
		return needDistinct(outcomeOf(n.Expr))
	case *parser.Call:
		return outcomeOfCall(n)
	case *parser.AggregateExpr:
		return outcomeOfAggregate(n)
	case *parser.BinaryExpr:
		return outcomeOfBinary(n)
	}
	return unsafe
}

// fixedBy are the labels that a selector fixes.
func fixedBy(s *parser.VectorSelector) map[string]string {
	fixed := map[string]string{}
	for _, m := range s.LabelMatchers {
		if m.Type == labels.MatchEqual && m.Value != "" && m.Name != model.MetricNameLabel {
			fixed[m.Name] = m.Value
		}
	}
	return fixed
}

// needDistinct is the outcome of something that drops the names of series.
func needDistinct(o outcome) outcome {
	if !o.distinct {
		return unsafe
	}
	return o
}

func outcomeOfCall(n *parser.Call) outcome {
	if slices.Contains(partial, n.Func.Name) {
		return unsafe
	}
	result := single
	for _, arg := range n.Args {
		o := outcomeOf(arg)
		if !o.safe {
			return unsafe
		}
		if arg.Type() == parser.ValueTypeVector || arg.Type() == parser.ValueTypeMatrix {
			result = o
		}
	}
	switch n.Func.Name {
	case "absent", "absent_over_time":
		return outcomeOfAbsent(n.Args[0])
	case "scalar", "vector", "time":
		return single
	case "histogram_quantile", "histogram_quantiles":
		result.fixed = nil // it drops le
	}
	return needDistinct(result)
}

// outcomeOfAbsent is at most one series, with the labels that matchers fix.
func outcomeOfAbsent(e parser.Expr) outcome {
	for p, ok := e.(*parser.ParenExpr); ok; p, ok = e.(*parser.ParenExpr) {
		e = p.Expr
	}
	if m, ok := e.(*parser.MatrixSelector); ok {
		e = m.VectorSelector
	}
	s, ok := e.(*parser.VectorSelector)
	if !ok {
		return single
	}
	result := single
	for _, m := range s.LabelMatchers {
		result.labels = append(result.labels, m.Name)
	}
	return result
}

func outcomeOfAggregate(n *parser.AggregateExpr) outcome {
	inner := outcomeOf(n.Expr)
	if !inner.safe {
		return unsafe
	}
	switch n.Op {
	case parser.SUM, parser.AVG, parser.MIN, parser.MAX, parser.COUNT, parser.GROUP, parser.STDDEV, parser.STDVAR:
	case parser.TOPK, parser.BOTTOMK, parser.QUANTILE:
		param, ok := n.Param.(*parser.NumberLiteral)
		if !ok {
			return unsafe
		}
		if n.Op != parser.QUANTILE {
			// It counts series: nothing else is a number for it, nor is what is too large.
			if !(math.Abs(param.Val) < 1<<62) {
				return unsafe
			}
			return inner
		}
	default:
		return unsafe
	}
	if slices.Contains(n.Grouping, model.MetricNameLabel) {
		return unsafe
	}
	if n.Without {
		return outcome{safe: true, distinct: true}
	}
	return outcome{safe: true, distinct: true, bounded: true, labels: n.Grouping}
}

func outcomeOfBinary(n *parser.BinaryExpr) outcome {
	l, r := outcomeOf(n.LHS), outcomeOf(n.RHS)
	if !l.safe || !r.safe {
		return unsafe
	}
	switch {
	case n.LHS.Type() == parser.ValueTypeScalar && n.RHS.Type() == parser.ValueTypeScalar:
		return single
	case n.LHS.Type() == parser.ValueTypeScalar:
		return comparedOrDistinct(n, r)
	case n.RHS.Type() == parser.ValueTypeScalar:
		return comparedOrDistinct(n, l)
	}
	switch n.Op {
	case parser.LAND, parser.LUNLESS:
		return l
	case parser.LOR:
		// What comes from the right differs from all on the left in the labels
		// that are matched, so that the union is as distinct as its parts.
		union := outcome{safe: true, distinct: l.distinct && r.distinct, bounded: l.bounded && r.bounded}
		union.labels = append(slices.Clone(l.labels), r.labels...)
		union.fixed = maps.Clone(l.fixed)
		maps.DeleteFunc(union.fixed, func(name, value string) bool { return r.fixed[name] != value })
		return union
	}
	if !l.distinct || !r.distinct {
		return unsafe
	}
	return outcomeOfMatch(n.VectorMatching, l, r)
}

// comparedOrDistinct is the outcome of an operation with a number: a filter
// keeps the names, everything else drops them.
func comparedOrDistinct(n *parser.BinaryExpr, o outcome) outcome {
	if n.Op.IsComparisonOperator() && !n.ReturnBool {
		return o
	}
	return needDistinct(o)
}

// outcomeOfMatch is that of an operation between series that differ in more
// than their names.
func outcomeOfMatch(m *parser.VectorMatching, l, r outcome) outcome {
	identified := func(o outcome) bool { // by the labels that are matched
		if m.On {
			return o.bounded && !slices.ContainsFunc(o.labels, func(name string) bool { return !slices.Contains(m.MatchingLabels, name) })
		}
		if len(m.MatchingLabels) == 0 {
			return true
		}
		return o.bounded && !slices.ContainsFunc(o.labels, func(name string) bool { return slices.Contains(m.MatchingLabels, name) })
	}
	switch {
	case len(m.Include) > 0:
		return unsafe
	case m.Card == parser.CardManyToOne && identified(r):
		return l
	case m.Card == parser.CardOneToMany && identified(l):
		return r
	case m.Card == parser.CardOneToOne && identified(l) && identified(r):
		result := r
		if l.bounded {
			result = l
		}
		result.fixed = nil // what is not matched is dropped
		if !m.On && len(m.MatchingLabels) == 0 {
			result.fixed = l.fixed
		}
		return result
	}
	return unsafe
}
