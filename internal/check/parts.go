package check

import (
	"iter"

	"github.com/prometheus/prometheus/promql/parser"
)

// appendParts appends an expression and all that is in it, in the order in which
// it is written, as parser.Inspect has it, but for the paths, which few ask for.
func appendParts(parts []parser.Node, e parser.Node) []parser.Node {
	parts = append(parts, e)
	for inner := range parser.ChildrenIter(e) {
		parts = appendParts(parts, inner)
	}
	return parts
}

// partsOf are the parts of one kind that the expression has of the rule that a
// pass is at; parser.Node is any. They are listed once for all checks.
func partsOf[T parser.Node](p *Pass) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, n := range p.parts {
			if part, ok := n.(T); ok && !yield(part) {
				return
			}
		}
	}
}

// pathTo are the parts of an expression that lead to one of them, itself the last.
func pathTo(e parser.Expr, part parser.Node) []parser.Node {
	var path []parser.Node
	parser.Inspect(e, func(n parser.Node, outer []parser.Node) error {
		if n == part {
			path = append(append(path, outer...), n)
		}
		return nil
	})
	return path
}
