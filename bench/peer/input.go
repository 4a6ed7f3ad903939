package main

import (
	"encoding/gob"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"slowburn/bench/load"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// series are samples in order of time, in milliseconds.
type series struct {
	Labels map[string]string
	Times  []int64
	Values []float64
}

// input is what both evaluators start from: series that are scraped, and those
// that were recorded before the first evaluation.
type input struct {
	from, until time.Duration
	scraped     []series
	past        []series
}

func (in *input) generate(slos int) {
	for _, c := range load.Counters(slos, in.until) {
		s := series{Labels: c.Labels, Values: c.Values, Times: make([]int64, len(c.Values))}
		for i := range s.Times {
			s.Times[i] = c.Time(i)
		}
		in.scraped = append(in.scraped, s)
	}
	in.sort()
}

// read takes the input of a unit test.
func (in *input) read(path string) error {
	f, err := readTests(path)
	if err != nil {
		return err
	}
	in.scraped, err = f.Tests[0].series()
	in.sort()
	return err
}

// sort puts series in the order of their labels: sums of floats depend on it,
// and Prometheus' storage has that of creation.
func (in *input) sort() {
	slices.SortFunc(in.scraped, func(a, b series) int { return labels.Compare(labels.FromMap(a.Labels), labels.FromMap(b.Labels)) })
}

// remember reads what an earlier run recorded, up to the first evaluation.
func (in *input) remember(path string) error {
	all, err := readSeries(path)
	for _, s := range all {
		n, _ := slices.BinarySearch(s.Times, in.from.Milliseconds())
		in.past = append(in.past, series{s.Labels, s.Times[:n], s.Values[:n]})
	}
	return err
}

func readSeries(path string) ([]series, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []series
	return all, gob.NewDecoder(f).Decode(&all)
}

func readRules(path string) (*rulefile.File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var r diag.Report
	src := &diag.Source{Name: path, Text: text}
	for _, doc := range spec.ReadYAML(src, &r) {
		if files := rulefile.Read(src, doc, &r); len(files) == 1 && !r.HasErrors() {
			return files[0], nil
		}
	}
	return nil, fmt.Errorf("%s: not a rule file: %v", path, r.Findings())
}

// tests is the part of a promtool unit test file that the benchmark uses.
type tests struct {
	RuleFiles  []string      `yaml:"rule_files"`
	Interval   time.Duration `yaml:"evaluation_interval"`
	GroupOrder []string      `yaml:"group_eval_order"`
	Tests      []unitTest
}

type unitTest struct {
	Interval time.Duration
	Input    []struct{ Series, Values string } `yaml:"input_series"`
	Alerts   []alertTest                       `yaml:"alert_rule_test"`
	Exprs    []exprTest                        `yaml:"promql_expr_test"`
}

func readTests(path string) (*tests, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &tests{}
	return f, yaml.Unmarshal(text, f)
}

func (t unitTest) series() ([]series, error) {
	var all []series
	for _, in := range t.Input {
		lset, values, err := parser.NewParser(parser.Options{}).ParseSeriesDesc(in.Series + " " + in.Values)
		if err != nil {
			return nil, err
		}
		s := series{Labels: lset.Map()}
		for i, v := range values {
			if !v.Omitted {
				s.Times = append(s.Times, int64(i)*t.Interval.Milliseconds())
				s.Values = append(s.Values, v.Value)
			}
		}
		all = append(all, s)
	}
	return all, nil
}
