// Package expr composes PromQL as a syntax tree. What a spec gives is parsed
// once, at its place; what the compiler adds are the nodes made here; the whole
// is printed once, with parentheses where precedence needs them. So no part of
// a query is ever spliced as text.
package expr

import (
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/spec"
)

// Expr is a node of PromQL's syntax tree.
type Expr = parser.Expr

// Selector selects series by metric name and matchers. It is never changed
// after it was made, so that trees can share it.
type Selector = *parser.VectorSelector

// Select makes a selector of a metric and matchers.
func Select(metric string, matchers ...*labels.Matcher) Selector {
	all := make([]*labels.Matcher, 0, 1+len(matchers))
	all = append(all, Equal(model.MetricNameLabel, metric))
	return &parser.VectorSelector{Name: metric, LabelMatchers: append(all, matchers...)}
}

// Equal is the matcher name="value".
func Equal(name, value string) *labels.Matcher {
	return labels.MustNewMatcher(labels.MatchEqual, name, value)
}

// Narrow is a selector with further matchers; one that it has already is left out.
func Narrow(s Selector, matchers ...*labels.Matcher) Selector {
	return Select(s.Name, append(LabelMatchers(s), slices.DeleteFunc(slices.Clone(matchers), func(m *labels.Matcher) bool {
		return slices.ContainsFunc(s.LabelMatchers, func(o *labels.Matcher) bool { return o.Type == m.Type && o.Name == m.Name && o.Value == m.Value })
	})...)...)
}

// Rename is a selector of another metric with the same matchers.
func Rename(s Selector, metric string) Selector { return Select(metric, LabelMatchers(s)...) }

// LabelMatchers are a selector's matchers without that of the metric's name.
func LabelMatchers(s Selector) []*labels.Matcher {
	return slices.DeleteFunc(slices.Clone(s.LabelMatchers), func(m *labels.Matcher) bool { return m.Name == model.MetricNameLabel })
}

// Sum adds up a vector, by labels if any are given.
func Sum(e Expr, by ...string) Expr {
	return &parser.AggregateExpr{Op: parser.SUM, Expr: e, Grouping: by}
}

// Max is the largest value of a vector, by labels if any are given.
func Max(e Expr, by ...string) Expr {
	return &parser.AggregateExpr{Op: parser.MAX, Expr: e, Grouping: by}
}

// Min is the smallest value of a vector, by labels if any are given.
func Min(e Expr, by ...string) Expr {
	return &parser.AggregateExpr{Op: parser.MIN, Expr: e, Grouping: by}
}

// Median is the median of a vector's values, by labels if any are given.
func Median(e Expr, by ...string) Expr {
	return &parser.AggregateExpr{Op: parser.QUANTILE, Param: Number(big.NewRat(1, 2)), Expr: e, Grouping: by}
}

// Count is the number of elements of a vector, by labels if any are given.
func Count(e Expr, by ...string) Expr {
	return &parser.AggregateExpr{Op: parser.COUNT, Expr: e, Grouping: by}
}

// Rate is the increase per second of counters over a window.
func Rate(s Selector, window time.Duration) Expr { return over("rate", s, window) }

// Increase is the increase of counters over a window.
func Increase(s Selector, window time.Duration) Expr { return over("increase", s, window) }

// CountOverTime is the number of samples of each series in a window.
func CountOverTime(s Selector, window time.Duration) Expr { return over("count_over_time", s, window) }

// SumOverTime adds up the samples of each series in a window.
func SumOverTime(s Selector, window time.Duration) Expr { return over("sum_over_time", s, window) }

// LastOverTime is the newest sample of each series in a window.
func LastOverTime(s Selector, window time.Duration) Expr { return over("last_over_time", s, window) }

// MinOverTime is the smallest sample of each series in a window.
func MinOverTime(s Selector, window time.Duration) Expr { return over("min_over_time", s, window) }

// PresentOverTime is 1 for each series with a sample in a window.
func PresentOverTime(s Selector, window time.Duration) Expr {
	return over("present_over_time", s, window)
}

// OverTime is all samples of each series in a window in one: their max, say.
func OverTime(operator string, s Selector, window time.Duration) Expr {
	return over(operator+"_over_time", s, window)
}

// Every is a function over what an expression is at every multiple of step in a
// window that ended some time before.
func Every(function string, e Expr, window, step, before time.Duration) Expr {
	if _, ok := e.(*parser.BinaryExpr); ok {
		e = Paren(e)
	}
	return Call(function, &parser.SubqueryExpr{Expr: e, Range: window, Step: step, OriginalOffset: before})
}

// Group is 1 where a vector has elements, by labels if any are given.
func Group(e Expr, by ...string) Expr {
	return &parser.AggregateExpr{Op: parser.GROUP, Expr: e, Grouping: by}
}

// PredictLinear is what gauges will be after some time, if they go on as in a window.
func PredictLinear(s Selector, window, after time.Duration) Expr {
	return Call("predict_linear", &parser.MatrixSelector{VectorSelector: s, Range: window}, Seconds(after))
}

// HistogramQuantile is a quantile, between 0 and 1, of a classic histogram's buckets.
func HistogramQuantile(q, buckets Expr) Expr { return Call("histogram_quantile", q, buckets) }

// Seconds is a duration as a number of seconds, written as people check it:
// 21 * 86400 where it is whole days, 2 * 3600 where it is whole hours.
func Seconds(d time.Duration) Expr {
	seconds := func(d time.Duration) Expr { return Number(big.NewRat(int64(d), int64(time.Second))) }
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour} {
		if d > unit && d%unit == 0 {
			return Mul(Number(big.NewRat(int64(d/unit), 1)), seconds(unit))
		}
	}
	return seconds(d)
}

// Before is a selector as it was some time before.
func Before(s Selector, offset time.Duration) Selector {
	earlier := *s
	earlier.OriginalOffset = offset
	return &earlier
}

func over(function string, s Selector, window time.Duration) Expr {
	return Call(function, &parser.MatrixSelector{VectorSelector: s, Range: window})
}

// Absent is 1 where a vector is empty.
func Absent(e Expr) Expr { return Call("absent", e) }

// Call calls a function that PromQL has.
func Call(function string, args ...Expr) Expr {
	return &parser.Call{Func: parser.Functions[function], Args: args}
}

// Number is a number literal: a decimal where that is exact, else a quotient.
func Number(q *big.Rat) Expr {
	if digits, exact := q.FloatPrec(); !exact || digits > 12 {
		return binary(parser.DIV, integer(q.Num()), integer(q.Denom()))
	}
	value, _ := strconv.ParseFloat(spec.FormatDecimal(q), 64)
	return &parser.NumberLiteral{Val: value}
}

// Float is a number literal that no decimal need be exact for: an infinity, say.
func Float(v float64) Expr { return &parser.NumberLiteral{Val: v} }

func integer(n *big.Int) Expr {
	value, _ := new(big.Float).SetInt(n).Float64()
	return &parser.NumberLiteral{Val: value}
}

// Mul is a * b.
func Mul(a, b Expr) Expr { return binary(parser.MUL, a, b) }

// Div is a / b.
func Div(a, b Expr) Expr { return binary(parser.DIV, a, b) }

// Add is a + b.
func Add(a, b Expr) Expr { return binary(parser.ADD, a, b) }

// Sub is a - b.
func Sub(a, b Expr) Expr { return binary(parser.SUB, a, b) }

// Greater keeps what of a is above b.
func Greater(a, b Expr) Expr { return binary(parser.GTR, a, b) }

// Less keeps what of a is below b.
func Less(a, b Expr) Expr { return binary(parser.LSS, a, b) }

// Equals keeps what of a is b.
func Equals(a, b Expr) Expr { return binary(parser.EQLC, a, b) }

// GreaterBool is 1 where a is above b, and 0 where it is not.
func GreaterBool(a, b Expr) Expr { return boolean(parser.GTR, a, b) }

// LessBool is 1 where a is below b, and 0 where it is not.
func LessBool(a, b Expr) Expr { return boolean(parser.LSS, a, b) }

func boolean(op parser.ItemType, a, b Expr) Expr {
	e := binary(op, a, b).(*parser.BinaryExpr)
	e.ReturnBool = true
	return e
}

// AtLeast keeps what of a is b or above.
func AtLeast(a, b Expr) Expr { return binary(parser.GTE, a, b) }

// And keeps what of a has the labels of something in b.
func And(a, b Expr) Expr { return binary(parser.LAND, a, b) }

// AndOn keeps what of a agrees with something in b on the given labels alone.
func AndOn(a, b Expr, on ...string) Expr {
	e := binary(parser.LAND, a, b).(*parser.BinaryExpr)
	e.VectorMatching.On = true
	e.VectorMatching.MatchingLabels = on
	return e
}

// Unless keeps what of a has the labels of nothing in b.
func Unless(a, b Expr) Expr { return binary(parser.LUNLESS, a, b) }

// UnlessOn keeps what of a agrees with nothing in b on the given labels.
func UnlessOn(a, b Expr, on ...string) Expr {
	e := binary(parser.LUNLESS, a, b).(*parser.BinaryExpr)
	e.VectorMatching.On = true
	e.VectorMatching.MatchingLabels = on
	return e
}

// Now is the instant of the evaluation, in seconds since 1970.
func Now() Expr { return Call("time") }

// Or is a, and what of b has labels that a lacks.
func Or(a, b Expr) Expr { return binary(parser.LOR, a, b) }

// Paren puts an expression in parentheses, where they help the reader.
func Paren(e Expr) Expr { return &parser.ParenExpr{Expr: e} }

// precedence of the binary operators, as the language defines it.
var precedence = map[parser.ItemType]int{
	parser.LOR: 1, parser.LAND: 2, parser.LUNLESS: 2,
	parser.EQLC: 3, parser.NEQ: 3, parser.LTE: 3, parser.LSS: 3, parser.GTE: 3, parser.GTR: 3,
	parser.ADD: 4, parser.SUB: 4, parser.MUL: 5, parser.DIV: 5, parser.MOD: 5, parser.ATAN2: 5, parser.POW: 6,
}

func binary(op parser.ItemType, a, b Expr) Expr {
	e := &parser.BinaryExpr{Op: op, LHS: operand(a, op, true), RHS: operand(b, op, false)}
	if a.Type() == parser.ValueTypeVector && b.Type() == parser.ValueTypeVector {
		e.VectorMatching = &parser.VectorMatching{Card: parser.CardOneToOne}
		if op.IsSetOperator() {
			e.VectorMatching.Card = parser.CardManyToMany
		}
	}
	return e
}

// operand puts an operand into parentheses where it would otherwise be read as
// belonging to another operator. All operators used here group from the left.
func operand(e Expr, op parser.ItemType, left bool) Expr {
	switch inner := e.(type) {
	case *parser.BinaryExpr:
		if p := precedence[inner.Op]; p < precedence[op] || (p == precedence[op] && (!left || op == parser.POW)) {
			return Paren(e)
		}
	case *parser.UnaryExpr:
		return Paren(e)
	}
	return e
}

// MetricName is the name that a selector fixes, if it does.
func MetricName(s Selector) (string, bool) {
	for _, m := range s.LabelMatchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual && m.Value != "" {
			return m.Value, true
		}
	}
	return "", false
}

// DivEach is each element of a, divided by the one of b that has the same values
// of some labels; a may have others besides, and keeps them.
func DivEach(a, b Expr, on ...string) Expr { return manyToOne(parser.DIV, a, b, on) }

// AddEach is each element of a, and the one of b that has the same values of some
// labels added; a may have others besides, and keeps them.
func AddEach(a, b Expr, on ...string) Expr { return manyToOne(parser.ADD, a, b, on) }

// MulEach is each element of a, multiplied by the one of b that has the same
// values of some labels; a may have others besides, and keeps them.
func MulEach(a, b Expr, on ...string) Expr { return manyToOne(parser.MUL, a, b, on) }

// GreaterEach keeps each element of a that is greater than the one of b that has
// the same values of some labels.
func GreaterEach(a, b Expr, on ...string) Expr { return manyToOne(parser.GTR, a, b, on) }

// LessEach is GreaterEach the other way round.
func LessEach(a, b Expr, on ...string) Expr { return manyToOne(parser.LSS, a, b, on) }

func manyToOne(op parser.ItemType, a, b Expr, on []string) Expr {
	e := binary(op, a, b).(*parser.BinaryExpr)
	e.VectorMatching = &parser.VectorMatching{Card: parser.CardManyToOne, On: true, MatchingLabels: on}
	return e
}

// BottomK are the k elements of a vector with the smallest values, by labels if any are given.
func BottomK(k int64, e Expr, by ...string) Expr {
	return &parser.AggregateExpr{Op: parser.BOTTOMK, Param: Number(big.NewRat(k, 1)), Expr: e, Grouping: by}
}

// TopK are those with the largest values.
func TopK(k int64, e Expr, by ...string) Expr {
	return &parser.AggregateExpr{Op: parser.TOPK, Param: Number(big.NewRat(k, 1)), Expr: e, Grouping: by}
}

// CopyLabel is a vector whose elements have the value of one label in another one, too.
func CopyLabel(e Expr, from, to string) Expr {
	text := func(s string) Expr { return &parser.StringLiteral{Val: s} }
	return Call("label_replace", e, text(to), text("$1"), text(from), text("(.*)"))
}
