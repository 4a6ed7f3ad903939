package slo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// RatioLabels is an error ratio that is another number of series than its SLO has groups.
var RatioLabels = &diag.Kind{Name: "ratio-labels", Severity: diag.Error, Doc: `An error ratio has other labels than its SLO.

The expression of errorRatio must have one series for each group of per, and one without labels where there is no per. With
sum by (topic) (...) on both sides it has one for each topic, and the alerts of all of them would be taken for one. Where one
side of the division keeps a label and the other does not, nothing is ever divided: the ratio has no series at all.`}

// checkLabels holds the labels of the ratio, where aggregation tells them,
// against those by which the SLO is grouped.
func (x RawExpr) checkLabels(e expr.Expr, per []string, r *diag.Report) {
	if b, left, right := expr.Unpaired(e); b != nil {
		odd := oddOnes(left, right)
		r.Add(RatioLabels, x.place(odd[0]), "aggregate both by the same labels", "%s never finds a match: the left side has %s, the right side %s",
			strings.ToLower(b.Op.String()), listed(left), listed(right))
		return
	}
	labels, known := expr.Kept(e)
	if !known {
		return
	}
	more := slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return slices.Contains(per, l) })
	fewer := slices.DeleteFunc(slices.Clone(per), func(l string) bool { return slices.Contains(labels, l) })
	switch {
	case len(more) > 0:
		help := fmt.Sprintf("add per: [%s], or aggregate it away", strings.Join(slices.Concat(per, more), ", "))
		r.Add(RatioLabels, x.place(more[0]), help, "the ratio has %s", listed(more))
	case len(fewer) > 0:
		help := fmt.Sprintf("keep it: sum by (%s) (...), or leave it out of per", strings.Join(per, ", "))
		r.Add(RatioLabels, x.Pos(), help, "the ratio is aggregated, and does not have %s of per", listed(fewer))
	}
}

// oddOnes are the labels of one list alone.
func oddOnes(a, b []string) []string {
	only := func(of, other []string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(l string) bool { return slices.Contains(other, l) })
	}
	return slices.Concat(only(a, b), only(b, a))
}

// listed are labels in a sentence.
func listed(labels []string) string {
	switch len(labels) {
	case 0:
		return "no labels"
	case 1:
		return fmt.Sprintf("label %q", labels[0])
	}
	return "labels " + strings.Join(labels, ", ")
}

// checkFixed reports a rate over a time of its own beside others over the
// window. Within a subquery over the window it is one of many points.
func (x RawExpr) checkFixed(e expr.Expr, r *diag.Report) {
	if len(windowsOf(e)) == 0 {
		return // which is reported
	}
	parser.Inspect(e, func(n parser.Node, path []parser.Node) error {
		call, ok := n.(*parser.Call)
		if !ok || call.Func.Name != "rate" && call.Func.Name != "increase" {
			return nil
		}
		m, ok := call.Args[0].(*parser.MatrixSelector)
		inSubquery := slices.ContainsFunc(path, func(p parser.Node) bool { _, is := p.(*parser.SubqueryExpr); return is })
		if !ok || m.Range == windowStandIn || inSubquery {
			return nil
		}
		text := "[" + spec.PrometheusDuration(m.Range) + "]"
		at, v := x.Pos(), x.Value()
		if i := strings.Index(v.Text, text); i >= 0 {
			at = v.Sub(i, i+len(text))
		}
		r.Add(spec.BadValue, at, "write [$window]", "%s is over %s in every window, and the rest is over the window", call.Func.Name, spec.FormatDuration(m.Range))
		return nil
	})
}
