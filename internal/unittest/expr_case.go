package unittest

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// exprCase is an item of promql_expr_test.
type exprCase struct {
	value   *spec.Value
	at      time.Duration
	text    string
	samples []expectedSample
}

// expectedSample is a sample as it is written.
type expectedSample struct {
	item, labels, histogram *spec.Value
	value                   float64
}

func readExprCase(v *spec.Value, rd reader) *exprCase {
	rd.fields(v, "a promql_expr_test", exprKeys)
	c := &exprCase{value: v}
	c.text = rd.text(v.Get("expr"), "expr")
	c.at = rd.duration(v.Get("eval_time"), "eval_time")
	for _, item := range rd.items(v.Get("exp_samples"), "exp_samples") {
		rd.fields(item, "a sample", sampleKeys)
		s := expectedSample{item: item, labels: item.Get("labels"), histogram: item.Get("histogram")}
		rd.text(s.labels, "labels")
		rd.text(s.histogram, "histogram")
		s.value = rd.number(item.Get("value"), "value")
		c.samples = append(c.samples, s)
	}
	return c
}

// pos is where a finding about the case stands.
func (c *exprCase) pos() diag.Pos {
	if text := c.value.Get("expr"); text != nil {
		return text.Pos
	}
	return c.value.Pos
}

// silence is an item of exp_silent: a time in which nothing may fire.
type silence struct {
	spec.Node
	// From is when it begins, the start of the test if it is not given.
	From spec.Duration `json:"from"`
	// To is when it ends, the end of the test if it is not given.
	To spec.Duration `json:"to"`
	// Alertname is the alert that must be silent, all of them if it is not given.
	Alertname spec.Text `json:"alertname"`
}

func readSilence(v *spec.Value, rd reader) *silence {
	s := &silence{}
	if isNothing(v) {
		s.Node = spec.NodeOf(v)
		return s
	}
	spec.Decode(v, s, rd.report)
	s.From.Duration = min(s.From.Duration, time.Duration(maxDuration))
	s.To.Duration = min(s.To.Duration, time.Duration(maxDuration))
	if s.To.IsSet() && s.To.Duration < s.From.Duration {
		rd.report.Add(Invalid, s.To.Pos(), "swap them", "exp_silent ends at %s, before it begins at %s", s.To, s.From)
	}
	return s
}
