package check

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var lostLabel = &Check{
	Kind: diag.Kind{Name: "lost-label", Severity: diag.Warning, Doc: `A label is asked for that was lost before.

by (...) keeps, on (...) compares and group_left (...) copies labels. Where an aggregation or a match below has dropped the
label already, there is nothing to keep, compare or copy: the result lacks it, and what was meant to be one series for each
value is one for all. Where one side of on (...) has lost a label, it matches only what lacks it on the other. Recorded series
are followed to the rules that record them.`},
	Bad: `groups:
  - name: example
    rules:
      - record: job:requests:rate5m
        expr: sum by (job) (rate(requests_total[5m]))
      - record: zone:requests:rate5m
        expr: sum by (zone) (job:requests:rate5m)
`,
	Good: `groups:
  - name: example
    rules:
      - record: job_zone:requests:rate5m
        expr: sum by (job, zone) (rate(requests_total[5m]))
      - record: zone:requests:rate5m
        expr: sum by (zone) (job_zone:requests:rate5m)
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		flow := newLabelFlow(p.Unit)
		for n := range partsOf[parser.Node](p) {
			switch n := n.(type) {
			case *parser.AggregateExpr:
				p.checkGrouping(r, n, flow)
			case *parser.BinaryExpr:
				p.checkMatching(r, n, flow)
			}
		}
	},
}

func (p *Pass) checkGrouping(r *rulefile.Rule, a *parser.AggregateExpr, flow labelFlow) {
	if a.Without {
		return
	}
	inner := flow.of(a.Expr)
	lost := slices.DeleteFunc(lostOf(a.Grouping, inner), func(name string) bool { return excludes(a.Expr, name) })
	if len(lost) > 0 {
		p.Report(r.ExprPos(a), keepHelp(lost, inner), "%s by (%s): what is aggregated has no such label", a.Op, strings.Join(lost, ", "))
	}
}

func (p *Pass) checkMatching(r *rulefile.Rule, b *parser.BinaryExpr, flow labelFlow) {
	m := b.VectorMatching
	if m == nil {
		return
	}
	left, right := flow.of(b.LHS), flow.of(b.RHS)
	if m.On {
		if lost := lostOf(m.MatchingLabels, left.union(right)); len(lost) > 0 {
			p.Report(r.ExprPos(b), keepHelp(lost, left.union(right)), "on (%s): neither side has such a label", strings.Join(lost, ", "))
		}
		p.checkOneSide(r, b, left, right)
	}
	switch m.Card {
	case parser.CardManyToOne:
		if lost := lostOf(m.Include, right); len(lost) > 0 {
			p.Report(r.ExprPos(b.RHS), keepHelp(lost, right), "group_left (%s): the right side has no such label", strings.Join(lost, ", "))
		}
	case parser.CardOneToMany:
		if lost := lostOf(m.Include, left); len(lost) > 0 {
			p.Report(r.ExprPos(b.LHS), keepHelp(lost, left), "group_right (%s): the left side has no such label", strings.Join(lost, ", "))
		}
	}
}

// checkOneSide reports labels to match by that only one side can have: of the
// other it matches what lacks them.
func (p *Pass) checkOneSide(r *rulefile.Rule, b *parser.BinaryExpr, left, right labelSet) {
	if b.Op == parser.LOR || newJoins(p.Unit).neverMatches(b) != nil { // impossible-join says so
		return
	}
	for _, side := range []struct {
		name     string
		e        parser.Expr
		of, from labelSet
	}{{"left", b.LHS, left, right}, {"right", b.RHS, right, left}} {
		lost := slices.DeleteFunc(lostOf(b.VectorMatching.MatchingLabels, side.of), func(name string) bool {
			return !side.from.has(name) || excludes(side.e, name)
		})
		if len(lost) > 0 {
			p.Report(r.ExprPos(b), keepHelp(lost, side.of), "on (%s): the %s side has no such label, and matches only what lacks it", strings.Join(lost, ", "), side.name)
		}
	}
}

// excludes tells whether an expression selects series without a label: whoever
// writes that knows that there is none, and keeps it for the sake of symmetry.
func excludes(e parser.Expr, name string) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		s, ok := n.(*parser.VectorSelector)
		found = found || ok && slices.ContainsFunc(s.LabelMatchers, func(m *labels.Matcher) bool {
			return m.Name == name && m.Type == labels.MatchEqual && m.Value == ""
		})
		return nil
	})
	return found
}

// lostOf are the labels that a set does not have.
func lostOf(names []string, have labelSet) []string {
	return slices.DeleteFunc(slices.Clone(names), have.has)
}

func keepHelp(lost []string, have labelSet) string {
	if list := have.list(); !have.open && len(list) > 0 {
		if near := spec.Nearest(lost[0], list); near != "" {
			return "keep it below, or leave it out here; did you mean \"" + near + "\"?"
		}
	}
	return "keep it below, or leave it out here"
}
