package expr

import (
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// maxLine is above how many characters Prometheus' printer breaks an expression
// over lines.
const maxLine = 100

// Printer prints expressions as Prometheus' own printer does. That prints every
// part again for each part that it stands in, to learn how long it is; this one
// prints each part once, and remembers selectors, which trees share, and times.
type Printer struct {
	selectors map[bareSelector]string
	times     map[times]string

	flat  []byte // the expression on one line
	parts []part // of the expression, each before those in it
	out   []byte
}

// part is where a node stands in the flat text, and which part follows those in it.
type part struct{ start, end, next int }

// bareSelector is a selector without its offset: those that Before makes have the same matchers, at the same place.
type bareSelector struct {
	name     string
	matchers **labels.Matcher // the first one
	count    int
}

// times are what stands behind a selector, or a subquery.
type times struct{ window, step, offset time.Duration }

// NewPrinter makes a printer that remembers what it printed.
func NewPrinter() *Printer {
	return &Printer{selectors: map[bareSelector]string{}, times: map[times]string{}}
}

// String prints an expression over as many lines as a reader needs.
func String(e Expr) string { return NewPrinter().String(e) }

// String prints an expression over as many lines as a reader needs.
func (p *Printer) String(e Expr) string {
	p.flat, p.parts = p.flat[:0], p.parts[:0]
	p.write(e)
	if len(p.flat) <= maxLine {
		return string(p.flat)
	}
	p.out = p.out[:0]
	p.split(e, 0, 0)
	return string(p.out)
}

// write appends an expression to the flat text.
func (p *Printer) write(e Expr) {
	i := len(p.parts)
	p.parts = append(p.parts, part{start: len(p.flat)})
	text := func(s string) { p.flat = append(p.flat, s...) }
	switch n := e.(type) {
	case *parser.AggregateExpr:
		text(n.ShortString() + "(")
		if n.Op.IsAggregatorWithParam() {
			p.write(n.Param)
			text(", ")
		}
		p.write(n.Expr)
		text(")")
	case *parser.BinaryExpr:
		p.write(n.LHS)
		text(" " + n.ShortString() + " ")
		p.write(n.RHS)
	case *parser.Call:
		text(n.Func.Name + "(")
		for i, arg := range n.Args {
			if i > 0 {
				text(", ")
			}
			p.write(arg)
		}
		text(")")
	case *parser.ParenExpr:
		text("(")
		p.write(n.Expr)
		text(")")
	case *parser.MatrixSelector:
		s, ok := n.VectorSelector.(*parser.VectorSelector)
		if !ok || !isBare(s) || n.RangeExpr != nil {
			text(n.String())
			break
		}
		text(p.bare(s))
		text(p.behind(times{n.Range, 0, s.OriginalOffset}, n.ShortString))
	case *parser.VectorSelector:
		if !isBare(n) {
			text(n.String())
			break
		}
		text(p.bare(n))
		if n.OriginalOffset != 0 {
			text(p.behind(times{0, 0, n.OriginalOffset}, func() string {
				return strings.TrimPrefix(Before(Select("x"), n.OriginalOffset).String(), "x")
			}))
		}
	case *parser.SubqueryExpr:
		p.write(n.Expr)
		if n.Timestamp != nil || n.StartOrEnd != 0 || n.RangeExpr != nil || n.StepExpr != nil || n.OriginalOffsetExpr != nil {
			text(n.ShortString())
			break
		}
		text(p.behind(times{n.Range, n.Step + 1, n.OriginalOffset}, n.ShortString)) // [5m:] is not [5m]
	default:
		text(e.String())
	}
	p.parts[i].end, p.parts[i].next = len(p.flat), len(p.parts)
}

// isBare tells whether a selector has nothing but an offset, which stands behind all else.
func isBare(s Selector) bool {
	return !s.Anchored && !s.Smoothed && s.OriginalOffsetExpr == nil && s.Timestamp == nil && s.StartOrEnd == 0 && len(s.LabelMatchers) > 0
}

// bare is a selector without its offset.
func (p *Printer) bare(s Selector) string {
	key := bareSelector{s.Name, &s.LabelMatchers[0], len(s.LabelMatchers)}
	text, known := p.selectors[key]
	if !known {
		text = Before(s, 0).String()
		p.selectors[key] = text
	}
	return text
}

// behind is how Prometheus prints times.
func (p *Printer) behind(t times, printed func() string) string {
	text, known := p.times[t]
	if !known {
		text = printed()
		p.times[t] = text
	}
	return text
}

const indent = "  "

// split writes an expression that is the i-th part, indented, on one line where
// it fits and on several where it does not. It returns the part that follows.
func (p *Printer) split(e Expr, i, level int) int {
	at := p.parts[i]
	inside := i + 1
	margin := strings.Repeat(indent, level)
	line := func(texts ...string) {
		for _, s := range texts {
			p.out = append(p.out, s...)
		}
	}
	n, ok := e.(*parser.BinaryExpr)
	query, isSubquery := e.(*parser.SubqueryExpr)
	switch {
	case isSubquery && at.end-at.start <= maxLine:
		p.out = append(p.out, p.flat[at.start:at.end]...) // which Prometheus does not indent
	case isSubquery:
		p.split(query.Expr, inside, level)
		p.out = append(p.out, p.flat[p.parts[inside].end:at.end]...)
	case isOther(e):
		line(e.Pretty(level))
	case at.end-at.start <= maxLine || isSelector(e):
		line(margin)
		p.out = append(p.out, p.flat[at.start:at.end]...)
	case ok:
		inside = p.split(n.LHS, inside, level+1)
		line("\n", margin, n.ShortString(), "\n")
		p.split(n.RHS, inside, level+1)
	default:
		name, inner := opened(e)
		line(margin, name, "(\n")
		for j, arg := range inner {
			if j > 0 {
				line(",\n")
			}
			inside = p.split(arg, inside, level+1)
		}
		line("\n", margin, ")")
	}
	return at.next
}

// opened is what stands before the parenthesis of an expression, and what in it.
func opened(e Expr) (name string, inner []Expr) {
	switch n := e.(type) {
	case *parser.AggregateExpr:
		if n.Op.IsAggregatorWithParam() {
			return n.ShortString(), []Expr{n.Param, n.Expr}
		}
		return n.ShortString(), []Expr{n.Expr}
	case *parser.Call:
		return n.Func.Name, n.Args
	case *parser.ParenExpr:
		return "", []Expr{n.Expr}
	}
	panic("expr: nothing is opened") // isOther has the rest
}

func isSelector(e Expr) bool {
	switch e.(type) {
	case *parser.MatrixSelector, *parser.VectorSelector:
		return true
	}
	return false
}

// isOther tells whether Prometheus' printer has to print a node: signs, which have
// rules of their own, and literals.
func isOther(e Expr) bool {
	switch e.(type) {
	case *parser.AggregateExpr, *parser.BinaryExpr, *parser.Call, *parser.ParenExpr, *parser.MatrixSelector, *parser.VectorSelector, *parser.SubqueryExpr:
		return false
	}
	return true
}
