package check

import (
	"math"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// bounds are the least and the greatest value that the samples of an
// expression can have. They are conservative: where nothing is known they are
// infinite. Rounding may exceed them by a few units in the last place.
type bounds struct{ low, high float64 }

var (
	unbounded   = bounds{math.Inf(-1), math.Inf(1)}
	notNegative = bounds{0, math.Inf(1)}
	share       = bounds{0, 1}
)

func exactly(v float64) bounds { return bounds{v, v} }

func (b bounds) union(c bounds) bounds { return bounds{min(b.low, c.low), max(b.high, c.high)} }

// intersect is what is in both: nothing, if low is above high.
func (b bounds) intersect(c bounds) bounds { return bounds{max(b.low, c.low), min(b.high, c.high)} }

func (b bounds) isEmpty() bool { return b.low > b.high }

// boundsOf computes what values e can have.
func (u *Unit) boundsOf(e parser.Expr) bounds { return newBoundsFlow(u).of(e) }

type boundsFlow struct{ flow[bounds] }

func newBoundsFlow(u *Unit) boundsFlow { return boundsFlow{flow[bounds]{u, 0, &u.bounds}} }

func (f boundsFlow) of(e parser.Expr) bounds { return f.remember(e, f.compute) }

func (f boundsFlow) compute(e parser.Expr) bounds {
	switch e := e.(type) {
	case *parser.NumberLiteral:
		return exactly(e.Val)
	case *parser.UnaryExpr:
		b := f.of(e.Expr)
		if e.Op == parser.SUB {
			return bounds{0 - b.high, 0 - b.low} // never -0
		}
		return b
	case *parser.VectorSelector:
		return f.selector(e)
	case *parser.AggregateExpr:
		return f.aggregate(e)
	case *parser.BinaryExpr:
		return f.binary(e)
	case *parser.Call:
		return f.call(e)
	}
	return unbounded
}

// selector knows recorded series by their rules, and some of the others by their names.
func (f boundsFlow) selector(s *parser.VectorSelector) bounds {
	rules := f.unit.recordings(s)
	if len(rules) == 0 {
		return boundsByName(metricOf(s))
	}
	b := f.recording(rules[0])
	for _, r := range rules[1:] {
		b = b.union(f.recording(r))
	}
	return b
}

// recording is what values the series of a recording rule can have.
func (f boundsFlow) recording(r *recording) bounds {
	if r.bounds == nil {
		r.bounds = &unbounded
		if r.rule.Expr != nil && f.depth < maxFollowed {
			b := boundsFlow{f.inner()}.of(r.rule.Expr)
			r.bounds = &b
		}
	}
	return *r.bounds
}

func (f boundsFlow) aggregate(a *parser.AggregateExpr) bounds {
	switch a.Op {
	case parser.MIN, parser.MAX, parser.AVG, parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return f.of(a.Expr)
	case parser.SUM:
		if f.of(a.Expr).low >= 0 {
			return notNegative
		}
	case parser.COUNT, parser.COUNT_VALUES:
		return bounds{1, math.Inf(1)} // where there is nothing to count there is no sample either
	case parser.GROUP:
		return exactly(1)
	case parser.STDDEV, parser.STDVAR:
		return notNegative
	}
	return unbounded
}

func (f boundsFlow) call(c *parser.Call) bounds {
	switch c.Func.Name {
	case "absent", "absent_over_time", "present_over_time":
		return exactly(1)
	case "rate", "irate", "increase", "changes", "resets", "abs", "sqrt", "stddev_over_time", "stdvar_over_time", "time", "timestamp", "exp":
		return notNegative
	case "count_over_time":
		return bounds{1, math.Inf(1)}
	case "sgn", "sin", "cos", "tanh":
		return bounds{-1, 1}
	case "minute":
		return bounds{0, 59}
	case "hour":
		return bounds{0, 23}
	case "day_of_week":
		return bounds{0, 6}
	case "day_of_month":
		return bounds{1, 31}
	case "day_of_year":
		return bounds{1, 366}
	case "days_in_month":
		return bounds{28, 31}
	case "month":
		return bounds{1, 12}
	case "avg_over_time", "min_over_time", "max_over_time", "last_over_time", "first_over_time",
		"sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "label_replace", "label_join", "vector", "scalar":
		return f.of(c.Args[0])
	case "sum_over_time":
		if f.of(c.Args[0]).low >= 0 {
			return notNegative
		}
	case "clamp_min":
		b, least := f.of(c.Args[0]), f.of(c.Args[1])
		return bounds{max(b.low, least.low), max(b.high, least.high)}
	case "clamp_max":
		b, most := f.of(c.Args[0]), f.of(c.Args[1])
		return bounds{min(b.low, most.low), min(b.high, most.high)}
	}
	return unbounded
}

func (f boundsFlow) binary(b *parser.BinaryExpr) bounds {
	left, right := f.of(b.LHS), f.of(b.RHS)
	switch b.Op {
	case parser.LAND, parser.LUNLESS:
		return left
	case parser.LOR:
		return left.union(right)
	case parser.ADD:
		return known(left.low+right.low, left.high+right.high)
	case parser.SUB:
		return known(left.low-right.high, left.high-right.low)
	case parser.MUL:
		return corners(left, right, func(a, b float64) float64 { return a * b })
	case parser.DIV:
		// With group_right a part may meet another whole than its own.
		if b.VectorMatching != nil && b.VectorMatching.Card != parser.CardOneToMany {
			// 100 * part / whole is grouped so.
			if part, k := multiplied(b.LHS); isShare(part, b.RHS) && !math.IsNaN(k) {
				return bounds{min(0, k), max(0, k)}
			}
			if of := meanOf(b.LHS, b.RHS); of != nil {
				return f.of(of)
			}
		}
		if right.low > 0 {
			return corners(left, right, func(a, b float64) float64 { return a / b })
		}
		if left.low >= 0 && right.low >= 0 {
			return notNegative // x/0 is +Inf, 0/0 is NaN, which no comparison holds for
		}
	}
	if b.Op.IsComparisonOperator() {
		switch {
		case b.ReturnBool:
			return share
		case hasScalarLeft(b):
			return right.intersect(passing(mirrored[b.Op], left)) // 1 < x keeps x
		}
		return left.intersect(passing(b.Op, right)) // a filter; what remains was there before
	}
	return unbounded
}

// mirrored are the comparisons that say the same with sides exchanged.
var mirrored = map[parser.ItemType]parser.ItemType{
	parser.GTR: parser.LSS, parser.LSS: parser.GTR, parser.GTE: parser.LTE, parser.LTE: parser.GTE, parser.EQLC: parser.EQLC, parser.NEQ: parser.NEQ,
}

// passing are the values that can pass a comparison with some value of b.
func passing(op parser.ItemType, b bounds) bounds {
	switch op {
	case parser.GTR:
		return bounds{math.Nextafter(b.low, math.Inf(1)), math.Inf(1)}
	case parser.GTE:
		return bounds{b.low, math.Inf(1)}
	case parser.LSS:
		return bounds{math.Inf(-1), math.Nextafter(b.high, math.Inf(-1))}
	case parser.LTE:
		return bounds{math.Inf(-1), b.high}
	case parser.EQLC:
		return b
	}
	return unbounded
}

func known(low, high float64) bounds {
	if math.IsNaN(low) || math.IsNaN(high) {
		return unbounded
	}
	return bounds{low, high}
}

// corners are the bounds of an operation that is monotone in each operand.
func corners(a, b bounds, op func(a, b float64) float64) bounds {
	all := []float64{op(a.low, b.low), op(a.low, b.high), op(a.high, b.low), op(a.high, b.high)}
	if slices.ContainsFunc(all, math.IsNaN) {
		return unbounded
	}
	return bounds{slices.Min(all), slices.Max(all)}
}

func unwrap(e parser.Expr) parser.Expr {
	for {
		p, ok := e.(*parser.ParenExpr)
		if !ok {
			return e
		}
		e = p.Expr
	}
}
