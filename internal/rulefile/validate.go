package rulefile

import (
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// validate is Prometheus' own validation of everything but the expression,
// which was parsed already.
func (rd *reader) validate(r *Rule) {
	upstream := rulefmt.Rule{
		Record: r.Record, Alert: r.Alert, Expr: r.Text, Labels: r.Labels, Annotations: r.Annotations,
		For: model.Duration(r.For), KeepFiringFor: model.Duration(r.KeepFiringFor),
	}
	if upstream.Expr != "" {
		upstream.Expr = "1"
	}
	for _, wrapped := range upstream.Validate(rulefmt.RuleNode{}, scheme, expr.Parser) {
		message := wrapped.Unwrap().Error()
		rd.report.Add(Invalid, place(r.Value, message), "", "%s", message)
	}
}

// place is where a complaint of Prometheus' validation belongs. It carries no
// position of its own for most of them, but names what it is about.
func place(rule *spec.Value, message string) diag.Pos {
	for _, list := range []struct{ prefix, key string }{
		{"label ", "labels"}, {"annotation ", "annotations"},
		{"invalid label name: ", "labels"}, {"invalid annotation name: ", "annotations"},
	} {
		rest, ok := strings.CutPrefix(message, list.prefix)
		if !ok {
			continue
		}
		if quoted, err := strconv.QuotedPrefix(rest); err == nil {
			rest, _ = strconv.Unquote(quoted)
		}
		for _, f := range fieldsOf(rule.Get(list.key)) {
			if f.Key.Text == rest {
				if list.prefix == "label " || list.prefix == "annotation " {
					return f.Value.Pos
				}
				return f.Key.Pos
			}
		}
	}
	at := rule.Pos
	for _, f := range fieldsOf(rule) {
		switch key := f.Key.Text; {
		case message == "invalid field '"+key+"' in recording rule":
			return f.Key.Pos
		case message == "field '"+key+"' must be set in rule":
			return f.Value.Pos
		case key == "record" && !strings.HasPrefix(message, "field "):
			at = f.Value.Pos
		}
	}
	return at
}
