package check

import (
	"fmt"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// impossibility is a part of an expression that is always empty.
type impossibility struct {
	at        parser.Expr
	why, help string
}

// impossible is an impossibility on which e hangs, or nil: with it e is always
// empty.
func (u *Unit) impossible(e parser.Expr) *impossibility {
	return impossibilities{newBoundsFlow(u)}.in(e)
}

type impossibilities struct{ bounds boundsFlow }

func (f impossibilities) in(e parser.Expr) *impossibility {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return f.in(e.Expr)
	case *parser.UnaryExpr:
		return f.in(e.Expr)
	case *parser.AggregateExpr:
		return f.in(e.Expr) // of nothing is nothing
	case *parser.BinaryExpr:
		return f.binary(e)
	case *parser.Call:
		if e.Func.Name == "absent" && isAlwaysThere(e.Args[0]) {
			return &impossibility{e, fmt.Sprintf("%s is always there", unwrap(e.Args[0])), "leave out what stands in for it when it is missing"}
		}
	}
	return nil
}

func (f impossibilities) binary(b *parser.BinaryExpr) *impossibility {
	if joinsByAll(b) {
		return f.conjunction(b)
	}
	left := f.in(b.LHS)
	switch {
	case b.Op == parser.LOR:
		if f.in(b.RHS) == nil {
			return nil
		}
		return left
	case left != nil:
		return left
	case b.Op == parser.LUNLESS:
		return f.takenAway(b)
	case b.Op.IsComparisonOperator() && !b.ReturnBool && f.neverHolds(b):
		help := impossibleHelp(b)
		if help == "" {
			help = percentHelp(f.bounds, b)
		}
		return &impossibility{b, fmt.Sprintf("%s %s", b.LHS, f.why(b)), help}
	}
	return f.in(b.RHS)
}

func (f impossibilities) neverHolds(c *parser.BinaryExpr) bool {
	left, right := f.bounds.of(c.LHS), f.bounds.of(c.RHS)
	switch c.Op {
	case parser.GTR:
		return left.high <= right.low
	case parser.GTE:
		return left.high < right.low
	case parser.LSS:
		return left.low >= right.high
	case parser.LTE:
		return left.low > right.high
	case parser.EQLC:
		return left.high < right.low || left.low > right.high
	}
	return false
}

// why says what the left side can be at most or at least, and what it is compared with.
func (f impossibilities) why(c *parser.BinaryExpr) string {
	left, right := f.bounds.of(c.LHS), f.bounds.of(c.RHS)
	switch {
	case right.low != right.high:
		return fmt.Sprintf("cannot be %s %s", c.Op, c.RHS)
	case c.Op == parser.LSS, c.Op == parser.LTE, left.low > right.high:
		return fmt.Sprintf("is at least %.12g, and is compared with %.12g", left.low, right.low)
	}
	return fmt.Sprintf("is at most %.12g, and is compared with %.12g", left.high, right.low)
}

// takenAway tells of x unless x, where no labels matter: each sample is matched
// by itself at least. And of x unless what is always there.
func (f impossibilities) takenAway(b *parser.BinaryExpr) *impossibility {
	if f.bounds.unit.takesAllAway(b) {
		return &impossibility{b, fmt.Sprintf("%s is always there, and unless takes all away", unwrap(b.RHS)), "compare it: unless on () (... > 0)"}
	}
	if !same(b.LHS, b.RHS) && !same(filtered(b.LHS), b.RHS) {
		return nil
	}
	return &impossibility{b, fmt.Sprintf("unless takes away all of %s", unwrap(b.RHS)), "take something narrower away"}
}

// conjunction tells of x > 5 and x < 3: a sample that passes has the labels of
// one on each side of and, which is the same sample.
func (f impossibilities) conjunction(b *parser.BinaryExpr) *impossibility {
	parts := conjuncts(b, nil)
	for _, e := range parts {
		if i := f.in(e); i != nil {
			return i
		}
	}
	passed := map[string]bounds{}
	for _, e := range parts {
		of := filtered(e)
		if of == unwrap(e) || !same(of, of) {
			continue // no comparison, or each time another result
		}
		text := of.String()
		passes := f.bounds.of(e)
		if before, ok := passed[text]; ok {
			passes = passes.intersect(before)
		}
		passed[text] = passes
		if passes.isEmpty() && f.isOneEach(of) {
			return &impossibility{b, fmt.Sprintf("no value of %s passes every comparison that and joins", text), "join them with or, or correct a limit"}
		}
	}
	return nil
}

// joinsByAll tells whether e is a and b, matched by all labels.
func joinsByAll(b *parser.BinaryExpr) bool {
	return b.Op == parser.LAND && !b.VectorMatching.On && len(b.VectorMatching.MatchingLabels) == 0
}

// conjuncts are what e joins by all labels.
func conjuncts(e parser.Expr, found []parser.Expr) []parser.Expr {
	e = unwrap(e)
	if b, ok := e.(*parser.BinaryExpr); ok && joinsByAll(b) {
		return conjuncts(b.RHS, conjuncts(b.LHS, found))
	}
	return append(found, e)
}

// isOneEach tells whether samples of e differ in more than the metric's name,
// which and does not look at.
func (f impossibilities) isOneEach(e parser.Expr) bool {
	if s, ok := unwrap(e).(*parser.VectorSelector); ok && metricOf(s) != "" {
		return true
	}
	return !f.bounds.unit.labelsOf(e).has(model.MetricNameLabel)
}
