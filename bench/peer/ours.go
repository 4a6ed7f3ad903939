package main

import (
	"context"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/bench/load"
	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// ours is slowburn's engine.
type ours struct {
	file    *rulefile.File
	storage *engine.Storage
	opts    engine.Options
}

func (o *ours) prepare(in *input) error {
	o.storage = engine.NewStorage()
	o.opts = engine.Options{Start: time.UnixMilli(0).Add(in.from), End: time.UnixMilli(0).Add(in.until), Interval: load.Step}
	for _, list := range [][]series{in.scraped, in.past} {
		if err := fill(o.storage, list); err != nil {
			return err
		}
	}
	in.scraped, in.past = nil, nil
	return nil
}

func fill(s *engine.Storage, all []series) error {
	for _, of := range all {
		lset := labels.FromMap(of.Labels)
		for i, t := range of.Times {
			if err := s.Append(lset, t, of.Values[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *ours) run() error {
	_, err := engine.Run(context.Background(), engine.NewPlan(o.file.Groups, nil), o.storage, o.opts)
	return err
}

func (o *ours) recorded() source { return o.storage }

func (o *ours) close() {}
