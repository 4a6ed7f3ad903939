package slo

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// signalPrefix begins the name of a signal in an expression: signal:busy, with
// an underscore for each dash, since a name in PromQL has none.
const signalPrefix = "signal:"

// inExpression is the signal's name as an expression writes it.
func (s Signal) inExpression() string { return signalPrefix + strings.ReplaceAll(s.Name, "-", "_") }

// placing puts signals in the place of their names in one expression.
type placing struct {
	signals []Signal
	text    fragment
	report  *diag.Report
	length  int // of the signals so far
	placed  bool
	failed  bool
}

// longestPlaced bounds what signals make of an expression: signals of signals
// grow as fast as one writes them.
const longestPlaced = 100_000

// withSignals returns e, which changes, with signals in the place of their names,
// or nil if that cannot be, which is reported. Where a spec has no signals, such
// a name is that of a metric.
func (f fragment) withSignals(e expr.Expr, signals []Signal, r *diag.Report) expr.Expr {
	if e == nil || len(signals) == 0 {
		return e
	}
	p := &placing{signals: signals, text: f, report: r}
	e = expr.Replace(e, p.put)
	if p.failed {
		return nil
	}
	if !p.placed {
		return e
	}
	// What was a vector may be a number now.
	again, err := expr.Parse(e.String())
	if err != nil {
		r.Add(expr.Syntax, f.Pos(), "use the signals as what they are", "with its signals the expression is %s, which is none: %v", e, err)
		return nil
	}
	return again
}

// put is what stands in the place of a selector.
func (p *placing) put(s expr.Selector, inRange bool) expr.Expr {
	if !strings.HasPrefix(s.Name, signalPrefix) {
		return s
	}
	p.placed = true
	var names []string
	for _, signal := range p.signals {
		if names = append(names, signal.inExpression()); names[len(names)-1] != s.Name {
			continue
		}
		if signal.Expr == nil {
			p.failed = true // reported where it was read
			return s
		}
		return p.insert(signal, s, inRange)
	}
	p.fail(s, spec.Suggest(s.Name, names), "there is no signal %q", strings.TrimPrefix(s.Name, signalPrefix))
	return s
}

// insert is the signal with what its place adds: further matchers, an offset.
func (p *placing) insert(signal Signal, place expr.Selector, inRange bool) expr.Expr {
	further := slices.DeleteFunc(slices.Clone(place.LabelMatchers), func(m *labels.Matcher) bool { return m.Name == model.MetricNameLabel })
	if of, ok := signal.Expr.(expr.Selector); ok && of.Name != "" && isPlain(of) {
		made := *place
		narrowed := expr.Narrow(of, further...)
		made.Name, made.LabelMatchers = narrowed.Name, narrowed.LabelMatchers
		return &made
	}
	if inRange || len(further) > 0 || !isPlain(place) {
		p.fail(place, "write "+place.Name+" alone, or let the signal be a plain selector", "signal %q is no selector of one metric: it takes no matchers, no range and no offset", signal.Name)
		return place
	}
	text := signal.Expr.String()
	if p.length += len(text); p.length > longestPlaced {
		p.fail(place, "record what the signals are, and read that", "with its signals the expression is longer than %d bytes", longestPlaced)
		return place
	}
	made, err := expr.Parse(text)
	if err != nil {
		panic(err) // it was parsed before
	}
	return made
}

func (p *placing) fail(at expr.Selector, help, format string, args ...any) {
	if p.failed {
		return
	}
	p.failed = true
	p.report.Add(spec.UnknownReference, p.text.place(at.Name), help, format, args...)
}

// isPlain tells whether a selector is about now.
func isPlain(s expr.Selector) bool {
	return s.OriginalOffset == 0 && s.OriginalOffsetExpr == nil && s.Timestamp == nil && s.StartOrEnd == 0
}
