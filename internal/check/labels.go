package check

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// labelSet is what is known of the labels that the series of an expression can
// have. Either it is closed, and they have no others than names, or it is open,
// and they may have any but names.
type labelSet struct {
	open  bool
	names []string // sorted, and never changed: sets share them
}

func closed(names ...string) labelSet { return labelSet{}.with(names...) }

func anyLabel() labelSet { return labelSet{open: true} }

func (s labelSet) has(name string) bool {
	_, named := slices.BinarySearch(s.names, name)
	return named != s.open
}

// list is what a closed set has, sorted.
func (s labelSet) list() []string { return s.names }

func (s labelSet) with(names ...string) labelSet {
	if s.open {
		return labelSet{true, dropped(s.names, names)}
	}
	return labelSet{false, joined(s.names, names)}
}

func (s labelSet) without(names ...string) labelSet {
	if s.open {
		return labelSet{true, joined(s.names, names)}
	}
	return labelSet{false, dropped(s.names, names)}
}

// joined are the names of both lists; the first is sorted, and so is the result.
func joined(sorted, more []string) []string {
	isNew := func(n string) bool { _, has := slices.BinarySearch(sorted, n); return !has }
	if !slices.ContainsFunc(more, isNew) {
		return sorted
	}
	if len(sorted) == 0 && areSorted(more) {
		return more
	}
	all := slices.Concat(sorted, more)
	slices.Sort(all)
	return slices.Compact(all)
}

// dropped are the names of the first list, sorted, that the other has not.
func dropped(sorted, names []string) []string {
	isNamed := func(n string) bool { return slices.Contains(names, n) }
	if !slices.ContainsFunc(sorted, isNamed) {
		return sorted
	}
	return slices.DeleteFunc(slices.Clone(sorted), isNamed)
}

// only keeps those of s that names has.
func (s labelSet) only(names ...string) labelSet {
	if areSorted(names) && !slices.ContainsFunc(names, func(n string) bool { return !s.has(n) }) {
		return labelSet{names: names}
	}
	return closed(slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !s.has(n) })...)
}

// areSorted tells whether names are in order, each once.
func areSorted(names []string) bool {
	for i := 1; i < len(names); i++ {
		if names[i-1] >= names[i] {
			return false
		}
	}
	return true
}

func (s labelSet) union(t labelSet) labelSet {
	switch {
	case !s.open:
		return t.with(s.list()...)
	case !t.open:
		return s.with(t.list()...)
	}
	// Two open sets lack only what both lack.
	return labelSet{true, closed(s.list()...).only(t.list()...).names}
}

// labelsOf computes the labels that the series of e can have, the metric's name
// among them. Recorded series are followed to the rules that record them; what the
// unit does not record may have any label.
func (u *Unit) labelsOf(e parser.Expr) labelSet {
	return newLabelFlow(u).of(e)
}

type labelFlow struct {
	flow[labelSet]
	own *ownSeries
}

// ownSeries are those that a recording rule reads of what it has recorded itself.
type ownSeries struct {
	rule *recording
	set  labelSet // as far as it is known
	read bool
}

func newLabelFlow(u *Unit) labelFlow {
	return labelFlow{flow[labelSet]{u, 0, &u.labels}, &ownSeries{}}
}

func (f labelFlow) of(e parser.Expr) labelSet { return f.remember(e, f.compute) }

func (f labelFlow) compute(e parser.Expr) labelSet {
	switch e := e.(type) {
	case *parser.VectorSelector:
		return f.selector(e)
	case *parser.UnaryExpr:
		if e.Op == parser.SUB {
			return f.of(e.Expr).without(model.MetricNameLabel)
		}
		return f.of(e.Expr)
	case *parser.AggregateExpr:
		return f.aggregate(e)
	case *parser.BinaryExpr:
		return f.binary(e)
	case *parser.Call:
		return f.call(e)
	}
	return closed() // literals
}

func (f labelFlow) selector(s *parser.VectorSelector) labelSet {
	set := anyLabel()
	if rules := f.unit.recordings(s); len(rules) > 0 {
		set = closed()
		for _, r := range rules {
			set = set.union(f.recording(r))
		}
		set = set.with(model.MetricNameLabel)
	}
	for _, m := range s.LabelMatchers {
		if m.Type == labels.MatchEqual && m.Value == "" {
			set = set.without(m.Name)
		}
	}
	return set
}

// recording is what the series of a recording rule can have.
func (f labelFlow) recording(r *recording) labelSet {
	if r == f.own.rule {
		f.own.read = true
		return f.own.set
	}
	if r.labels == nil {
		set := anyLabel() // to those that lead back to it
		r.labels = &set
		if r.rule.Expr != nil && f.depth < maxFollowed {
			set := f.recorded(r).with(model.MetricNameLabel)
			r.labels = &set
		}
	}
	return *r.labels
}

// recorded is what the expression of a recording rule has, with the rule's own
// labels. One that reads what it recorded before cannot have got a label from
// there alone: it has those which it has without, and what it makes of them.
func (f labelFlow) recorded(r *recording) labelSet {
	const most = 10 // of what a rule makes of its own labels, each time
	set := closed()
	for range most {
		inner := labelFlow{f.inner(), &ownSeries{rule: r, set: set}}
		next := inner.of(r.rule.Expr)
		next = next.without(r.drops...).with(r.sets...)
		if !inner.own.read || next.open == set.open && slices.Equal(next.names, set.names) {
			return next
		}
		set = next
	}
	return anyLabel()
}

func (f labelFlow) aggregate(a *parser.AggregateExpr) labelSet {
	inner := f.of(a.Expr)
	switch a.Op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return inner // they choose among series and leave them as they are
	}
	set := inner.only(a.Grouping...)
	if a.Without {
		set = inner.without(a.Grouping...).without(model.MetricNameLabel)
	}
	if name, ok := a.Param.(*parser.StringLiteral); ok && a.Op == parser.COUNT_VALUES {
		set = set.with(name.Val)
	}
	return set
}

func (f labelFlow) binary(b *parser.BinaryExpr) labelSet {
	left, right := f.of(b.LHS), f.of(b.RHS)
	if !b.Op.IsSetOperator() && (!b.Op.IsComparisonOperator() || b.ReturnBool) {
		left, right = left.without(model.MetricNameLabel), right.without(model.MetricNameLabel)
	}
	m := b.VectorMatching
	switch {
	case hasScalarLeft(b):
		return right
	case m == nil || b.Op == parser.LAND || b.Op == parser.LUNLESS:
		return left
	case b.Op == parser.LOR:
		return left.union(right)
	case m.Card == parser.CardManyToOne:
		return left.without(m.Include...).union(right.only(m.Include...))
	case m.Card == parser.CardOneToMany:
		return right.without(m.Include...).union(left.only(m.Include...))
	case m.On:
		return left.only(m.MatchingLabels...)
	}
	return left.without(m.MatchingLabels...)
}

func (f labelFlow) call(c *parser.Call) labelSet {
	switch c.Func.Name {
	case "absent", "absent_over_time":
		return absentLabels(c.Args[0])
	case "info":
		return anyLabel() // it joins labels of series that are known only at run time
	case "vector", "scalar", "time", "pi":
		return closed()
	case "label_replace", "label_join":
		set := f.of(c.Args[0])
		if name, ok := c.Args[1].(*parser.StringLiteral); ok {
			set = set.with(name.Val)
		}
		return set
	}
	for _, arg := range c.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			set := f.of(arg)
			if !keepsName(c.Func) {
				set = set.without(model.MetricNameLabel)
			}
			if c.Func.Name == "histogram_quantile" || c.Func.Name == "histogram_fraction" {
				set = set.without(labels.BucketLabel)
			}
			return set
		}
	}
	return closed()
}

// keepsName tells whether a function may leave the metric's name. One that is
// not known may.
func keepsName(f *parser.Function) bool {
	switch f.Name {
	case "last_over_time", "first_over_time":
		return true
	case "abs", "ceil", "floor", "round", "clamp", "clamp_min", "clamp_max", "exp", "ln", "log2", "log10", "sqrt", "sgn", "deg", "rad",
		"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "timestamp",
		"minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year",
		"histogram_quantile", "histogram_fraction", "histogram_count", "histogram_sum", "histogram_avg", "histogram_stddev", "histogram_stdvar":
		return false
	}
	return f.ArgTypes[0] != parser.ValueTypeMatrix
}

// absentLabels are the labels that absent() makes up, as Prometheus does: of a
// plain selector those that it matches by equality, but a matcher of another
// kind, or a second one, takes the label away again.
func absentLabels(arg parser.Expr) labelSet {
	arg = unwrap(arg)
	if m, ok := arg.(*parser.MatrixSelector); ok {
		arg = m.VectorSelector
	}
	set := closed()
	s, ok := arg.(*parser.VectorSelector)
	if !ok {
		return set
	}
	seen := map[string]bool{model.MetricNameLabel: true}
	for _, m := range s.LabelMatchers {
		set = set.without(m.Name)
		if m.Type == labels.MatchEqual && !seen[m.Name] {
			seen[m.Name] = true
			if m.Value != "" {
				set = set.with(m.Name)
			}
		}
	}
	return set
}
