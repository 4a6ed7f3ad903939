package slo

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// RawRatio is a share of bad events that you compute yourself. It is read over every window as it stands: nothing is
// added up, so that long windows cost what they cost.
type RawRatio struct {
	spec.Node
	// Expr is the error ratio over a window, which is written $window: 1 - sum(rate(ok_total[$window])) /
	// sum(rate(all_total[$window])). It must be one series without labels, or with those of per.
	Expr RawExpr `json:"expr" jsonschema:"required"`
	// Series says what events add to the counters that the expression reads. The alerts are proven with such series.
	Series []RawSeries `json:"series" jsonschema:"required"`

	signals []Signal
}

// RawExpr is PromQL over a window.
type RawExpr struct{ fragment }

// DecodeSpec implements spec.Decoder.
func (x *RawExpr) DecodeSpec(v *spec.Value, r *diag.Report) {
	x.fragment = fragment{spec.NodeOf(v)}
	if v.Kind != spec.String {
		r.Add(spec.WrongType, v.Pos, "write PromQL", "%s is not an expression", v.Kind)
	}
}

// JSONSchema describes an expression to editors.
func (RawExpr) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Examples: []any{"1 - sum(rate(ok_total[$window])) / sum(rate(all_total[$window]))"}}
}

// standIn is the expression with a duration in place of the window.
func (x RawExpr) standIn() string { return strings.ReplaceAll(x.Value().Text, windowPlace, windowText) }

// RawSeries is a counter with what an event adds to it.
type RawSeries struct {
	spec.Node
	// Of selects the counter.
	Of Selector `json:"of" jsonschema:"required"`
	// Good is what a good event adds. Default: 0.
	Good spec.Decimal `json:"good,omitempty"`
	// Bad is what a bad event adds. Default: 0.
	Bad spec.Decimal `json:"bad,omitempty"`
}

// The window's placeholder, and a duration of the same width that stands in for
// it where the expression is parsed, so that all places stay where they are.
const (
	windowPlace   = "$window"
	windowText    = "999983s"
	windowStandIn = 999983 * time.Second
)

// resolve implements SLI.
func (w *RawRatio) resolve(s *Service, per []string, r *diag.Report) bool {
	v := w.Expr.Value()
	if v == nil || v.Kind != spec.String {
		return false // reported where it was read
	}
	w.signals = s.Signals
	e := w.Expr.withSignals(expr.ParseAt(v, w.Expr.standIn(), 0, r), w.signals, r)
	if e == nil {
		return false
	}
	before := r.Len()
	switch places := strings.Count(v.Text, windowPlace); {
	case e.Type() != parser.ValueTypeVector:
		r.Add(expr.Syntax, v.Pos, "write a ratio of vectors", "the expression is a %s, and no error ratio", parser.DocumentedType(e.Type()))
	case places == 0:
		r.Add(spec.BadValue, v.Pos, "write $window for the window, as in rate(requests_total[$window])", "the expression is the same over every window")
	case places != len(windowsOf(e)):
		r.Add(spec.BadValue, v.Pos, "write it in brackets: rate(requests_total[$window])", "$window is not everywhere a window")
	}
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if sel, ok := n.(expr.Selector); ok && sel.Name != "" {
			s.Catalogue.find(w.Expr.fragment, sel, r)
		}
		return nil
	})
	if s.Catalogue != nil {
		s.Catalogue.checkGrouping(Expression{w.Expr.fragment, e}, r)
	}
	if r.Len() == before {
		w.Expr.checkFixed(e, r)
		w.Expr.checkLabels(e, per, r)
	}
	w.checkSeries(e, s.Catalogue, r)
	return r.Len() == before
}

// checkSeries holds the series that events are added to against the expression
// and the catalogue.
func (w *RawRatio) checkSeries(e expr.Expr, c *Catalogue, r *diag.Report) {
	read := map[string]bool{}
	for _, of := range expr.Reads(e, time.Minute) {
		read[of.Selector.Name] = true
	}
	good, bad := false, false
	for _, of := range w.Series {
		if of.Of.Selector == nil || !of.readable() {
			good, bad = true, true // reported where it was read
			continue
		}
		c.checkCounter(of.Of.text, of.Of.Selector, r)
		for _, adds := range []spec.Decimal{of.Good, of.Bad} {
			if adds.IsSet() && adds.Sign() < 0 {
				r.Add(spec.BadValue, adds.Pos(), "use 0 or more", "a counter cannot go down by %s", adds)
			}
		}
		if name := of.Of.Selector.Name; !read[name] {
			r.Add(spec.UnknownReference, of.Of.Pos(), "leave it out, or correct the expression", "the expression does not read %s", name)
		}
		good, bad = good || of.good().Sign() > 0, bad || of.bad().Sign() > 0
	}
	if !good || !bad {
		r.Add(spec.MissingKey, w.KeyPos("series"), "list each counter: {of: requests_total, good: 1, bad: 1}", "the series do not tell good events from bad ones")
	}
}

func (of RawSeries) readable() bool {
	return (of.Good.IsSet() || of.Good.Value() == nil) && (of.Bad.IsSet() || of.Bad.Value() == nil)
}

// good and bad are what an event adds.
func (of RawSeries) good() *big.Rat { return cmp.Or(of.Good.Rat, new(big.Rat)) }
func (of RawSeries) bad() *big.Rat  { return cmp.Or(of.Bad.Rat, new(big.Rat)) }

// windowsOf are the durations of a tree that stand for the window.
func windowsOf(e expr.Expr) []*time.Duration {
	var all []*time.Duration
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.MatrixSelector:
			all = append(all, &n.Range)
		case *parser.SubqueryExpr:
			all = append(all, &n.Range)
		}
		return nil
	})
	return slices.DeleteFunc(all, func(d *time.Duration) bool { return *d != windowStandIn })
}

// ErrorRatio implements SLI.
func (w *RawRatio) ErrorRatio(window time.Duration) expr.Expr {
	e, err := expr.Parse(w.Expr.standIn())
	if err != nil {
		panic(err) // it was parsed before
	}
	e = w.Expr.withSignals(e, w.signals, new(diag.Report))
	for _, d := range windowsOf(e) {
		*d = window
	}
	return e
}

// Errors implements SLI: nobody knows how many there are.
func (*RawRatio) Errors(time.Duration) expr.Expr { return nil }

// Inputs implements SLI. Series that count nothing but errors are none of them.
func (w *RawRatio) Inputs() []Input {
	var inputs []Input
	for _, of := range w.Series {
		if of.good().Sign() > 0 {
			inputs = append(inputs, Input{of.Of.Selector})
		}
	}
	return inputs
}

// Streams implements SLI.
func (w *RawRatio) Streams() []Stream {
	var streams []Stream
	for _, of := range w.Series {
		streams = append(streams, Stream{
			Metric: of.Of.Selector.Name, Match: expr.LabelMatchers(of.Of.Selector),
			PerGood: float(of.good()), PerBad: float(of.bad()),
		})
	}
	return streams
}

// Slice implements SLI.
func (*RawRatio) Slice() time.Duration { return 0 }

// Events implements SLI.
func (w *RawRatio) Events() string {
	return "the ratio " + strings.Join(strings.Fields(w.Expr.Value().Text), " ")
}
