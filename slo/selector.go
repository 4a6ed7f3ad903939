package slo

import (
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

// fragment is PromQL as it stands in a spec.
type fragment struct{ spec.Node }

// place is where label stands in the fragment, or the fragment's own place.
func (f fragment) place(label string) diag.Pos {
	v := f.Value()
	// Only names outside of quotes count.
	quote := byte(0)
	for i := 0; i < len(v.Text); i++ {
		switch c := v.Text[i]; {
		case quote != 0:
			if c == '\\' && quote != '`' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case strings.HasPrefix(v.Text[i:], label) && !wordByte(v.Text, i-1) && !wordByte(v.Text, i+len(label)):
			return v.Sub(i, i+len(label))
		}
	}
	return v.Pos
}

func wordByte(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i] == '_' || s[i] == ':' || '0' <= s[i] && s[i] <= '9' || 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z')
}

// Selector is a PromQL selector of one metric's series.
type Selector struct {
	text     fragment
	signal   spec.Name     // that stands for the selector, or ""
	Selector expr.Selector // nil if it could not be read
}

// DecodeSpec implements spec.Decoder.
func (s *Selector) DecodeSpec(v *spec.Value, r *diag.Report) {
	s.text = fragment{spec.NodeOf(v)}
	if v.Kind == spec.Map {
		var ref signalRef
		spec.Decode(v, &ref, r)
		s.signal = ref.Signal
		return
	}
	if e := s.text.parse(v.Text, 0, r); e != nil {
		s.Selector = s.text.selector(e, r)
	}
}

// Pos is where the selector stands.
func (s Selector) Pos() diag.Pos { return s.text.Pos() }

// IsSet tells whether the spec has it.
func (s Selector) IsSet() bool { return s.text.Value() != nil }

// Expression is any PromQL expression that has series or a number.
type Expression struct {
	text fragment
	Expr expr.Expr // nil if it could not be read
}

// DecodeSpec implements spec.Decoder.
func (e *Expression) DecodeSpec(v *spec.Value, r *diag.Report) {
	e.text = fragment{spec.NodeOf(v)}
	parsed := e.text.parse(v.Text, 0, r)
	if parsed == nil {
		return
	}
	if t := parsed.Type(); t != parser.ValueTypeVector && t != parser.ValueTypeScalar {
		r.Add(expr.Syntax, v.Pos, "give it a function: rate(metric[5m])", "%q is a %s, which has no value at an instant", v.Text, parser.DocumentedType(t))
		return
	}
	e.Expr = parsed
}

// Pos is where the expression stands.
func (e Expression) Pos() diag.Pos { return e.text.Pos() }

// Classifier tells some of the series of a total from the rest: by label
// matchers, or as a selector of another metric.
type Classifier struct {
	text     fragment
	Matchers []*labels.Matcher
	Selector expr.Selector // where the classified events are counted in a metric of their own
}

const anyMetric = "total"

var startsWithMetric = pattern.New(`^\s*[a-zA-Z_:][a-zA-Z0-9_:]*\s*(\{|$)`)

// DecodeSpec implements spec.Decoder.
func (c *Classifier) DecodeSpec(v *spec.Value, r *diag.Report) {
	c.text = fragment{spec.NodeOf(v)}
	if help := c.insteadOf(v); help != "" {
		r.Add(expr.Syntax, v.Pos, help, "the matchers stand alone, as they do between the braces of a selector")
		return
	}
	if startsWithMetric().MatchString(v.Text) {
		if e := c.text.parse(v.Text, 0, r); e != nil {
			c.Selector = c.text.selector(e, r)
		}
		return
	}
	// Matchers stand without a metric and braces, further left than in the text that is parsed. Alone, result!="ok" would
	// be no selector.
	e := c.text.parse(anyMetric+"{"+v.Text+"}", -len(anyMetric)-1, r)
	if e == nil {
		return
	}
	s, ok := e.(*parser.VectorSelector)
	if !ok || s.Name != anyMetric {
		r.Add(expr.Syntax, v.Pos, `write label matchers such as status=~"5.."`, "%q is more than label matchers", v.Text)
		return
	}
	c.Matchers = expr.LabelMatchers(s)
}

// insteadOf is what to write in place of a map of labels, or of matchers in
// braces; nothing where it is neither.
func (Classifier) insteadOf(v *spec.Value) string {
	switch text := strings.TrimSpace(v.Text); {
	case v.Kind == spec.Map && len(v.Fields()) > 0:
		var matchers []string
		for _, f := range v.Fields() {
			if f.Value.Kind == spec.Map || f.Value.Kind == spec.List {
				return ""
			}
			matchers = append(matchers, f.Key.Text+"="+strconv.Quote(f.Value.Text))
		}
		return "write " + strings.Join(matchers, ",")
	case v.Kind == spec.String && strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}"):
		return "leave the braces out: " + strings.TrimSpace(text[1:len(text)-1])
	}
	return ""
}

// IsSet tells whether the spec has it.
func (c Classifier) IsSet() bool { return c.text.Value() != nil }

// valid tells whether it is unset or could be read.
func (c Classifier) valid() bool { return !c.IsSet() || c.Matchers != nil || c.Selector != nil }

// among is the classifier with the labels by which it tells events from the rest
// of a total, where it selects from the total's own metric; a metric of its own
// counts apart.
func (c Classifier) among(total Selector) Classifier {
	if c.Selector == nil || total.Selector == nil || c.Selector.Name != total.Selector.Name {
		return c
	}
	matchers := slices.DeleteFunc(expr.LabelMatchers(c.Selector), func(m *labels.Matcher) bool {
		return slices.ContainsFunc(total.Selector.LabelMatchers, func(o *labels.Matcher) bool { return o.String() == m.String() })
	})
	if len(matchers) == 0 {
		return Classifier{text: c.text, Selector: total.Selector}
	}
	return Classifier{text: c.text, Matchers: matchers}
}

// within is the selector of the classified events among those of total.
func (c Classifier) within(total expr.Selector) expr.Selector {
	if c.Selector != nil {
		return c.Selector
	}
	return expr.Narrow(total, c.Matchers...)
}

// parse parses text, whose bytes stand shift bytes further right in the spec.
func (f fragment) parse(text string, shift int, r *diag.Report) expr.Expr {
	v := f.Value()
	if v.Kind != spec.String {
		r.Add(spec.WrongType, v.Pos, "quote it", "%s is not a PromQL selector", v.Kind)
		return nil
	}
	return expr.ParseAt(v, text, shift, r)
}

// selector is e if it selects one metric's series and does nothing else.
func (f fragment) selector(e expr.Expr, r *diag.Report) expr.Selector {
	v := f.Value()
	s, ok := e.(*parser.VectorSelector)
	switch {
	case !ok:
		r.Add(expr.Syntax, v.Pos, `write a metric with label matchers, such as http_requests_total{job="api"}; functions are added by the compiler`, "%q is not a plain selector", v.Text)
	case s.Name == "":
		r.Add(expr.Syntax, v.Pos, "begin with the metric's name", "%q names no metric", v.Text)
	case s.OriginalOffset != 0 || s.OriginalOffsetExpr != nil || s.Timestamp != nil || s.StartOrEnd != 0:
		r.Add(expr.Syntax, v.Pos, "leave them out", "%q has an offset or @ modifier", v.Text)
	default:
		return expr.Select(s.Name, expr.LabelMatchers(s)...)
	}
	return nil
}

// JSONSchema describes a selector to editors.
func (Selector) JSONSchema() *jsonschema.Schema {
	ref := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), Required: []string{"signal"}, AdditionalProperties: jsonschema.FalseSchema}
	ref.Properties.Set("signal", &jsonschema.Schema{Type: "string", Description: "signal is the name of one of the service's signals."})
	text := &jsonschema.Schema{Type: "string", Examples: []any{`http_requests_total{job="api"}`}}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{text, ref}}
}

// JSONSchema describes an expression to editors.
func (Expression) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Examples: []any{`sum(rate(queries_total[5m]))`}}
}

// JSONSchema describes a classifier to editors.
func (Classifier) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Examples: []any{`status=~"5.."`}}
}
