package slo

import (
	"reflect"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// SignalSpec is a measurement with a name: SLOs, alerts, panels and triggers that mean the same refer to it.
type SignalSpec struct {
	spec.Node
	// Name of the signal. {signal: NAME} stands where a selector may.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Summary says in words what is measured.
	Summary spec.Text `json:"summary,omitempty"`
	// Expr is a selector, or any PromQL expression; only a selector can stand for one. In expressions, signal:NAME stands
	// for either.
	Expr Expression `json:"expr" jsonschema:"required"`
}

// Signal is a resolved signal.
type Signal struct {
	Name, Summary string
	Expr          expr.Expr // nil if something is wrong with it
	Pos, ExprPos  diag.Pos
}

// signalRef stands in a spec where a selector may: {signal: requests}.
type signalRef struct {
	// Signal is the name of one of the service's signals.
	Signal spec.Name `json:"signal" jsonschema:"required"`
}

// resolveSignals are the signals of a spec. One that reads what does not exist is
// reported there, and not once more wherever it is referred to.
func resolveSignals(doc *ServiceSpec, c *Catalogue, r *diag.Report) []Signal {
	checkUnique("signal", doc.Signals, func(s SignalSpec) (string, diag.Pos) { return s.Name.Text, s.Name.Pos() }, r)
	var signals []Signal
	for _, s := range doc.Signals {
		signal := Signal{Name: s.Name.Text, Summary: s.Summary.Text, Pos: s.Pos(), ExprPos: s.Expr.Pos()}
		s.Expr.bind(signals, r) // those above it
		if s.Expr.Expr != nil && c.Expression(s.Expr, r) {
			signal.Expr = s.Expr.Expr
		}
		signals = append(signals, signal)
	}
	return signals
}

// Signal is the signal of a name; where there is none, that is reported.
func (s *Service) Signal(name spec.Name, r *diag.Report) Signal {
	var names []string
	for _, signal := range s.Signals {
		if signal.Name == name.Text {
			return signal
		}
		names = append(names, signal.Name)
	}
	if name.Text != "" { // otherwise reported where it was read
		r.Add(spec.UnknownReference, name.Pos(), spec.Suggest(name.Text, names), "there is no signal %q", name.Text)
	}
	return Signal{Name: name.Text}
}

// Bind puts signals in the place of what refers to them, in all selectors of a
// part of a spec, given as a pointer.
func (s *Service) Bind(part any, r *diag.Report) { s.bind(reflect.ValueOf(part).Elem(), r) }

func (s *Service) bind(v reflect.Value, r *diag.Report) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			s.bind(v.Elem(), r)
		}
	case reflect.Slice:
		for i := range v.Len() {
			s.bind(v.Index(i), r)
		}
	case reflect.Struct:
		if selector, ok := v.Addr().Interface().(*Selector); ok {
			selector.bind(s, r)
			return
		}
		if e, ok := v.Addr().Interface().(*Expression); ok {
			e.bind(s.Signals, r)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				s.bind(v.Field(i), r)
			}
		}
	}
}

// bind puts signals in the place of their names.
func (e *Expression) bind(signals []Signal, r *diag.Report) {
	e.Expr = e.text.withSignals(e.Expr, signals, r)
}

// bind looks up the signal that the selector refers to, if it does.
func (s *Selector) bind(of *Service, r *diag.Report) {
	if s.signal.Text == "" {
		return
	}
	signal := of.Signal(s.signal, r)
	selector, ok := signal.Expr.(expr.Selector)
	switch {
	case signal.Expr == nil: // reported where it was read, or now
	case ok && selector.Name != "":
		s.Selector = expr.Select(selector.Name, expr.LabelMatchers(selector)...)
	default:
		r.Add(spec.UnknownReference, s.signal.Pos(), "refer to a signal that is a plain selector, or compare it in an alert with expr: "+signal.inExpression()+" > 5", "signal %q is no selector of one metric", signal.Name)
	}
}
