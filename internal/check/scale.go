package check

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/pattern"
)

// scale is what a whole is: 1 of a share, 100 of a percentage, 0 where nothing
// is known. Names are not believed: many a metric that ends in _ratio is in percent.
type scale float64

const (
	ofOne     scale = 1
	ofHundred scale = 100
)

// scaleOf computes whether an expression is a share or a percentage: a quotient
// of a part and the whole, and what is made of one.
func (u *Unit) scaleOf(e parser.Expr, depth int) scale {
	switch e := unwrap(e).(type) {
	case *parser.BinaryExpr:
		return u.scaleOfBinary(e, depth)
	case *parser.SubqueryExpr:
		return u.scaleOf(e.Expr, depth)
	case *parser.AggregateExpr:
		if e.Op == parser.AVG && u.isMeanOfFlags(e) {
			return ofOne // of those that are up
		}
		switch e.Op {
		case parser.AVG, parser.MIN, parser.MAX, parser.QUANTILE, parser.TOPK, parser.BOTTOMK:
			return u.scaleOf(e.Expr, depth)
		}
	case *parser.Call:
		if e.Func.Name == "avg_over_time" && u.isMeanOfFlags(e) {
			return ofOne // of the time that it is up
		}
		if slices.Contains(keepScale, e.Func.Name) {
			return u.scaleOf(e.Args[0], depth)
		}
	case *parser.MatrixSelector:
		return u.scaleOf(e.VectorSelector, depth)
	case *parser.VectorSelector:
		return alike(u, e, func(r *recording) scale {
			if r.rule.Expr == nil || depth >= maxSteps {
				return 0
			}
			return u.scaleOf(r.rule.Expr, depth+1)
		})
	}
	return 0
}

// isMeanOfFlags tells whether what is averaged is 0 or 1, and nothing computed from it.
func (u *Unit) isMeanOfFlags(e parser.Expr) bool {
	return isFlag(soleMetric(e)) && u.boundsOf(e) == share
}

// keepScale are functions whose result is a share where their argument is one.
var keepScale = []string{
	"abs", "ceil", "floor", "round", "clamp", "clamp_min", "clamp_max", "label_replace", "label_join", "sort", "sort_desc",
	"avg_over_time", "min_over_time", "max_over_time", "last_over_time",
}

func (u *Unit) scaleOfBinary(b *parser.BinaryExpr, depth int) scale {
	switch {
	case b.Op == parser.LAND, b.Op == parser.LUNLESS:
		return u.scaleOf(b.LHS, depth)
	case b.Op == parser.LOR:
		if left := u.scaleOf(b.LHS, depth); left == u.scaleOf(b.RHS, depth) || isVector(b.RHS) {
			return left
		}
		return 0
	case b.Op.IsComparisonOperator():
		if b.ReturnBool {
			return 0
		}
		if hasScalarLeft(b) {
			return u.scaleOf(b.RHS, depth)
		}
		return u.scaleOf(b.LHS, depth)
	case b.Op == parser.DIV && b.VectorMatching != nil:
		part, factor := multiplied(b.LHS)
		if k := scale(factor); (k == ofOne || k == ofHundred) && (isShare(part, b.RHS) || isFilled(part, b.RHS)) {
			return k
		}
		return 0
	}
	return u.scaled(b, depth)
}

// scaled is the scale of what is computed from a share and a number.
func (u *Unit) scaled(b *parser.BinaryExpr, depth int) scale {
	of, number := b.LHS, b.RHS
	if hasScalarLeft(b) {
		of, number = number, of
	}
	k, ok := expr.Constant(number)
	before := u.scaleOf(of, depth)
	if !ok || before == 0 {
		return 0
	}
	after := scale(0)
	switch {
	case b.Op == parser.MUL:
		after = before * scale(k)
	case b.Op == parser.DIV && of == b.LHS:
		after = before / scale(k)
	case b.Op == parser.SUB && of == b.RHS && scale(k) == before: // the rest of the whole
		after = before
	}
	if after == ofOne || after == ofHundred {
		return after
	}
	return 0
}

// multiplied splits 100 * x into x and 100; of anything else the factor is 1.
func multiplied(e parser.Expr) (parser.Expr, float64) {
	if b, ok := unwrap(e).(*parser.BinaryExpr); ok && b.Op == parser.MUL {
		if k, ok := expr.Constant(b.LHS); ok {
			return b.RHS, k
		}
		if k, ok := expr.Constant(b.RHS); ok {
			return b.LHS, k
		}
	}
	return e, 1
}

// capacity are endings of names of what can be filled.
var capacity = pattern.New(`_(size|total|limit|capacity|quota)_bytes$|_bytes_total$|_MemTotal(_bytes)?$`)

// isFilled tells whether a quotient is how full something is: bytes by the bytes
// that there are.
func isFilled(part, whole parser.Expr) bool {
	if sub, ok := unwrap(part).(*parser.BinaryExpr); ok && sub.Op == parser.SUB && same(sub.LHS, whole) {
		return isFilled(sub.RHS, whole)
	}
	p, w := soleMetric(part), soleMetric(whole)
	return capacity().MatchString(w) && !isTotal(w) && !isTotal(p) && newUnitFlow().of(part) == units["bytes"] && newUnitFlow().of(whole) == units["bytes"]
}
