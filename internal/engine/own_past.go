package engine

import (
	"math"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// maxRounds bounds how often a rule that reads its own past is evaluated over
// its range. One that looks whether it was evaluated before is stable after two
// or three; one that adds itself up would take a round for each instant.
const maxRounds = 6

// readsPastOnly tells whether a recording rule reads what it records from
// before the instant of its evaluation only.
func readsPastOnly(p *placed) bool {
	if p.Record == "" || p.templates.query || looksAhead(p.Expr) || CountsValues(p.Expr) {
		return false
	}
	past := true
	parser.Inspect(p.Expr, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok && p.writes(s) && s.OriginalOffset <= 0 {
			past = false
		}
		return nil
	})
	return past
}

// untilStable evaluates a rule that reads its own past as one range query, over
// and over, until what it reads is what it records. That is what stepping would
// record: the first instant reads nothing, and each one only what was recorded
// before it, so that by induction there is just one such result.
func (r *run) untilStable(p *placed) error {
	times := r.times(p)
	var before promql.Matrix
	var written []*series
	forget := func() {
		for _, of := range written {
			r.storage.clear(of)
		}
		written = nil
	}
	for round := range maxRounds {
		matrix, err := r.rangeQuery(p, times)
		if err != nil {
			break
		}
		if round > 0 && sameMatrix(before, matrix) {
			return r.checkMemory(p)
		}
		forget()
		c := r.consumer(p, times).(*recording)
		if r.given(c, matrix) {
			break // samples that this rule has not written cannot be taken back
		}
		if err := r.consumeAll(p, c, times, matrix); err != nil {
			written = c.series()
			break
		}
		before, written = matrix, c.series()
	}
	forget()
	return r.stepwise([]*placed{p})
}

// given tells whether a series that a rule would write has samples.
func (r *run) given(c *recording, matrix promql.Matrix) bool {
	for _, of := range matrix {
		if len(c.target(of.Metric).times) > 0 {
			return true
		}
	}
	return false
}

// series are those that the rule has written.
func (c *recording) series() []*series {
	var all []*series
	for _, t := range c.targets {
		all = append(all, t.series)
	}
	return all
}

// target is the series that the rule records for one of its results.
func (c *recording) target(lset labels.Labels) *series {
	return c.storage.series(c.recorded(lset))
}

// clear takes all samples of a series back.
func (s *Storage) clear(of *series) {
	s.samples -= len(of.times)
	*of = series{labels: of.labels}
}

// sameMatrix tells whether two results are the same to the last bit.
func sameMatrix(a, b promql.Matrix) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !labels.Equal(a[i].Metric, b[i].Metric) || !sameSamples(a[i], b[i]) {
			return false
		}
	}
	return true
}

func sameSamples(a, b promql.Series) bool {
	if len(a.Floats) != len(b.Floats) || len(a.Histograms) != len(b.Histograms) {
		return false
	}
	for i, p := range a.Floats {
		if p.T != b.Floats[i].T || math.Float64bits(p.F) != math.Float64bits(b.Floats[i].F) {
			return false
		}
	}
	for i, p := range a.Histograms {
		if p.T != b.Histograms[i].T || !p.H.Equals(b.Histograms[i].H) {
			return false
		}
	}
	return true
}
