package expr

import (
	"math"

	"github.com/prometheus/prometheus/promql/parser"
)

// Constant is the value of an expression made of numbers alone, such as
// (14.4 * 0.005), computed as Prometheus does. It is false for any other.
func Constant(e Expr) (float64, bool) {
	switch e := e.(type) {
	case *parser.NumberLiteral:
		return e.Val, true
	case *parser.ParenExpr:
		return Constant(e.Expr)
	case *parser.StepInvariantExpr:
		return Constant(e.Expr)
	case *parser.UnaryExpr:
		v, ok := Constant(e.Expr)
		if e.Op == parser.SUB {
			v = -v
		}
		return v, ok
	case *parser.BinaryExpr:
		a, okA := Constant(e.LHS)
		b, okB := Constant(e.RHS)
		compute, known := arithmetic[e.Op]
		if !okA || !okB || !known {
			return 0, false
		}
		return compute(a, b), true
	}
	return 0, false
}

var arithmetic = map[parser.ItemType]func(a, b float64) float64{
	parser.ADD: func(a, b float64) float64 { return a + b },
	parser.SUB: func(a, b float64) float64 { return a - b },
	parser.MUL: func(a, b float64) float64 { return a * b },
	parser.DIV: func(a, b float64) float64 { return a / b },
	parser.MOD: math.Mod,
	parser.POW: math.Pow,
}

// Comparison is a comparison of a vector with something, as alerts make them.
type Comparison struct {
	Of Expr // what is compared
	Op parser.ItemType
	To Expr    // what it is compared with
	At float64 // its value, if it is a number
	Is bool    // whether it is
}

// Comparisons are those that decide alone, or one of which does, whether a
// condition has a result: those joined by or, of those joined by and or unless
// the first one. A number on the left is put on the right.
func Comparisons(condition Expr) []Comparison {
	switch e := condition.(type) {
	case *parser.ParenExpr:
		return Comparisons(e.Expr)
	case *parser.BinaryExpr:
		switch {
		case e.Op == parser.LOR:
			return append(Comparisons(e.LHS), Comparisons(e.RHS)...)
		case e.Op.IsSetOperator():
			return Comparisons(e.LHS)
		case e.Op.IsComparisonOperator() && !e.ReturnBool:
			return []Comparison{comparison(e)}
		}
	}
	return nil
}

// mirrored are the operators that say the same of swapped sides.
var mirrored = map[parser.ItemType]parser.ItemType{
	parser.GTR: parser.LSS, parser.GTE: parser.LTE, parser.LSS: parser.GTR, parser.LTE: parser.GTE,
	parser.EQLC: parser.EQLC, parser.NEQ: parser.NEQ,
}

func comparison(e *parser.BinaryExpr) Comparison {
	c := Comparison{Of: e.LHS, Op: e.Op, To: e.RHS}
	if e.LHS.Type() == parser.ValueTypeScalar {
		c.Of, c.To, c.Op = e.RHS, e.LHS, mirrored[e.Op]
	}
	c.At, c.Is = Constant(c.To)
	return c
}

// Filters tells whether an expression leaves out elements by their value, so
// that it may have none while all is well.
func Filters(e Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		found = found || ok && b.Op.IsComparisonOperator() && !b.ReturnBool
		return nil
	})
	return found
}
