package expr

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Trees parses expressions of few shapes: once one was parsed of a shape (see
// Shapes), the others are copies of its tree, with their own values and places.
// They share the matchers that they have in common, above all those by regular
// expression, which are large and take long to make. It may be used by several
// goroutines.
type Trees struct {
	mu    sync.Mutex
	known map[string]*pattern
}

// pattern is the tree of a shape, with marked values; of a shape that was seen once there is none yet.
type pattern struct {
	tree  Expr
	holes []hole // in the text that tree is of
	// never is set of a shape that does not parse, or is not copied.
	never bool
}

// mark begins the values of a pattern, and stands in no other expression that is copied.
const mark = "\x01"

// NewTrees makes Trees that have seen nothing yet.
func NewTrees() *Trees { return &Trees{known: map[string]*pattern{}} }

// Parse is expr.Parse. What hangs on the nodes
// of its trees is not to be changed: lists of labels and matchers belong to several.
func (t *Trees) Parse(text string) (Expr, error) {
	if len(text) > maxWords || strings.Contains(text, mark) {
		return Parse(text)
	}
	shape, holes := shapeWith(text, func(int) string { return "x" })
	t.mu.Lock()
	p, seen := t.known[shape]
	if !seen {
		t.known[shape] = nil
	}
	t.mu.Unlock()
	if !seen {
		return Parse(text)
	}
	if p == nil {
		p = newPattern(text)
		t.mu.Lock()
		t.known[shape] = p
		t.mu.Unlock()
	}
	if p.never {
		return Parse(text)
	}
	c := copier{pattern: p, text: text, holes: holes}
	return c.expr(p.tree), nil
}

// ParseAt is expr.ParseAt.
func (t *Trees) ParseAt(v *spec.Value, text string, shift int, r *diag.Report) Expr {
	if e, err := t.Parse(text); err == nil {
		return e
	}
	return ParseAt(v, text, shift, r)
}

func newPattern(text string) *pattern {
	marked, _ := shapeWith(text, func(n int) string { return mark + strconv.Itoa(n) })
	_, holes := shapeWith(marked, func(int) string { return "x" })
	tree, err := Parse(marked)
	if err != nil {
		return &pattern{never: true}
	}
	p := &pattern{tree: tree, holes: holes}
	c := copier{pattern: p, text: marked, holes: holes}
	c.expr(tree)
	p.never = c.failed
	return p
}

// copier makes the tree of a text from that of its pattern.
type copier struct {
	*pattern
	text  string
	holes []hole // in the text
	// failed is set where there is something that has no copy.
	failed bool
}

// pos is where in the text something stands that is at a place in the pattern. No word begins or ends inside of a value.
func (c *copier) pos(at posrange.Pos) posrange.Pos {
	for i := len(c.holes) - 1; i >= 0; i-- {
		if end := c.pattern.holes[i].End; int(at) >= end {
			return at + posrange.Pos(c.holes[i].End-end)
		}
	}
	return at
}

func (c *copier) span(r posrange.PositionRange) posrange.PositionRange {
	return posrange.PositionRange{Start: c.pos(r.Start), End: c.pos(r.End)}
}

func (c *copier) expr(e Expr) Expr {
	switch n := e.(type) {
	case nil:
		return nil
	case *parser.VectorSelector:
		return c.selector(n)
	case *parser.MatrixSelector:
		m := *n
		m.VectorSelector, m.RangeExpr, m.EndPos = c.expr(n.VectorSelector), c.duration(n.RangeExpr), c.pos(n.EndPos)
		return &m
	case *parser.SubqueryExpr:
		s := *n
		s.Expr, s.RangeExpr, s.StepExpr = c.expr(n.Expr), c.duration(n.RangeExpr), c.duration(n.StepExpr)
		s.OriginalOffsetExpr, s.EndPos = c.duration(n.OriginalOffsetExpr), c.pos(n.EndPos)
		return &s
	case *parser.AggregateExpr:
		a := *n
		a.Expr, a.Param, a.PosRange = c.expr(n.Expr), c.expr(n.Param), c.span(n.PosRange)
		a.Grouping = slices.Clip(n.Grouping)
		return &a
	case *parser.BinaryExpr:
		b := *n
		b.LHS, b.RHS = c.expr(n.LHS), c.expr(n.RHS)
		if n.VectorMatching != nil {
			matching := *n.VectorMatching
			matching.MatchingLabels, matching.Include = slices.Clip(matching.MatchingLabels), slices.Clip(matching.Include)
			b.VectorMatching = &matching
		}
		return &b
	case *parser.Call:
		call := *n
		call.PosRange, call.Args = c.span(n.PosRange), make(parser.Expressions, len(n.Args))
		for i, arg := range n.Args {
			call.Args[i] = c.expr(arg)
		}
		return &call
	case *parser.ParenExpr:
		p := *n
		p.Expr, p.PosRange = c.expr(n.Expr), c.span(n.PosRange)
		return &p
	case *parser.UnaryExpr:
		u := *n
		u.Expr, u.StartPos = c.expr(n.Expr), c.pos(n.StartPos)
		return &u
	case *parser.NumberLiteral:
		number := *n
		number.PosRange = c.span(n.PosRange)
		return &number
	case *parser.StringLiteral:
		c.failed = c.failed || strings.Contains(n.Val, mark)
		text := *n
		text.PosRange = c.span(n.PosRange)
		return &text
	case *parser.DurationExpr:
		return c.duration(n)
	}
	c.failed = true
	return e
}

// duration copies a computed duration. What is nil stays so, and no interface of it.
func (c *copier) duration(n *parser.DurationExpr) *parser.DurationExpr {
	if n == nil {
		return nil
	}
	d := *n
	d.LHS, d.RHS, d.StartPos, d.EndPos = c.expr(n.LHS), c.expr(n.RHS), c.pos(n.StartPos), c.pos(n.EndPos)
	return &d
}

func (c *copier) selector(n *parser.VectorSelector) *parser.VectorSelector {
	s := *n
	c.failed = c.failed || strings.Contains(n.Name, mark)
	s.PosRange, s.OriginalOffsetExpr = c.span(n.PosRange), c.duration(n.OriginalOffsetExpr)
	s.LabelMatchers = make([]*labels.Matcher, len(n.LabelMatchers))
	for i, m := range n.LabelMatchers {
		s.LabelMatchers[i] = c.matcher(m)
	}
	return &s
}

func (c *copier) matcher(m *labels.Matcher) *labels.Matcher {
	number, ok := strings.CutPrefix(m.Value, mark)
	if !ok {
		c.failed = c.failed || strings.Contains(m.Name, mark)
		return m
	}
	i, err := strconv.Atoi(number)
	if err != nil || i >= len(c.holes) || m.Type != labels.MatchEqual && m.Type != labels.MatchNotEqual {
		c.failed = true
		return m
	}
	return &labels.Matcher{Type: m.Type, Name: m.Name, Value: c.text[c.holes[i].Start+1 : c.holes[i].End-1]}
}
