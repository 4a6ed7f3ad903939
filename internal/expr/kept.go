package expr

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// Kept are the labels that the series of an expression have, where aggregation
// leaves certain ones, and whether that is so: of plain series nobody can tell.
func Kept(e Expr) (labels []string, known bool) {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return Kept(e.Expr)
	case *parser.UnaryExpr:
		return Kept(e.Expr)
	case *parser.SubqueryExpr:
		return Kept(e.Expr)
	case *parser.StepInvariantExpr:
		return Kept(e.Expr)
	case *parser.AggregateExpr:
		switch e.Op {
		case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
			return Kept(e.Expr) // they choose among series
		case parser.COUNT_VALUES:
			return nil, false
		}
		by := slices.Clone(e.Grouping)
		slices.Sort(by)
		return slices.Compact(by), !e.Without
	case *parser.Call:
		return keptByCall(e)
	case *parser.BinaryExpr:
		return keptByBinary(e)
	}
	return nil, false
}

func keptByCall(c *parser.Call) ([]string, bool) {
	switch c.Func.Name {
	case "absent", "absent_over_time", "label_replace", "label_join", "info", "histogram_quantile", "histogram_fraction":
		return nil, false
	case "vector":
		return nil, true
	}
	for _, arg := range c.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			return Kept(arg)
		}
	}
	return nil, false
}

func keptByBinary(b *parser.BinaryExpr) ([]string, bool) {
	left, knownLeft := Kept(b.LHS)
	right, knownRight := Kept(b.RHS)
	m := b.VectorMatching
	switch {
	case b.LHS.Type() == parser.ValueTypeScalar:
		return right, knownRight
	case m == nil || b.Op == parser.LAND || b.Op == parser.LUNLESS:
		return left, knownLeft
	case b.Op == parser.LOR:
		return left, knownLeft && knownRight && slices.Equal(left, right)
	case m.Card == parser.CardOneToMany:
		return joined(right, m.Include), knownRight
	case m.Card == parser.CardManyToOne:
		return joined(left, m.Include), knownLeft
	}
	return matched(left, m), knownLeft
}

// matched are those of a side's labels by which series are paired.
func matched(side []string, m *parser.VectorMatching) []string {
	return slices.DeleteFunc(slices.Clone(side), func(l string) bool { return slices.Contains(m.MatchingLabels, l) != m.On })
}

func joined(labels, more []string) []string {
	all := slices.Concat(labels, more)
	slices.Sort(all)
	return slices.Compact(all)
}

// Unpaired is the first operator whose sides are both aggregated to labels by
// which no series of the one has a partner in the other, with the labels that
// each of them matches by; nil where there is none.
func Unpaired(e Expr) (b *parser.BinaryExpr, left, right []string) {
	for _, part := range parser.Children(e) {
		if b, left, right := Unpaired(part.(Expr)); b != nil {
			return b, left, right
		}
	}
	o, ok := e.(*parser.BinaryExpr)
	if !ok || o.VectorMatching == nil || o.Op == parser.LOR || o.VectorMatching.FillValues.LHS != nil || o.VectorMatching.FillValues.RHS != nil {
		return nil, nil, nil
	}
	left, knownLeft := Kept(o.LHS)
	right, knownRight := Kept(o.RHS)
	left, right = matched(left, o.VectorMatching), matched(right, o.VectorMatching)
	if !knownLeft || !knownRight || slices.Equal(left, right) {
		return nil, nil, nil
	}
	return o, left, right
}
