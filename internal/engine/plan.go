package engine

import (
	"maps"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/rulefile"
)

// Plan is in which order rules are evaluated, and which need not be.
type Plan struct {
	rules   []*placed // in the order of evaluation
	writers index
}

// placed is a rule in its group and what planning knows of it.
type placed struct {
	*rulefile.Rule
	Group        *rulefile.Group
	at           int               // in the order of evaluation
	labels       map[string]string // the group's, then the rule's
	fixed        map[string]string // of these, those that its series have for certain
	reads        []*parser.VectorSelector
	templates    templates
	statesNeeded bool // something reads its ALERTS or ALERTS_FOR_STATE
}

// NewPlan sorts groups so that each comes after those whose series it reads, as
// far as there are no cycles. Groups named in order come in that order, after
// those that are not, which is how promtool reads group_eval_order.
func NewPlan(groups []*rulefile.Group, order []string) *Plan {
	var rules []*placed
	byGroup := map[*rulefile.Group][]*placed{}
	for _, g := range groups {
		for _, r := range g.Rules {
			p := place(g, r)
			byGroup[g] = append(byGroup[g], p)
			rules = append(rules, p)
		}
	}
	sorted := sortGroups(groups, byGroup, newIndex(rules))
	rank := func(g *rulefile.Group) int { return max(0, slices.Index(order, g.Name)) }
	slices.SortStableFunc(sorted, func(a, b *rulefile.Group) int { return rank(a) - rank(b) })
	p := &Plan{}
	for _, g := range sorted {
		for _, r := range byGroup[g] {
			r.at = len(p.rules)
			p.rules = append(p.rules, r)
		}
	}
	p.writers = newIndex(p.rules)
	for _, r := range p.rules {
		r.statesNeeded = true
	}
	return p
}

func place(g *rulefile.Group, r *rulefile.Rule) *placed {
	p := &placed{Rule: r, Group: g, labels: maps.Clone(g.Labels)}
	if p.labels == nil {
		p.labels = map[string]string{}
	}
	maps.Copy(p.labels, r.Labels)
	p.fixed = p.fixedLabels()
	p.reads = Selectors(r.Expr)
	p.templates = readTemplates(p)
	p.reads = append(p.reads, p.templates.reads...)
	return p
}

// Selectors are those of an expression.
func Selectors(e parser.Expr) []*parser.VectorSelector {
	var all []*parser.VectorSelector
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			all = append(all, s)
		}
		return nil
	})
	return all
}

// writes tells whether the rule can write a series that s selects. The labels
// that it sets are known, unless by a template; all others can have any value.
func (p *placed) writes(s *parser.VectorSelector) bool {
	if p.Alert != "" {
		return p.writesAs(s, alertsMetric) || p.writesAs(s, forStateMetric)
	}
	return p.writesAs(s, p.Record)
}

func (p *placed) writesAs(s *parser.VectorSelector, metric string) bool {
	for _, m := range s.LabelMatchers {
		value, fixed := p.labels[m.Name]
		switch {
		case m.Name == model.MetricNameLabel:
			value, fixed = metric, true
		case p.Alert != "" && m.Name == model.AlertNameLabel:
			value, fixed = p.Alert, true
		case p.Alert != "" && m.Name == stateLabel:
			fixed = false
		case isTemplate(value):
			fixed = false
		}
		if fixed && !m.Matches(value) {
			return false
		}
	}
	return true
}

// sortGroups puts groups after those that they read from. Where groups read
// each other in a circle, the one that comes first in the files stays first.
func sortGroups(groups []*rulefile.Group, rules map[*rulefile.Group][]*placed, writers index) []*rulefile.Group {
	var sorted []*rulefile.Group
	seen := map[*rulefile.Group]bool{}
	var visit func(g *rulefile.Group)
	visit = func(g *rulefile.Group) {
		if seen[g] {
			return
		}
		seen[g] = true
		for _, r := range rules[g] {
			for _, s := range r.reads {
				if s == everything {
					continue // a template's query is no reason to wait
				}
				for _, w := range writers.of(s) {
					visit(w.Group)
				}
			}
		}
		sorted = append(sorted, g)
	}
	for _, g := range groups {
		visit(g)
	}
	return sorted
}
