package expr

import "github.com/prometheus/prometheus/promql/parser"

// Replace puts something in the place of each selector of a tree, which changes;
// what is to stay, with returns as it is. It returns the tree, which may be
// another one at the top. In the place of a range's selector only a selector
// can stand: with inRange asks for one.
func Replace(e Expr, with func(s Selector, inRange bool) Expr) Expr {
	put := func(place *parser.Expr, bound bool) {
		made := Replace(*place, with)
		switch made.(type) {
		case *parser.BinaryExpr, *parser.UnaryExpr:
			if _, was := (*place).(Selector); was && bound {
				made = Paren(made)
			}
		}
		*place = made
	}
	switch n := e.(type) {
	case *parser.VectorSelector:
		return with(n, false)
	case *parser.MatrixSelector:
		if s, ok := n.VectorSelector.(Selector); ok {
			n.VectorSelector = with(s, true)
		}
	case *parser.AggregateExpr:
		put(&n.Expr, false)
		if n.Param != nil {
			put(&n.Param, false)
		}
	case *parser.BinaryExpr:
		put(&n.LHS, true)
		put(&n.RHS, true)
	case *parser.Call:
		for i := range n.Args {
			put(&n.Args[i], false)
		}
	case *parser.ParenExpr:
		put(&n.Expr, false)
	case *parser.UnaryExpr:
		put(&n.Expr, true)
	case *parser.SubqueryExpr:
		put(&n.Expr, true)
	case *parser.StepInvariantExpr:
		put(&n.Expr, false)
	}
	return e
}
