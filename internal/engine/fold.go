package engine

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"

	"slowburn/internal/expr"
)

// foldedLabel marks a selector that stands for a folded call. Nobody's series
// have a label of this name.
const foldedLabel = "slowburn folded call"

// folding computes a range function for one window of a series' samples.
type folding func(w *window) (float64, bool)

// foldings are the range functions that are folded. Prometheus' engine walks
// over a window's samples at every step; what is computed from a few running
// sums instead costs the same however long the window is.
var foldings = map[string]func(width time.Duration) folding{
	"rate":            foldRate,
	"increase":        func(time.Duration) folding { return (*window).increase },
	"sum_over_time":   func(time.Duration) folding { return (*window).sum },
	"count_over_time": func(time.Duration) folding { return (*window).count },
	lastOverTime:      func(time.Duration) folding { return (*window).last },
}

// lastOverTime keeps the names of series, unlike the others, and is folded over
// subqueries as well.
const lastOverTime = "last_over_time"

func foldRate(width time.Duration) folding {
	seconds := width.Seconds()
	return func(w *window) (float64, bool) { return w.rate(seconds) }
}

// call is a folded call: its selector, and the instants at which it is read.
type call struct {
	matchers      []*labels.Matcher
	width, offset int64 // milliseconds
	compute       folding
	times         grid
	named         bool  // its result keeps the names of series
	every         int64 // the step of a subquery, or 0
}

// folded is a storage that knows folded calls as well.
type folded struct {
	*Storage
	calls []*call
}

// fold replaces range functions in an expression that is evaluated at given
// instants by selectors of series that are computed as they are read, and
// returns the expression with the storage that has those series.
func fold(p *placed, s *Storage, times grid, subquery time.Duration) (string, storage.Queryable) {
	if !foldable(p.Expr) || strings.Contains(p.Text, foldedLabel) {
		return p.Text, s
	}
	f := &folder{storage: s, subquery: subquery.Milliseconds()}
	e := f.replaced(p.Expr, times)
	if len(f.calls) == 0 {
		return p.Text, s
	}
	return e.String(), &folded{s, f.calls}
}

// foldable tells whether an expression calls a function that is folded. One
// with a computed duration never comes here: such rules are stepped.
func foldable(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		c, ok := n.(*parser.Call)
		found = found || ok && foldings[c.Func.Name] != nil
		return nil
	})
	return found
}

type folder struct {
	storage  *Storage
	subquery int64 // the step of subqueries without one
	calls    []*call
}

// replaced is an expression that is read at times, with its calls folded. What
// stands above one is copied: others evaluate the same rule.
func (f *folder) replaced(e parser.Expr, times grid) parser.Expr {
	switch n := e.(type) {
	case *parser.Call:
		if c, ok := f.call(n, times); ok {
			return c
		}
		made := *n
		made.Args = make(parser.Expressions, len(n.Args))
		for i, arg := range n.Args {
			made.Args[i] = f.replaced(arg, times)
		}
		return &made
	case *parser.AggregateExpr:
		made := *n
		made.Expr = f.replaced(n.Expr, times)
		if n.Param != nil {
			made.Param = f.replaced(n.Param, times)
		}
		return &made
	case *parser.BinaryExpr:
		made := *n
		made.LHS, made.RHS = f.replaced(n.LHS, times), f.replaced(n.RHS, times)
		return &made
	case *parser.ParenExpr:
		made := *n
		made.Expr = f.replaced(n.Expr, times)
		return &made
	case *parser.UnaryExpr:
		made := *n
		made.Expr = f.replaced(n.Expr, times)
		return &made
	case *parser.SubqueryExpr:
		made := *n
		made.Expr = f.replaced(n.Expr, f.inside(n, times))
		return &made
	}
	return e
}

// inside are the instants at which a subquery reads: the multiples of its step.
func (f *folder) inside(n *parser.SubqueryExpr, times grid) grid {
	step := n.Step.Milliseconds()
	if step == 0 {
		step = f.subquery
	}
	first := times.first - n.Range.Milliseconds() - n.OriginalOffset.Milliseconds()
	first -= ((first % step) + step) % step
	return grid{first, times.last - n.OriginalOffset.Milliseconds(), step}
}

// call makes the selector that stands for a call, if it can be folded: one of a
// single metric, all floats.
func (f *folder) call(n *parser.Call, times grid) (parser.Expr, bool) {
	if foldings[n.Func.Name] == nil {
		return nil, false
	}
	c, s := f.argument(n)
	if c == nil {
		return nil, false
	}
	for _, of := range f.storage.matching(s.LabelMatchers) {
		if of.histograms != nil || !of.running().finite {
			return nil, false
		}
	}
	c.matchers, c.times, c.named = s.LabelMatchers, times, n.Func.Name == lastOverTime
	f.calls = append(f.calls, c)
	selector := &parser.VectorSelector{LabelMatchers: []*labels.Matcher{expr.Equal(foldedLabel, strconv.Itoa(len(f.calls)-1))}}
	// Some functions treat selectors differently: absent takes its labels from them. A sign keeps it from them.
	return &parser.UnaryExpr{Op: parser.ADD, Expr: selector}, true
}

// argument begins a call from what the function is applied to, or is nil if that cannot be folded.
func (f *folder) argument(n *parser.Call) (*call, *parser.VectorSelector) {
	c := &call{}
	var s *parser.VectorSelector
	switch arg := n.Args[0].(type) {
	case *parser.MatrixSelector:
		s = arg.VectorSelector.(*parser.VectorSelector)
		c.width, c.offset, c.compute = arg.Range.Milliseconds(), s.OriginalOffset.Milliseconds(), foldings[n.Func.Name](arg.Range)
	case *parser.SubqueryExpr:
		inner, plain := arg.Expr.(*parser.VectorSelector)
		if !plain || inner.OriginalOffset != 0 || n.Func.Name != lastOverTime || arg.Timestamp != nil || arg.StartOrEnd != 0 {
			return nil, nil
		}
		s = inner
		c.width, c.offset, c.every = arg.Range.Milliseconds(), arg.OriginalOffset.Milliseconds(), arg.Step.Milliseconds()
		if c.every == 0 {
			c.every = f.subquery
		}
	default:
		return nil, nil
	}
	if _, ok := expr.MetricName(s); !ok || s.Timestamp != nil || s.StartOrEnd != 0 || s.Anchored || s.Smoothed {
		return nil, nil
	}
	return c, s
}

// Querier implements storage.Queryable.
func (s *folded) Querier(mint, maxt int64) (storage.Querier, error) {
	return &foldedQuerier{querier{storage: s.Storage, mint: mint, maxt: maxt}, s.calls}, nil
}

type foldedQuerier struct {
	querier
	calls []*call
}

// Select implements storage.Querier.
func (q *foldedQuerier) Select(ctx context.Context, sorted bool, hints *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	if len(matchers) != 1 || matchers[0].Name != foldedLabel {
		return q.querier.Select(ctx, sorted, hints, matchers...)
	}
	n, err := strconv.Atoi(matchers[0].Value)
	if err != nil {
		return storage.ErrSeriesSet(err)
	}
	c := q.calls[n]
	var found []storage.Series
	for _, of := range q.storage.matching(c.matchers) {
		if len(of.running().times) == 0 {
			continue // nothing but stale markers
		}
		lset := of.labels
		if !c.named {
			lset = lset.DropReserved(func(name string) bool { return name == model.MetricNameLabel })
		}
		found = append(found, &foldedSeries{of: of.running(), raw: of, labels: lset, call: c})
	}
	return &seriesSet{series: found}
}
