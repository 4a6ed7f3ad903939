package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/engine/enginetest"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var start = enginetest.Start

func readGroups(t testing.TB, text string) []*rulefile.Group {
	t.Helper()
	var r diag.Report
	src := &diag.Source{Name: "rules.yaml", Text: []byte(text)}
	files := rulefile.Read(src, spec.ReadYAML(src, &r)[0], &r)
	if r.HasErrors() {
		t.Fatalf("%v\n%s", r.Findings(), text)
	}
	return files[0].Groups
}

// every makes a series with a sample at each step from start on, but where the value is gap.
func every(step time.Duration, lset labels.Labels, values ...float64) enginetest.Series {
	of := enginetest.Series{Labels: lset}
	for i, v := range values {
		if math.Float64bits(v) != math.Float64bits(gap) {
			of.Samples = append(of.Samples, enginetest.Sample{T: start.Add(time.Duration(i) * step).UnixMilli(), F: v})
		}
	}
	return of
}

// gap stands for no sample: a NaN that nobody computes.
var gap = math.Float64frombits(0x7ff0000000001234)

func fill(t testing.TB, all ...enginetest.Series) *Storage {
	t.Helper()
	s := NewStorage()
	if err := enginetest.Fill(s, all); err != nil {
		t.Fatal(err)
	}
	return s
}

var metric = enginetest.Metric

// evaluate runs rules over series for so many minutes.
func evaluate(t testing.TB, rules string, minutes int, series ...enginetest.Series) (*Result, *Storage, error) {
	t.Helper()
	s := fill(t, series...)
	opts := Options{Start: start, End: start.Add(time.Duration(minutes) * time.Minute), Interval: time.Minute}
	result, err := Run(context.Background(), NewPlan(readGroups(t, rules), nil), s, opts)
	return result, s, err
}

// dump writes out a series, each sample as minutes since start and value.
func dump(of *series) []string {
	var lines []string
	for i := range of.times {
		p := of.point(i)
		p.t -= start.UnixMilli()
		lines = append(lines, fmt.Sprintf("%gm %s", float64(p.t)/60000, p))
	}
	return lines
}

func (p point) String() string { return enginetest.Sample{T: p.t, F: p.f, H: p.h}.String() }

// recorded are a metric's series as dump has them, by labels.
func recorded(s *Storage, name string) map[string][]string {
	all := map[string][]string{}
	for _, of := range s.matching([]*labels.Matcher{expr.Equal(model.MetricNameLabel, name)}) {
		all[of.labels.String()] = dump(of)
	}
	return all
}

// ruleError is the rule and the minute that an error is about, and why.
func ruleError(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return "no error"
	}
	var e *RuleError
	if !errors.As(err, &e) {
		t.Fatalf("%v is not a RuleError", err)
	}
	return fmt.Sprintf("%s at %s: %v", e.Rule.Name(), e.At.Sub(start), e.Err)
}
