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
	if rd.isSurelyValid(r) {
		return
	}
	upstream := rulefmt.Rule{
		Record: r.Record, Alert: r.Alert, Expr: r.Text, Labels: r.Labels, Annotations: r.Annotations,
		For: model.Duration(r.For), KeepFiringFor: model.Duration(r.KeepFiringFor),
	}
	if upstream.Expr != "" {
		upstream.Expr = "1"
	}
	for _, wrapped := range upstream.Validate(rulefmt.RuleNode{}, scheme, expr.Parser) {
		message := wrapped.Unwrap().Error()
		if rd.template(r, message) || followsFrom(r.Value, message) {
			continue
		}
		if strings.HasSuffix(message, "name: ") {
			message += `""`
		}
		rd.report.Add(Invalid, place(r.Value, message), helpFor(message), "%s", message)
	}
}

// isSurelyValid tells whether Prometheus' validation has nothing to say: it takes
// longer than all the rest, since it makes ready to expand each template that it parses.
func (rd *reader) isSurelyValid(r *Rule) bool {
	isRecording := r.Record != "" && r.Alert == "" && len(r.Annotations) == 0 && r.For == 0 && r.KeepFiringFor == 0 &&
		scheme.IsValidMetricName(r.Record) && !strings.ContainsAny(r.Record, "{}")
	isAlert := r.Alert != "" && r.Record == ""
	if r.Text == "" || !isRecording && !isAlert {
		return false
	}
	for name, value := range r.Labels {
		if !scheme.IsValidLabelName(name) || name == model.MetricNameLabel || !model.LabelValue(value).IsValid() || isAlert && !rd.parses(value) {
			return false
		}
	}
	for name, value := range r.Annotations {
		if !scheme.IsValidLabelName(name) || !rd.parses(value) {
			return false
		}
	}
	return true
}

// parses tells whether a text is a template that parses. Without an action any is.
func (rd *reader) parses(text string) bool {
	if !strings.Contains(text, "{{") {
		return true
	}
	of := actionsOf(text)
	if good, known := rd.loads.Load(of); known {
		return good.(bool)
	}
	alert := rulefmt.Rule{Alert: "a", Expr: "1", Annotations: map[string]string{"a": text}}
	good := len(alert.Validate(rulefmt.RuleNode{}, scheme, expr.Parser)) == 0
	rd.loads.Store(of, good)
	return good
}

// followsFrom tells whether a complaint about a missing text comes of a value
// that is no text, which was reported.
func followsFrom(rule *spec.Value, message string) bool {
	nested := func(key string) bool { v := rule.Get(key); return v != nil && isNested(v) }
	switch message {
	case noExpr:
		return nested("expr")
	case noName:
		return nested("record") || nested("alert")
	}
	return false
}

// Complaints of Prometheus' validation.
const (
	noExpr = "field 'expr' must be set in rule"
	noName = "one of 'record' or 'alert' must be set"
)

// helps are the ways out, by what a complaint begins with.
var helps = []struct{ complaint, help string }{
	{noExpr, "add expr with a query"},
	{noName, "add alert or record with a name"},
	{"only one of 'record' and 'alert' must be set", "remove one of the two"},
	{"invalid field ", "remove it, or make the rule an alert"},
	{"invalid recording rule name", "name a metric, such as job:requests:rate5m"},
	{"braces present in the recording rule name", "set labels with the key labels"},
	{"invalid label value", "write UTF-8"},
	{"invalid ", "rename it"},
}

func helpFor(message string) string {
	for _, h := range helps {
		if strings.HasPrefix(message, h.complaint) {
			return h.help
		}
	}
	return ""
}

// place is where a complaint of Prometheus' validation belongs. It carries no
// position of its own for most of them, but names what it is about.
func place(rule *spec.Value, message string) diag.Pos {
	for _, list := range []struct{ prefix, key string }{{"invalid label name: ", "labels"}, {"invalid annotation name: ", "annotations"}} {
		name, ok := strings.CutPrefix(message, list.prefix)
		if !ok {
			continue
		}
		for _, f := range fieldsOf(rule.Get(list.key)) {
			if f.Key.Text == name || f.Key.Text == "" && name == `""` {
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

// template reports a complaint about a template at its place in the text, and
// tells whether it was one.
func (rd *reader) template(r *Rule, message string) bool {
	for _, list := range []struct{ prefix, key string }{{"label ", "labels"}, {"annotation ", "annotations"}} {
		rest, ok := strings.CutPrefix(message, list.prefix)
		if !ok {
			continue
		}
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			continue
		}
		name, _ := strconv.Unquote(quoted)
		complaint := strings.TrimPrefix(rest[len(quoted):], ": ")
		line := 1
		// What follows names the alert and the line: template: __alert_Down:1: function "x" not defined.
		if located, ok := strings.CutPrefix(complaint, "template: __alert_"+r.Alert+":"); ok {
			number, said, _ := strings.Cut(located, ": ")
			if n, err := strconv.Atoi(number); err == nil {
				line, complaint = n, said
			}
		}
		v := r.Value.Get(list.key).Get(name)
		start, end := culprit(v.Text, line, complaint)
		rd.report.Add(Invalid, v.Sub(start, end), templateHelp(complaint), "%s%s: %s", list.prefix, quoted, complaint)
		return true
	}
	return false
}
