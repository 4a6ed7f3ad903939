package engine

import (
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// runningTotal is a recording rule that adds to what it recorded last:
//
//	added + (last_over_time(self[near]) or last_over_time(self[far:step])) or last_over_time(self[lately]) or added
//
// Each instant depends on the one before: no range query computes that, and a
// query at each instant takes long. Here it is added up, once what is added has
// been evaluated over the whole range.
type runningTotal struct {
	added             parser.Expr
	itself            []*labels.Matcher
	near, far, lately pastTotal
}

// pastTotal is last_over_time of the rule's own series, in milliseconds.
type pastTotal struct {
	matchers    []*labels.Matcher
	width, step int64 // the step of a subquery, else 0
}

// runningTotalOf recognises a running total by its tree.
func runningTotalOf(p *placed) (t runningTotal, ok bool) {
	upper, added, ok1 := operands(p.Expr, parser.LOR)
	sum, lately, ok2 := operands(upper, parser.LOR)
	plus, before, ok3 := operands(sum, parser.ADD)
	near, far, ok4 := operands(before, parser.LOR)
	if !ok1 || !ok2 || !ok3 || !ok4 || plus.String() != added.String() {
		return t, false
	}
	t.added = added
	for e, of := range map[parser.Expr]*pastTotal{near: &t.near, far: &t.far, lately: &t.lately} {
		if *of, ok = p.pastTotal(e); !ok {
			return t, false
		}
	}
	t.itself = t.near.matchers
	same := func(of pastTotal) bool { return slices.EqualFunc(t.itself, of.matchers, sameMatcher) }
	return t, same(t.far) && same(t.lately) && t.near.step == 0 && t.far.step > 0 && t.lately.step == 0 && t.lately.width <= t.near.width &&
		p.Record != "" && p.Group.Limit == 0 && !slices.ContainsFunc(Selectors(added), p.writes) && !looksAhead(p.Expr)
}

// operands are both sides of an operator that matches series by all their labels.
func operands(e parser.Expr, op parser.ItemType) (left, right parser.Expr, ok bool) {
	b, ok := unwrapped(e).(*parser.BinaryExpr)
	if !ok || b.Op != op || b.VectorMatching == nil || b.VectorMatching.On || len(b.VectorMatching.MatchingLabels) > 0 {
		return nil, nil, false
	}
	return unwrapped(b.LHS), unwrapped(b.RHS), true
}

func unwrapped(e parser.Expr) parser.Expr {
	for {
		p, ok := e.(*parser.ParenExpr)
		if !ok {
			return e
		}
		e = p.Expr
	}
}

// pastTotal reads last_over_time of what the rule records, up to now.
func (p *placed) pastTotal(e parser.Expr) (pastTotal, bool) {
	c, ok := e.(*parser.Call)
	if !ok || c.Func.Name != lastOverTime {
		return pastTotal{}, false
	}
	var past pastTotal
	var inner parser.Expr
	switch arg := c.Args[0].(type) {
	case *parser.MatrixSelector:
		inner, past.width = arg.VectorSelector, arg.Range.Milliseconds()
	case *parser.SubqueryExpr:
		inner, past.width, past.step = unwrapped(arg.Expr), arg.Range.Milliseconds(), arg.Step.Milliseconds()
		if arg.OriginalOffset != 0 || arg.Timestamp != nil {
			return past, false
		}
	}
	s, ok := inner.(*parser.VectorSelector)
	if !ok || s.OriginalOffset != 0 || s.Timestamp != nil || s.Name != p.Record {
		return past, false
	}
	past.matchers = s.LabelMatchers
	return past, true
}

func sameMatcher(a, b *labels.Matcher) bool { return a.String() == b.String() }

// addUp evaluates a running total. It returns false, and has recorded nothing,
// where that must be done in another way: the series are not plain numbers, or
// have samples from elsewhere that the total would go on from.
func (r *run) addUp(p *placed, t runningTotal) (bool, error) {
	times := r.times(p)
	rule, part := *p.Rule, *p
	rule.Expr, rule.Text = t.added, t.added.String()
	part.Rule = &rule
	added, err := r.rangeQuery(&part, times)
	if err != nil {
		return false, nil
	}
	offset := p.Group.QueryOffset.Milliseconds()
	c := r.consumer(p, times).(*recording)
	lsets, ok := c.totals(t, added, times.first-offset)
	if !ok {
		return false, nil
	}
	for _, lset := range lsets {
		c.meet(lset, int((times.last-times.first)/times.step)+1)
	}
	walk := newCursors(added)
	vector := make([]element, 0, len(lsets))
	for at := times.first; at <= times.last; at += times.step {
		more := walk.at(at - offset)
		if r.missed(p, at) {
			c.miss(at)
			continue
		}
		vector = vector[:0]
		for i, to := range c.targets {
			var e *element
			if len(more) > 0 && more[0].series == i {
				e, more = &more[0], more[1:]
			}
			if v, ok := t.next(to.series, at-offset, e); ok {
				vector = append(vector, element{series: i, f: v})
			}
		}
		if err := c.consume(at, vector); err != nil {
			return true, &RuleError{p.Rule, time.UnixMilli(at), err}
		}
	}
	return true, r.checkMemory(p)
}

// totals are the labels of all series that a running total can record: those of
// what is added, in its order, and those that have samples already, all of which
// must be older than the first evaluation.
func (c *recording) totals(t runningTotal, added promql.Matrix, first int64) ([]labels.Labels, bool) {
	var lsets []labels.Labels
	known := func(lset labels.Labels) bool {
		return slices.ContainsFunc(lsets, func(l labels.Labels) bool { return labels.Equal(l, lset) })
	}
	for _, of := range added {
		lset := withoutName(of.Metric)
		if len(of.Histograms) > 0 || known(lset) || !labels.Equal(withoutName(c.recorded(lset)), lset) {
			return nil, false
		}
		lsets = append(lsets, lset)
	}
	for _, of := range c.storage.matching(t.itself) {
		lset := withoutName(of.labels)
		if of.histograms != nil || of.times[len(of.times)-1] >= first || !labels.Equal(c.recorded(lset), of.labels) {
			return nil, false
		}
		if !known(lset) {
			lsets = append(lsets, lset)
		}
	}
	return lsets, true
}

func withoutName(lset labels.Labels) labels.Labels {
	return labels.NewBuilder(lset).Del(model.MetricNameLabel).Labels()
}

// next is what a running total is at an instant, all of whose samples are older.
func (t runningTotal) next(of *series, at int64, added *element) (float64, bool) {
	if added == nil {
		return of.lastSince(at - t.lately.width)
	}
	if v, ok := of.lastSince(at - t.near.width); ok {
		return added.f + v, true
	}
	if v, ok := of.lastSeen(at-t.far.width, at, t.far.step); ok {
		return added.f + v, true
	}
	return added.f, true
}

// lastSince is the newest sample after a time.
func (of *series) lastSince(after int64) (float64, bool) {
	for i := len(of.times) - 1; i >= 0 && of.times[i] > after; i-- {
		if !value.IsStaleNaN(of.values[i]) {
			return of.values[i], true
		}
	}
	return 0, false
}

// lastSeen is what a selector shows at the latest multiple of step at which it
// shows anything, in a time that is open on the left.
func (of *series) lastSeen(after, until, step int64) (float64, bool) {
	for at := until / step * step; at > after && len(of.times) > 0 && at >= of.times[0]; at -= step {
		i := of.search(at + 1)
		if i > 0 && of.times[i-1] > at-lookback.Milliseconds() && !value.IsStaleNaN(of.values[i-1]) {
			return of.values[i-1], true
		}
	}
	return 0, false
}
