package main

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"slowburn/bench/load"
)

// source is either evaluator's storage.
type source interface {
	Querier(mint, maxt int64) (storage.Querier, error)
}

// write writes all that was recorded, with ALERTS, to a file.
func write(path string, e evaluator, in *input) error {
	q, err := e.recorded().Querier(0, in.until.Milliseconds())
	if err != nil {
		return err
	}
	defer q.Close()
	set := q.Select(context.Background(), true, nil, labels.MustNewMatcher(labels.MatchNotEqual, labels.MetricName, load.InputMetric))
	var all []series
	for set.Next() {
		s := series{Labels: set.At().Labels().Map()}
		for it := set.At().Iterator(nil); it.Next() != chunkenc.ValNone; {
			t, v := it.At()
			s.Times, s.Values = append(s.Times, t), append(s.Values, v)
		}
		all = append(all, s)
	}
	if err := set.Err(); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return gob.NewEncoder(f).Encode(all)
}

// difference is between two evaluations. Alerts counts samples of ALERTS and
// ALERTS_FOR_STATE, which are an alert's states over time.
type difference struct {
	Samples, Alerts int
	ULPs            uint64
	Where           string
	Missing         []string // what only one of them has
}

// compare prints how two files of recorded samples differ, as JSON.
func compare(args []string) error {
	f := flag.NewFlagSet("compare", flag.ExitOnError)
	from := f.Duration("from", 0, "first instant")
	until := f.Duration("until", 0, "last instant")
	_ = f.Parse(args)
	a, err := samplesOf(f.Arg(0), *from, *until)
	if err != nil {
		return err
	}
	b, err := samplesOf(f.Arg(1), *from, *until)
	if err != nil {
		return err
	}
	var d difference
	for at, x := range a {
		y, ok := b[at]
		if !ok {
			d.miss("the second has no " + at.String())
			continue
		}
		d.Samples++
		if strings.Contains(at.series, `"ALERTS`) {
			d.Alerts++
		}
		if u := ulps(x, y); u > d.ULPs {
			d.ULPs, d.Where = u, fmt.Sprintf("%s: %v and %v", at, x, y)
		}
	}
	for at := range b {
		if _, ok := a[at]; !ok {
			d.miss("the first has no " + at.String())
		}
	}
	return json.NewEncoder(os.Stdout).Encode(d)
}

func (d *difference) miss(text string) {
	if len(d.Missing) < 10 {
		d.Missing = append(d.Missing, text)
	}
}

type place struct {
	series string
	t      int64
}

func (p place) String() string {
	return fmt.Sprintf("%s at %s", p.series, time.Duration(p.t)*time.Millisecond)
}

func samplesOf(path string, from, until time.Duration) (map[place]float64, error) {
	all, err := readSeries(path)
	samples := map[place]float64{}
	for _, s := range all {
		name := labels.FromMap(s.Labels).String()
		for i, t := range s.Times {
			if t >= from.Milliseconds() && t <= until.Milliseconds() {
				samples[place{name, t}] = s.Values[i]
			}
		}
	}
	return samples, err
}

// ulps is how many floats lie between two; a stale marker is no other NaN.
func ulps(a, b float64) uint64 {
	x, y := math.Float64bits(a), math.Float64bits(b)
	switch {
	case x == y:
		return 0
	case math.IsNaN(a) || math.IsNaN(b) || math.Signbit(a) != math.Signbit(b):
		if a == b {
			return 0
		}
		return math.MaxUint64
	}
	return max(x, y) - min(x, y)
}
