package engine

import (
	"errors"
	"fmt"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
)

// element is one element of a rule's vector at an instant.
type element struct {
	series int // its number: see consumer.meet
	f      float64
	h      *histogram.FloatHistogram // nil if it is a float
}

// consumer does with a rule's vectors what the rule is there for.
type consumer interface {
	// meet tells a series that vectors will have elements of, how many if that
	// is known, and numbers it from 0.
	meet(lset labels.Labels, elements int) int
	// consume takes the vector at an instant, each instant in turn.
	consume(t int64, vector []element) error
	// miss takes note of an instant at which the rule is not evaluated.
	miss(t int64)
}

// consumer makes the one for a rule.
func (r *run) consumer(p *placed, times grid) consumer {
	if p.Alert != "" {
		return newAlerting(r, p, times)
	}
	return &recording{
		storage: r.storage,
		known:   map[*series]*target{},
		record:  p.Record,
		labels:  p.labels,
		limit:   p.Group.Limit,
		offset:  p.Group.QueryOffset.Milliseconds(),
	}
}

var errDuplicateRecorded = errors.New("vector contains metrics with the same labelset after applying rule labels")

// recording appends what a recording rule computes, and a stale marker where a
// series was there at the instant before and is no more.
type recording struct {
	storage  *Storage
	record   string
	labels   map[string]string
	limit    int
	offset   int64
	targets  []*target
	known    map[*series]*target
	previous []*target // those with a sample at the last instant
	round    int       // counts instants
}

// target is a recorded series. Several numbers may share one.
type target struct {
	*series
	round int // of the last sample
}

// recorded are the labels of what is recorded of a result.
func (c *recording) recorded(lset labels.Labels) labels.Labels {
	b := labels.NewBuilder(lset)
	b.Set(model.MetricNameLabel, c.record)
	for name, value := range c.labels {
		b.Set(name, value)
	}
	return b.Labels()
}

// meet implements consumer.
func (c *recording) meet(lset labels.Labels, elements int) int {
	of := c.target(lset)
	of.grow(elements + 1) // a stale marker may follow
	if c.known[of] == nil {
		c.known[of] = &target{series: of}
	}
	c.targets = append(c.targets, c.known[of])
	return len(c.targets) - 1
}

// consume implements consumer.
func (c *recording) consume(t int64, vector []element) error {
	c.round++
	for _, e := range vector {
		to := c.targets[e.series]
		if to.round == c.round {
			return errDuplicateRecorded
		}
		to.round = c.round
	}
	if c.limit > 0 && len(vector) > c.limit {
		return fmt.Errorf("exceeded limit of %d with %d series", c.limit, len(vector))
	}
	at := t - c.offset
	for _, e := range vector {
		if err := c.storage.write(c.targets[e.series].series, point{at, e.f, e.h}, c.offset); err != nil {
			return err
		}
	}
	for _, was := range c.previous {
		if was.round != c.round {
			// Another rule may have written the series by now, and then it is not stale.
			_ = c.storage.write(was.series, point{t: at, f: Stale}, c.offset)
		}
	}
	c.previous = c.previous[:0]
	for _, e := range vector {
		c.previous = append(c.previous, c.targets[e.series])
	}
	return nil
}

// miss implements consumer. What was there before may still end later.
func (c *recording) miss(int64) {}
