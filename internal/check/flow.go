package check

import "github.com/prometheus/prometheus/promql/parser"

// flow computes something of the parts of an expression, from the inside out:
// which labels they have, which values. Each part is looked at once, however
// often a check, or the part around it, asks.
type flow[T any] struct {
	unit  *Unit
	depth int // how many recording rules led here
	known *memo[T]
}

// inner is the flow of what a recording rule records.
func (f flow[T]) inner() flow[T] { return flow[T]{f.unit, f.depth + 1, f.known.next()} }

// remember is what compute makes of e, or has made of it before. It need not
// know of what only passes on what is inside of it.
func (f flow[T]) remember(e parser.Expr, compute func(parser.Expr) T) T {
	e = passedOn(e)
	result, ok := f.known.get(e)
	if !ok {
		result = compute(e)
		f.known.put(e, result)
	}
	return result
}

// memo is what was computed of expressions: of few, as most rules have, a list,
// which is there faster than a map is made.
type memo[T any] struct {
	few  []computed[T]
	many map[parser.Expr]T
	// spare is what next returns, since there is one after the other.
	spare *memo[T]
}

type computed[T any] struct {
	of parser.Expr
	is T
}

// maxFew is how many expressions a list is searched for.
const maxFew = 24

func (m *memo[T]) get(e parser.Expr) (T, bool) {
	for i := len(m.few) - 1; i >= 0; i-- {
		if m.few[i].of == e {
			return m.few[i].is, true
		}
	}
	is, ok := m.many[e]
	return is, ok
}

func (m *memo[T]) put(e parser.Expr, is T) {
	if len(m.few) < maxFew {
		m.few = append(m.few, computed[T]{e, is})
		return
	}
	if m.many == nil {
		m.many = map[parser.Expr]T{}
	}
	m.many[e] = is
}

func (m *memo[T]) clear() {
	clear(m.few)
	m.few, m.many = m.few[:0], nil
}

// next is another one, empty, for what has to be computed of another expression first.
func (m *memo[T]) next() *memo[T] {
	if m.spare == nil {
		m.spare = &memo[T]{}
	}
	m.spare.clear()
	return m.spare
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
