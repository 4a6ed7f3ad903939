package slo

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// checkGrouping reports labels by which an expression groups or joins, and that
// nothing which it groups or joins has: they would be empty on everything.
func (c *Catalogue) checkGrouping(e Expression, r *diag.Report) bool {
	before := r.Len()
	reported := map[string]bool{}
	look := func(names []string, parts ...expr.Expr) {
		of := c.offered(parts)
		for _, name := range names {
			if of.any || reported[name] || slices.Contains(of.labels, name) {
				continue
			}
			reported[name] = true
			r.Add(UnknownLabel, e.text.place(name), spec.Suggest(name, of.labels), "%s no label %q", haveOrHas(of.metrics), name)
		}
	}
	parser.Inspect(e.Expr, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.AggregateExpr:
			if !n.Without { // to drop what is not there is a habit that does no harm
				look(n.Grouping, n.Expr)
			}
		case *parser.BinaryExpr:
			if m := n.VectorMatching; m != nil && m.On {
				look(m.MatchingLabels, n.LHS, n.RHS)
			}
		}
		return nil
	})
	return r.Len() == before
}

// offer is what the series of an expression may have for labels, as far as the
// catalogue knows the metrics that it reads.
type offer struct {
	any             bool
	metrics, labels []string
}

// offered is what some expressions may have. That functions and aggregations in
// them drop labels is not looked at.
func (c *Catalogue) offered(parts []expr.Expr) offer {
	of := offer{labels: slices.Clone(c.targetLabels)}
	for _, part := range parts {
		parser.Inspect(part, func(n parser.Node, _ []parser.Node) error {
			switch n := n.(type) {
			case *parser.VectorSelector:
				if !c.hasSeries(n.Name) {
					of.any = true
					return nil
				}
				of.metrics = append(of.metrics, n.Name)
				of.labels = append(of.labels, c.Labels(n.Name)...)
			case *parser.AggregateExpr:
				of.addMade(n.Param) // of count_values
			case *parser.Call:
				switch n.Func.Name {
				case "label_replace", "label_join":
					of.addMade(n.Args[1])
				case "absent", "absent_over_time", "info": // which make labels up
					of.any = true
				}
			}
			return nil
		})
	}
	slices.Sort(of.metrics)
	of.metrics = slices.Compact(of.metrics)
	if len(of.metrics) == 0 {
		of.any = true
	}
	return of
}

// addMade adds a label that a function makes.
func (o *offer) addMade(name parser.Expr) {
	if text, ok := name.(*parser.StringLiteral); ok {
		o.labels = append(o.labels, text.Val)
	}
}

func haveOrHas(metrics []string) string {
	if len(metrics) == 1 {
		return metrics[0] + " has"
	}
	last := len(metrics) - 1
	return strings.Join(metrics[:last], ", ") + " and " + metrics[last] + " have"
}
