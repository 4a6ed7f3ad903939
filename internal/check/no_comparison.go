package check

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/rulefile"
)

var noComparison = &Check{
	Kind: diag.Kind{Name: "no-comparison", Severity: diag.Warning, Doc: `An alert fires whatever the value is.

An alert fires for each series that its expression yields. Without a comparison, absent(), and or unless that is as long as
there are series, at 0 too; a comparison with bool yields 0 or 1, and both of them fire. Each side of "or" fires by itself.
An expression without any series, such as vector(1), is meant to fire always: a dead man's switch. Recorded series are
followed to the rules that record them; where a series exists only while something is wrong, silence the finding with that
reason. A series that ends in _info or _metadata is always 1, so that a matcher on one of its labels is a comparison, and so is
one on a label that is called state, status or phase, but for kube-state-metrics, which has 0 for the states that are not.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: BackupFailed
        expr: backup_last_run_failed
`,
	Good: `groups:
  - name: example
    rules:
      - alert: BackupFailed
        expr: backup_last_run_failed == 1
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		if r.Alert == "" {
			return
		}
		for _, e := range (conditions{p.Unit, 0}).lacking(r.Expr) {
			help := "compare it with the value at which somebody should act"
			if b, ok := unwrap(e).(*parser.BinaryExpr); ok && b.ReturnBool {
				help = "leave bool out"
			}
			p.Report(r.ExprPos(e), help, "the alert fires for every series of %s, whatever its value", shortened(e))
		}
	},
}

// conditions finds what an expression yields without any condition.
type conditions struct {
	unit  *Unit
	depth int // how many recording rules led here
}

// lacking are the parts of e that each yield all of their series: several only
// where or joins them.
func (c conditions) lacking(e parser.Expr) []parser.Expr {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return c.lacking(e.Expr)
	case *parser.UnaryExpr:
		return c.lacking(e.Expr)
	case *parser.SubqueryExpr:
		return c.lacking(e.Expr)
	case *parser.MatrixSelector:
		return c.lacking(e.VectorSelector)
	case *parser.AggregateExpr:
		return orItself(e, c.lacking(e.Expr))
	case *parser.VectorSelector:
		if c.isConditional(e) {
			return nil
		}
		return []parser.Expr{e}
	case *parser.Call:
		return c.call(e)
	case *parser.BinaryExpr:
		return c.binary(e)
	}
	return nil // numbers
}

// orItself is e where any part of it lacks a condition: to what is computed
// from several, one comparison is enough.
func orItself(e parser.Expr, lacking []parser.Expr) []parser.Expr {
	if len(lacking) == 0 {
		return nil
	}
	return []parser.Expr{e}
}

func (c conditions) call(call *parser.Call) []parser.Expr {
	switch call.Func.Name {
	case "absent", "absent_over_time", "vector":
		return nil
	}
	if _, ok := countersOnly[call.Func.Name]; ok && c.isOfScraped(call.Args[0]) {
		return []parser.Expr{call} // 0 where nothing happened
	}
	for _, arg := range call.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			return orItself(call, c.lacking(arg))
		}
	}
	return nil
}

// isOfScraped tells whether a function looks back at a metric as it was scraped.
func (c conditions) isOfScraped(arg parser.Expr) bool {
	m, ok := unwrap(arg).(*parser.MatrixSelector)
	if !ok {
		return false
	}
	s, ok := m.VectorSelector.(*parser.VectorSelector)
	return ok && c.unit.isScraped(metricOf(s))
}

func (c conditions) binary(b *parser.BinaryExpr) []parser.Expr {
	switch {
	case b.Op.IsComparisonOperator() && !b.ReturnBool, b.Op == parser.LAND, b.Op == parser.LUNLESS:
		return nil
	case b.Op == parser.LOR:
		return append(c.lacking(b.LHS), c.lacking(b.RHS)...)
	}
	left, right := c.lacking(b.LHS), c.lacking(b.RHS)
	// Where one side is there only sometimes, so is what is computed from both.
	if !hasScalarLeft(b) && len(left) == 0 || !hasScalarRight(b) && len(right) == 0 {
		return nil
	}
	return orItself(b, append(left, right...))
}

// isConditional tells whether a series is there only under a condition: alerts
// are, what is recorded so, a series that is always 1 where a matcher chooses it
// by its labels, and one of the state that a matcher names.
func (c conditions) isConditional(s *parser.VectorSelector) bool {
	metric := metricOf(s)
	if c.unit.isScraped(metric) {
		isConstant := slices.ContainsFunc(constantSuffixes, func(suffix string) bool { return strings.HasSuffix(metric, suffix) })
		return isConstant && len(s.LabelMatchers) > 1 || slices.ContainsFunc(s.LabelMatchers, func(m *labels.Matcher) bool {
			return stateLabel().MatchString(m.Name) && !strings.HasPrefix(metric, kubeStateMetrics)
		})
	}
	// What is recorded elsewhere is perhaps recorded so.
	return !slices.ContainsFunc(c.unit.recordings(s), c.isUnconditional)
}

// constantSuffixes are endings of names of series that are always 1.
var constantSuffixes = []string{"_info", "_metadata"}

// stateLabel are names of labels that say in which state something is. Many
// exporters have a series of the present state only.
var stateLabel = pattern.New(`(?i)state|status|phase`)

// kubeStateMetrics begins names of metrics that have a series for every state,
// 0 for those that something is not in.
const kubeStateMetrics = "kube_"

func (c conditions) isUnconditional(r *recording) bool {
	if r.unconditional == nil {
		r.unconditional = new(bool)
		if r.rule.Expr != nil && c.depth < maxFollowed {
			*r.unconditional = len(conditions{c.unit, c.depth + 1}.lacking(r.rule.Expr)) > 0
		}
	}
	return *r.unconditional
}

// maxShown is how many characters of an expression a finding repeats.
const maxShown = 60

// shortened is an expression, or as much of it as a finding can repeat.
func shortened(e parser.Expr) string {
	text := []rune(e.String())
	if len(text) <= maxShown {
		return string(text)
	}
	return string(text[:maxShown]) + "…"
}
