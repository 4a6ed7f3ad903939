package mutate

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// valueless are the aggregations of an expression of which nothing but the
// labels matters, with the reason why. Another aggregation over the same series
// has the same labels, so that no test can tell the two apart. topk and bottomk
// choose among series and are not among them.
func valueless(e expr.Expr) map[parser.Node]string {
	reasons := map[parser.Node]string{}
	note := func(of expr.Expr, reason string) {
		for {
			paren, ok := of.(*parser.ParenExpr)
			if !ok {
				break
			}
			of = paren.Expr
		}
		if a, ok := of.(*parser.AggregateExpr); ok && a.Op != parser.TOPK && a.Op != parser.BOTTOMK {
			reasons[a] = reason
		}
	}
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.Call:
			if n.Func.Name == "absent" {
				note(n.Args[0], "absent asks whether there is anything, whatever its value")
			}
		case *parser.BinaryExpr:
			if n.Op == parser.LAND || n.Op == parser.LUNLESS {
				note(n.RHS, n.Op.String()+" asks of its right side which labels there are, whatever their values")
			}
		}
		return nil
	})
	return reasons
}
