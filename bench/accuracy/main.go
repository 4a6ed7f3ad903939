// Command accuracy measures error ratios that rules record: how far they are
// from what happened, and what they cost. It makes a month of requests, lets
// slowburn's rule engine evaluate the rules of each candidate (rules of
// slowburn, of its peers, and raw ranges) over what was scraped of them, and
// compares what a reader sees with the events themselves.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"sync"
	"time"
)

// options of a run.
type options struct {
	folder            string
	history, measured time.Duration
	seed              uint64
	pods              int
	peak              float64
	only, variants    string
	verbose           bool
}

func main() {
	var o options
	flag.StringVar(&o.folder, "candidates", "accuracy/candidates", "folder with the candidates")
	flag.DurationVar(&o.history, "history", 30*day, "time before that is measured, so that windows are full")
	flag.DurationVar(&o.measured, "measured", 4*day, "time that is measured")
	flag.Uint64Var(&o.seed, "seed", 1, "of all that is random")
	flag.IntVar(&o.pods, "pods", 5, "how many there are at a time, each with 2 + 2 series")
	flag.Float64Var(&o.peak, "peak", 1000, "requests a second by day; by night it is a hundredth")
	flag.StringVar(&o.only, "only", "", "regular expression of the names of the candidates to measure; the others only decide how far the truth may be shifted")
	flag.StringVar(&o.variants, "variants", "", "regular expression of the variants: all, busy, missed, down, replaced")
	flag.BoolVar(&o.verbose, "v", false, "say when each worst value was read, and how long evaluations took")
	markdown := flag.String("markdown", "", "file to write the tables to, with what they mean")
	flag.Parse()
	r, err := run(o)
	if err == nil {
		r.text(os.Stdout)
		if *markdown != "" {
			err = r.write(*markdown)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(2)
	}
}

// run measures all candidates in all variants.
func run(o options) (*report, error) {
	candidates, err := readCandidates(o.folder)
	if err != nil {
		return nil, err
	}
	only, err := regexp.Compile(o.only)
	if err != nil {
		return nil, err
	}
	which, err := regexp.Compile("^(" + o.variants + ")$")
	if err != nil {
		return nil, err
	}
	r := &report{options: o, allowed: allowances(candidates)}
	for _, v := range variants {
		if o.variants != "" && !which.MatchString(v.name) {
			continue
		}
		s := newSetting(v, o)
		t := result{setting: s, of: make([]measured, len(candidates))}
		if err := t.measure(candidates, only, r.allowed); err != nil {
			return nil, err
		}
		s.world = nil // let it be collected
		r.results = append(r.results, t)
	}
	return r, nil
}

// atOnce are how many candidates are measured at a time: each has its storage.
const atOnce = 2

// measure measures the candidates whose names match.
func (t *result) measure(candidates []*candidate, only *regexp.Regexp, allowed map[time.Duration]time.Duration) error {
	errs := make([]error, len(candidates))
	turns := make(chan struct{}, atOnce)
	var wait sync.WaitGroup
	for i, c := range candidates {
		if only.MatchString(c.name) {
			wait.Go(func() {
				turns <- struct{}{}
				t.of[i], errs[i] = t.setting.measure(c, allowed)
				<-turns
			})
		}
	}
	wait.Wait()
	return errors.Join(errs...)
}

// measure evaluates a candidate and measures all its ratios.
func (s *setting) measure(c *candidate, allowed map[time.Duration]time.Duration) (measured, error) {
	m := measured{candidate: c, columns: map[time.Duration]accuracy{}}
	e, err := s.evaluate(c)
	if err != nil {
		return m, err
	}
	m.took = e.took
	for _, of := range c.ratios {
		if m.columns[of.column], err = e.measure(of, allowed[of.column]); err != nil {
			return m, err
		}
	}
	if s.cost {
		m.cost, err = e.cost()
	}
	return m, err
}
