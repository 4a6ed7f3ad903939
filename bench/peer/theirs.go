package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/util/teststorage"

	"slowburn/bench/load"
	"slowburn/internal/rulefile"
)

// theirs is Prometheus' rule manager with its storage, set up as promtool does
// but for the bound of 10000 samples a query, which 30 days do not fit into.
type theirs struct {
	path   string
	file   *rulefile.File
	db     *teststorage.TestStorage
	groups []*rules.Group // in the order of the file
	feeds  []*feed
	from   time.Duration
	until  time.Duration
}

// feed is a series and how much of it is in the storage.
type feed struct {
	series
	labels labels.Labels
	done   int
}

func (t *theirs) prepare(in *input) error {
	t.from, t.until = in.from, in.until
	var err error
	if t.db, err = teststorage.NewWithError(); err != nil {
		return err
	}
	for _, s := range slices.Concat(in.scraped, in.past) {
		t.feeds = append(t.feeds, &feed{series: s, labels: labels.FromMap(s.Labels)})
	}
	if err := t.load(); err != nil {
		return err
	}
	// In order of time, roughly, and then to blocks, as a server would have it.
	for at := time.Duration(0); at < t.from; at += time.Hour {
		if err := t.feed(min(at+time.Hour, t.from).Milliseconds() - 1); err != nil {
			return err
		}
	}
	return t.db.Compact(context.Background())
}

func (t *theirs) load() error {
	queries := promql.NewEngine(promql.EngineOpts{
		MaxSamples:               50_000_000,
		Timeout:                  time.Hour,
		NoStepSubqueryIntervalFn: func(int64) int64 { return load.Step.Milliseconds() },
		EnableAtModifier:         true,
		EnableNegativeOffset:     true,
	})
	m := rules.NewManager(&rules.ManagerOptions{
		QueryFunc:  rules.EngineQueryFunc(queries, t.db),
		Appendable: t.db,
		Context:    context.Background(),
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
	})
	loaded, errs := m.LoadGroups(load.Step, labels.EmptyLabels(), "", nil, false, t.path)
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	for _, g := range t.file.Groups {
		group := loaded[rules.GroupKey(t.path, g.Name)]
		for _, r := range group.AlertingRules() {
			r.SetRestored(true) // or there would be no ALERTS
		}
		t.groups = append(t.groups, group)
	}
	return nil
}

// feed appends what has been scraped, or recorded in the past, up to an instant.
func (t *theirs) feed(until int64) error {
	app := t.db.Appender(context.Background())
	for _, f := range t.feeds {
		for ; f.done < len(f.Times) && f.Times[f.done] <= until; f.done++ {
			if _, err := app.Append(0, f.labels, f.Times[f.done], f.Values[f.done]); err != nil {
				return fmt.Errorf("%s at %d: %w", f.labels, f.Times[f.done], err)
			}
		}
	}
	return app.Commit()
}

func (t *theirs) run() error {
	for at := t.from; at <= t.until; at += load.Step {
		if err := t.feed(at.Milliseconds()); err != nil {
			return err
		}
		for _, g := range t.groups {
			g.Eval(context.Background(), time.UnixMilli(0).Add(at))
			for _, r := range g.Rules() {
				if err := r.LastError(); err != nil {
					return fmt.Errorf("%s at %s: %w", r.Name(), at, err)
				}
			}
		}
	}
	return t.feed(math.MaxInt64)
}

func (t *theirs) recorded() source { return t.db }

func (t *theirs) close() { _ = t.db.Close() }
