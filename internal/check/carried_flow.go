package check

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// carriedBy computes the labels that every series of e has.
func (u *Unit) carriedBy(e parser.Expr) carried {
	return newCarriedFlow(u).of(e)
}

type carriedFlow struct{ flow[carried] }

func newCarriedFlow(u *Unit) carriedFlow { return carriedFlow{flow[carried]{u, 0, &u.carried}} }

func (f carriedFlow) of(e parser.Expr) carried { return f.remember(e, f.compute) }

func (f carriedFlow) compute(e parser.Expr) carried {
	switch e := e.(type) {
	case *parser.VectorSelector:
		return f.selector(e)
	case *parser.UnaryExpr:
		return f.of(e.Expr).without(model.MetricNameLabel)
	case *parser.AggregateExpr:
		return f.aggregate(e)
	case *parser.BinaryExpr:
		return f.binary(e)
	case *parser.Call:
		return f.call(e)
	}
	return carried{} // literals
}

func (f carriedFlow) selector(s *parser.VectorSelector) carried {
	var before carried // the matchers
	rules := f.unit.recordings(s)
	if len(rules) > 0 {
		before = f.recording(rules[0])
		for _, r := range rules[1:] {
			before = before.either(f.recording(r))
		}
	}
	all := append(make(carried, 0, len(before)+len(scraped)+len(s.LabelMatchers)), before...)
	if f.unit.isScraped(metricOf(s)) {
		for _, name := range scraped {
			all.set(name, carriedValue{})
		}
	}
	for _, m := range s.LabelMatchers {
		switch {
		case m.Type == labels.MatchEqual && m.Value == "":
			all.remove(m.Name)
		case m.Type == labels.MatchEqual:
			all.set(m.Name, carriedValue{value: m.Value})
		case !m.Matches("") && all.value(m.Name) == (carriedValue{}):
			var value carriedValue
			if m.Type == labels.MatchRegexp {
				value.pattern = m
			}
			all.set(m.Name, value)
		}
	}
	return all
}

// isScraped tells whether a metric comes from scraping, and not from a rule: by
// convention only rules write colons, and what the unit records it knows.
func (u *Unit) isScraped(metric string) bool {
	return metric != "" && !strings.Contains(metric, ":") && u.recorded[metric] == nil && metric != "ALERTS" && metric != "ALERTS_FOR_STATE"
}

// recording is what the series of a recording rule have.
func (f carriedFlow) recording(r *recording) carried {
	if r.carried == nil {
		r.carried = carried{}
		if r.rule.Expr != nil && f.depth < maxFollowed {
			of := carriedFlow{f.inner()}.of(r.rule.Expr)
			all := append(make(carried, 0, len(of)+len(r.static)+1), of...)
			for _, name := range r.drops {
				all.remove(name)
			}
			for _, name := range r.sets {
				all.set(name, carriedValue{value: r.static[name]})
			}
			all.set(model.MetricNameLabel, carriedValue{value: r.rule.Record})
			r.carried = all
		}
	}
	return r.carried
}

func (f carriedFlow) aggregate(a *parser.AggregateExpr) carried {
	inner := f.of(a.Expr)
	switch a.Op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return inner
	}
	all := inner.only(a.Grouping...)
	if a.Without {
		all = inner.without(a.Grouping...).without(model.MetricNameLabel)
	}
	if name, ok := a.Param.(*parser.StringLiteral); ok && a.Op == parser.COUNT_VALUES && !(a.Without && slices.Contains(a.Grouping, name.Val)) {
		all = slices.Clone(all)
		all.set(name.Val, carriedValue{})
	}
	return all
}

func (f carriedFlow) binary(b *parser.BinaryExpr) carried {
	left, right := f.of(b.LHS), f.of(b.RHS)
	if !b.Op.IsSetOperator() && (!b.Op.IsComparisonOperator() || b.ReturnBool) {
		left, right = left.without(model.MetricNameLabel), right.without(model.MetricNameLabel)
	}
	m := b.VectorMatching
	switch {
	case hasScalarLeft(b):
		return right
	case m == nil || b.Op == parser.LUNLESS:
		return left
	case b.Op == parser.LOR:
		return left.either(right)
	case fills(m):
		return left.either(right).without(m.Include...)
	case b.Op == parser.LAND:
		return left.and(matched(m, right))
	case m.Card == parser.CardManyToOne:
		return left.and(matched(m, right)).without(m.Include...).and(right.only(m.Include...))
	case m.Card == parser.CardOneToMany:
		return right.and(matched(m, left)).without(m.Include...).and(left.only(m.Include...))
	case m.On:
		return left.and(right).only(m.MatchingLabels...)
	}
	return left.and(matched(m, right)).without(m.MatchingLabels...)
}

// matched are the labels of one side that the other has with the same values.
func matched(m *parser.VectorMatching, of carried) carried {
	if m.On {
		return of.only(m.MatchingLabels...)
	}
	return of.without(m.MatchingLabels...).without(model.MetricNameLabel)
}

// fills tells whether what finds no match is filled in (an experimental feature).
func fills(m *parser.VectorMatching) bool { return m.FillValues.LHS != nil || m.FillValues.RHS != nil }

func (f carriedFlow) call(c *parser.Call) carried {
	switch c.Func.Name {
	case "absent", "absent_over_time":
		return absentCarried(c.Args[0])
	case "vector", "scalar", "time", "pi":
		return carried{}
	case "label_replace":
		return f.labelReplace(c)
	case "label_join":
		all := f.of(c.Args[0])
		name, ok := c.Args[1].(*parser.StringLiteral)
		if !ok {
			return carried{}
		}
		rest := slices.Clone(all.without(name.Val))
		for _, source := range c.Args[3:] {
			if s, ok := source.(*parser.StringLiteral); ok && all.has(s.Val) {
				rest.set(name.Val, carriedValue{})
			}
		}
		return rest
	}
	for _, arg := range c.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			return f.of(arg).without(model.MetricNameLabel, labels.BucketLabel)
		}
	}
	return carried{}
}

// labelReplace keeps the label that it sets only where it cannot be emptied.
func (f carriedFlow) labelReplace(c *parser.Call) carried {
	all := f.of(c.Args[0])
	name, ok1 := c.Args[1].(*parser.StringLiteral)
	value, ok2 := c.Args[2].(*parser.StringLiteral)
	if !ok1 || !ok2 {
		return carried{}
	}
	rest := slices.Clone(all.without(name.Val))
	if all.has(name.Val) && value.Val != "" && !strings.Contains(value.Val, "$") {
		rest.set(name.Val, carriedValue{})
	}
	return rest
}

// absentCarried are the labels that absent() makes up, with their values.
func absentCarried(arg parser.Expr) carried {
	set := absentLabels(arg)
	arg = unwrap(arg)
	if m, ok := arg.(*parser.MatrixSelector); ok {
		arg = m.VectorSelector
	}
	all := carried{}
	if s, ok := arg.(*parser.VectorSelector); ok {
		for _, m := range s.LabelMatchers {
			if m.Type == labels.MatchEqual && set.has(m.Name) {
				all.set(m.Name, carriedValue{value: m.Value})
			}
		}
	}
	return all
}
