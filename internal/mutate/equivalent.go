package mutate

import (
	"math"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
)

// reasons are why mutants of an expression do what it does, so that no test can
// tell the two apart.
type reasons struct {
	of expr.Expr
	// valueless are the parts of which nothing but the labels matters.
	valueless map[parser.Node]string
	// standIn are the parts that may select more, since they stand for zero.
	standIn map[parser.Node]string
	// scaled are the parts that may be multiplied by a number above 0.
	scaled map[parser.Node]string
}

func reasonsIn(rule *rulefile.Rule) reasons {
	e := rule.Expr
	r := reasons{e, map[parser.Node]string{}, map[parser.Node]string{}, map[parser.Node]string{}}
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.Call:
			switch n.Func.Name {
			case "absent":
				r.note(n.Args[0], "absent asks whether there is anything, whatever its value")
			case "count_over_time":
				r.counted(n.Args[0])
			case "histogram_quantile":
				if rule.Alert != "" { // what is recorded may differ in its last digit
					r.noteBuckets(n.Args[1])
				}
			}
		case *parser.BinaryExpr:
			r.noteSides(n)
		}
		return nil
	})
	if c, ok := unwrapped(e).(*parser.Call); ok && rule.Alert != "" && c.Func.Name == "vector" && !tellsValue(rule) {
		r.valueless[c.Args[0]] = "the alert fires whatever the value is, and no template says it"
	}
	if n, ok := unwrapped(e).(*parser.BinaryExpr); ok && rule.Alert != "" && n.Op == parser.GTR && isNumber(n.RHS, 0) {
		if a, ok := unwrapped(n.LHS).(*parser.AggregateExpr); ok && a.Op == parser.SUM && neverNegative(a.Expr) {
			r.valueless[a] = "no increase is below 0, so that the alert fires just where the largest is above, and their mean"
		}
	}
	return r
}

// tellsValue tells whether a template of an alert may say the value.
func tellsValue(rule *rulefile.Rule) bool {
	for _, texts := range []map[string]string{rule.Labels, rule.Annotations} {
		for _, text := range texts {
			if strings.Contains(text, "$value") || strings.Contains(text, ".Value") {
				return true
			}
		}
	}
	return false
}

// why is why a change makes no difference, or "".
func (r reasons) why(o *Operator, c change) string {
	if c.loses != nil {
		if why := r.whyLost(c.at, c.loses); why != "" {
			return why
		}
	}
	switch {
	case c.widens || c.loses != nil:
		return r.standIn[c.at]
	case o == arithmetic && r.standIn[c.at] != "":
		return r.standIn[c.at]
	case c.scales && r.scaled[c.at] != "":
		return r.scaled[c.at]
	case o == aggregation || o == comparison || o == threshold || o == number || o == function:
		return r.valueless[c.at]
	}
	return ""
}

func (r reasons) noteSides(n *parser.BinaryExpr) {
	r.noteStandIn(n)
	switch {
	case n.Op == parser.LAND || n.Op == parser.LUNLESS:
		r.note(n.RHS, n.Op.String()+" asks of its right side which labels there are, whatever their values")
	case n.Op == parser.MUL && isNumber(n.LHS, 0):
		r.note(n.RHS, "it is multiplied by 0, whatever its value")
	}
}

// noteStandIn notes what stands for zero errors in (errors or 0 * all) / (all > 0).
// Where it is there and all is not, there is nothing to divide by.
func (r reasons) noteStandIn(n *parser.BinaryExpr) {
	divisor, ok := unwrapped(n.RHS).(*parser.BinaryExpr)
	or, isOr := unwrapped(n.LHS).(*parser.BinaryExpr)
	if n.Op != parser.DIV || !ok || divisor.Op != parser.GTR || !isNumber(divisor.RHS, 0) || !isOr || or.Op != parser.LOR {
		return
	}
	zero, ok := unwrapped(or.RHS).(*parser.BinaryExpr)
	if !ok || zero.Op != parser.MUL || !isNumber(zero.LHS, 0) || unwrapped(zero.RHS).String() != unwrapped(divisor.LHS).String() {
		return
	}
	if !plain(n) || !plain(or) || !grows(zero.RHS) {
		return
	}
	const reason = "it is 0 whatever it selects, and divided by what must be there and above 0"
	r.standIn[zero] = reason
	parser.Inspect(zero.RHS, func(inner parser.Node, _ []parser.Node) error {
		r.standIn[inner] = reason
		return nil
	})
}

// grows tells whether an expression has a result wherever it has one of fewer
// series, or of a shorter range.
func grows(e parser.Node) bool {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return grows(e.Expr)
	case *parser.AggregateExpr:
		return grows(e.Expr)
	case *parser.Call:
		return e.Func.Name == "rate" && grows(e.Args[0])
	case *parser.MatrixSelector:
		return true
	}
	return false
}

// plain tells whether an operator matches series by all their labels.
func plain(b *parser.BinaryExpr) bool {
	return b.VectorMatching != nil && !b.VectorMatching.On && len(b.VectorMatching.MatchingLabels) == 0
}

// note says that the value of an expression does not matter. Another aggregation
// over the same series has the same labels. topk and bottomk choose among series
// and are not among them.
func (r reasons) note(of expr.Expr, reason string) {
	if a, ok := unwrapped(of).(*parser.AggregateExpr); ok && a.Op != parser.TOPK && a.Op != parser.BOTTOMK {
		r.valueless[a] = reason
		of = a.Expr
	}
	// So has another function of the same series, which all need as many samples.
	if c, ok := unwrapped(of).(*parser.Call); ok {
		r.valueless[c] = reason
	}
}

// noteBuckets notes what multiplies all buckets of a quantile.
func (r reasons) noteBuckets(of expr.Expr) {
	switch of := unwrapped(of).(type) {
	case *parser.AggregateExpr:
		if of.Op == parser.SUM {
			r.noteBuckets(of.Expr)
		}
	case *parser.Call:
		r.scaled[of] = "a quantile is the same of buckets that are all multiplied by the same"
	}
}

// counted notes what makes no difference where samples are counted: that a
// comparison with bool is 1 or 0, and which of the values that are there it compares.
func (r reasons) counted(of expr.Expr) {
	const reason = "count_over_time counts samples, whatever their values"
	if sub, ok := of.(*parser.SubqueryExpr); ok {
		of = sub.Expr
	}
	b, ok := unwrapped(of).(*parser.BinaryExpr)
	if !ok || !b.ReturnBool {
		return
	}
	r.valueless[b], r.valueless[b.LHS], r.valueless[b.RHS] = reason, reason, reason
	some, ok := unwrapped(b.LHS).(*parser.BinaryExpr)
	if !ok || some.Op != parser.GTE || !isNumber(some.RHS, math.Inf(-1)) {
		return
	}
	if a, ok := unwrapped(some.LHS).(*parser.AggregateExpr); ok && (a.Op == parser.MAX || a.Op == parser.MIN) {
		r.valueless[a] = "max and min are a number just where any of the series is one, and " + reason
		if c, ok := unwrapped(a.Expr).(*parser.Call); ok && (c.Func.Name == "max_over_time" || c.Func.Name == "min_over_time") {
			r.valueless[c] = r.valueless[a]
		}
	}
}

func unwrapped(e parser.Expr) parser.Expr {
	for {
		paren, ok := e.(*parser.ParenExpr)
		if !ok {
			return e
		}
		e = paren.Expr
	}
}

func isNumber(e parser.Expr, v float64) bool {
	switch e := unwrapped(e).(type) {
	case *parser.NumberLiteral:
		return e.Val == v
	case *parser.UnaryExpr:
		return e.Op == parser.SUB && isNumber(e.Expr, -v)
	}
	return false
}

// neverNegative tells whether an expression is how much counters grew.
func neverNegative(e parser.Expr) bool {
	c, ok := unwrapped(e).(*parser.Call)
	return ok && (c.Func.Name == "increase" || c.Func.Name == "rate")
}

// whyLost is why a selector may lose a matcher: what that lets in differs in the
// matcher's label, all that stands between keeps that label, and then it meets
// the other side of an operator, whose series all satisfy the matcher.
func (r reasons) whyLost(selector parser.Node, lost *labels.Matcher) string {
	var path []parser.Node
	parser.Inspect(r.of, func(n parser.Node, outer []parser.Node) error {
		if n == selector {
			path = append(append(path, outer...), n)
		}
		return nil
	})
	if s, ok := selector.(*parser.VectorSelector); !ok || s.Name == "" {
		return ""
	}
	for i := len(path) - 2; i >= 0; i-- {
		outer, inner := path[i], path[i+1]
		if b, ok := outer.(*parser.BinaryExpr); ok && b.VectorMatching != nil && b.LHS.Type() != parser.ValueTypeScalar && b.RHS.Type() != parser.ValueTypeScalar {
			other, filters := b.LHS, b.Op == parser.LAND || b.Op == parser.LUNLESS
			if inner == b.LHS {
				other = b.RHS
			}
			switch {
			case !matches(b, lost.Name) && filters && inner == b.LHS: // each series stays, or does not, by itself
			case !matches(b, lost.Name):
				return ""
			case b.Op != parser.LOR && (b.Op != parser.LUNLESS || inner == b.RHS) && has(carried(other), lost):
				return "what it lets in meets the other side of " + b.Op.String() + ", all of which has " + lost.String()
			}
			continue
		}
		if !keeps(outer, lost.Name) {
			return ""
		}
	}
	return ""
}
