package mutate

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// carried are matchers that every series of an expression satisfies, as far as
// its selectors tell.
func carried(e parser.Node) []*labels.Matcher {
	switch e := e.(type) {
	case *parser.VectorSelector:
		return slices.DeleteFunc(slices.Clone(e.LabelMatchers), func(m *labels.Matcher) bool { return m.Name == model.MetricNameLabel })
	case *parser.MatrixSelector:
		return carried(e.VectorSelector)
	case *parser.SubqueryExpr:
		return carried(e.Expr)
	case *parser.ParenExpr:
		return carried(e.Expr)
	case *parser.Call:
		for _, arg := range e.Args {
			if arg.Type() != parser.ValueTypeScalar && arg.Type() != parser.ValueTypeString {
				return kept(e, carried(arg))
			}
		}
	case *parser.AggregateExpr:
		return kept(e, carried(e.Expr))
	case *parser.BinaryExpr:
		return carriedByBoth(e)
	}
	return nil
}

// carriedByBoth are those of an operator: what both sides of or have, and what
// either side of any other operator has that matches series by the label.
func carriedByBoth(b *parser.BinaryExpr) []*labels.Matcher {
	left, right := carried(b.LHS), carried(b.RHS)
	switch {
	case b.Op == parser.LOR:
		return slices.DeleteFunc(left, func(m *labels.Matcher) bool { return !has(right, m) })
	case b.Op == parser.LUNLESS:
		return left
	case b.LHS.Type() == parser.ValueTypeScalar || b.RHS.Type() == parser.ValueTypeScalar:
		return append(left, right...)
	case b.VectorMatching.Card != parser.CardOneToOne && b.Op != parser.LAND:
		return nil
	}
	all := slices.DeleteFunc(append(slices.Clone(left), right...), func(m *labels.Matcher) bool { return !matches(b, m.Name) })
	if b.Op == parser.LAND { // the left side goes on with all its labels
		all = append(all, left...)
	}
	return all
}

func has(all []*labels.Matcher, wanted *labels.Matcher) bool {
	return slices.ContainsFunc(all, func(m *labels.Matcher) bool { return m.String() == wanted.String() })
}

func kept(by parser.Node, all []*labels.Matcher) []*labels.Matcher {
	return slices.DeleteFunc(all, func(m *labels.Matcher) bool { return !keeps(by, m.Name) })
}

// matches tells whether an operator matches series of both sides by a label, and
// cannot fail for what stands on one side alone.
func matches(b *parser.BinaryExpr, label string) bool {
	named := slices.Contains(b.VectorMatching.MatchingLabels, label)
	switch {
	case b.Op.IsSetOperator():
		return b.VectorMatching.On == named
	default: // two series of one side that match the same are an error
		return b.VectorMatching.Card == parser.CardOneToOne && !b.VectorMatching.On && len(b.VectorMatching.MatchingLabels) == 0
	}
}

// keeps tells whether a part of an expression treats series apart that differ in
// a label, and leaves it as it is.
func keeps(n parser.Node, label string) bool {
	switch n := n.(type) {
	case *parser.ParenExpr, *parser.MatrixSelector, *parser.SubqueryExpr, *parser.UnaryExpr, *parser.StepInvariantExpr:
		return true
	case *parser.BinaryExpr: // with a scalar
		return true
	case *parser.AggregateExpr:
		named := slices.Contains(n.Grouping, label)
		return n.Op != parser.TOPK && n.Op != parser.BOTTOMK && n.Op != parser.COUNT_VALUES && named != n.Without
	case *parser.Call:
		return each[n.Func.Name] || strings.HasSuffix(n.Func.Name, "_over_time") && n.Func.Name != "absent_over_time"
	}
	return false
}

// each are functions of one series at a time, besides those over time.
var each = map[string]bool{
	"rate": true, "irate": true, "increase": true, "delta": true, "idelta": true, "deriv": true, "predict_linear": true, "resets": true,
	"changes": true, "round": true, "abs": true, "ceil": true, "floor": true, "clamp": true, "clamp_min": true, "clamp_max": true,
	"histogram_count": true, "histogram_sum": true, "histogram_fraction": true,
}
