package check

import "github.com/prometheus/prometheus/promql/parser"

// flow computes something of the parts of an expression, from the inside out:
// which labels they have, which values. Each part is looked at once, however
// often a check, or the part around it, asks.
type flow[T any] struct {
	unit  *Unit
	depth int // how many recording rules led here
	known map[parser.Expr]T
}

func newFlow[T any](u *Unit, depth int) flow[T] {
	return flow[T]{u, depth, map[parser.Expr]T{}}
}

// remember is what compute makes of e, or has made of it before. It need not
// know of what only passes on what is inside of it.
func (f flow[T]) remember(e parser.Expr, compute func(parser.Expr) T) T {
	e = passedOn(e)
	result, ok := f.known[e]
	if !ok {
		result = compute(e)
		f.known[e] = result
	}
	return result
}

// passedOn is the expression whose series e has, with their labels and values:
// in parentheses, over a range, or at a fixed time.
func passedOn(e parser.Expr) parser.Expr {
	for {
		switch outer := e.(type) {
		case *parser.ParenExpr:
			e = outer.Expr
		case *parser.StepInvariantExpr:
			e = outer.Expr
		case *parser.SubqueryExpr:
			e = outer.Expr
		case *parser.MatrixSelector:
			e = outer.VectorSelector
		default:
			return e
		}
	}
}

// alike is what holds of every series that a selector selects from the rules
// that record them: what each of them is, where they agree. It is the zero T
// where nothing of the unit records them.
func alike[T comparable](u *Unit, s *parser.VectorSelector, of func(*recording) T) T {
	var all, none T
	for i, r := range u.recordings(s) {
		one := of(r)
		if i > 0 && one != all {
			return none
		}
		all = one
	}
	return all
}
