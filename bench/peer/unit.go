package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

type alertTest struct {
	At     time.Duration `yaml:"eval_time"`
	Name   string        `yaml:"alertname"`
	Alerts []struct {
		Labels      map[string]string `yaml:"exp_labels"`
		Annotations map[string]string `yaml:"exp_annotations"`
	} `yaml:"exp_alerts"`
}

type exprTest struct {
	Expr    string
	At      time.Duration `yaml:"eval_time"`
	Samples []struct {
		Labels string
		Value  float64
	} `yaml:"exp_samples"`
}

// unit runs a unit test file on the engine. It stands in for slowburn test
// until that reads such files: just enough of promtool to do the same work.
func unit(args []string) error {
	flags := flag.NewFlagSet("unit", flag.ExitOnError)
	profile := flags.String("cpuprofile", "", "file to write a profile to")
	heap := flags.String("memprofile", "", "file to write a profile of allocations to")
	_ = flags.Parse(args)
	if *profile != "" || *heap != "" {
		m, err := start(*profile)
		if err != nil {
			return err
		}
		defer func() { _, _ = m.stop(*heap) }()
	}
	path := flags.Arg(0)
	f, err := readTests(path)
	if err != nil {
		return err
	}
	var groups []*rulefile.Group
	for _, name := range f.RuleFiles {
		file, err := readRules(filepath.Join(filepath.Dir(path), name))
		if err != nil {
			return err
		}
		groups = append(groups, file.Groups...)
	}
	plan := engine.NewPlan(groups, f.GroupOrder)
	for i, t := range f.Tests {
		if err := t.run(plan, f.Interval); err != nil {
			return fmt.Errorf("test %d: %w", i+1, err)
		}
	}
	return nil
}

func (t unitTest) run(plan *engine.Plan, interval time.Duration) error {
	all, err := t.series()
	if err != nil {
		return err
	}
	s := engine.NewStorage()
	if err := fill(s, all); err != nil {
		return err
	}
	zero := time.UnixMilli(0)
	opts := engine.Options{Start: zero, End: zero, Interval: interval, IgnoreGroupIntervals: true}
	end := func(at time.Duration) {
		if u := zero.Add(at); u.After(opts.End) {
			opts.End = u
		}
	}
	for _, a := range t.Alerts {
		end(a.At)
		opts.Observe = append(opts.Observe, zero.Add(a.At))
	}
	for _, e := range t.Exprs {
		end(e.At)
	}
	slices.SortFunc(opts.Observe, time.Time.Compare)
	opts.Observe = slices.CompactFunc(opts.Observe, time.Time.Equal)
	result, err := engine.Run(context.Background(), plan, s, opts)
	if err != nil {
		return err
	}
	for _, a := range t.Alerts {
		at, _ := slices.BinarySearchFunc(opts.Observe, zero.Add(a.At), time.Time.Compare)
		if err := a.check(result.Observed[at]); err != nil {
			return err
		}
	}
	for _, e := range t.Exprs {
		if err := e.check(s, interval); err != nil {
			return err
		}
	}
	return nil
}

func (a alertTest) check(observed []engine.Observation) error {
	var got, want []string
	for _, o := range observed {
		if o.Firing && o.Rule.Alert == a.Name {
			got = append(got, o.Labels.String()+o.Annotations.String())
		}
	}
	for _, x := range a.Alerts {
		b := labels.NewBuilder(labels.FromMap(x.Labels))
		b.Set(labels.AlertName, a.Name)
		want = append(want, b.Labels().String()+labels.FromMap(x.Annotations).String())
	}
	return same(a.Name, got, want)
}

func (e exprTest) check(s *engine.Storage, interval time.Duration) error {
	ctx := context.Background()
	q, err := engine.Queries(engine.DefaultMaxSamples, interval).NewInstantQuery(ctx, s, nil, e.Expr, time.UnixMilli(0).Add(e.At))
	if err != nil {
		return err
	}
	vector, err := engine.Vector(q.Exec(ctx))
	if err != nil {
		return err
	}
	var got, want []string
	for _, x := range vector {
		got = append(got, fmt.Sprint(x.Metric.String(), x.F))
	}
	for _, x := range e.Samples {
		lset, err := parser.NewParser(parser.Options{}).ParseMetric(x.Labels)
		if err != nil {
			return err
		}
		want = append(want, fmt.Sprint(lset.String(), x.Value))
	}
	return same(e.Expr, got, want)
}

func same(what string, got, want []string) error {
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s: got %s, want %s", what, strings.Join(got, "; "), strings.Join(want, "; "))
	}
	return nil
}
