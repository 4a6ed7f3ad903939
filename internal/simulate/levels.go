package simulate

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"slowburn/alerts"
	"slowburn/internal/engine"
	"slowburn/slo"
)

// measured is what is scraped of members at a level: one that something happens
// to, a quiet one beside it where members are judged apart, one that is
// excepted, and decoys that differ in one label, loud ones and quiet ones, all
// the time: neither may be counted.
type measured struct {
	service *slo.Service
	levels  *alerts.Levels
	gauges  []alerts.Gauge
	beside  int  // healthy members
	alone   bool // the others stay healthy, although all are judged as one
	level   curve
	// siblings are the levels of further series of the member that something happens to.
	siblings []curve
	gone     []Span
	// replaced is when the series get other labels, or 0.
	replaced time.Duration
}

// metrics implements source.
func (m measured) metrics() []string {
	var names []string
	for _, g := range slices.Concat(m.gauges, m.levels.Excepted) {
		names = append(names, g.Metric)
	}
	return names
}

// eachSeries implements source.
func (m measured) eachSeries(end time.Duration, notes *notebook, take takeSeries) {
	aligned := notes != nil
	loud := curve{{Level: m.levels.Loud}}
	quiet := curve{{Level: m.levels.Quiet}}
	main := m.member(0)
	moved := m.elsewhere(main)
	m.writeSiblings(main, end, aligned, take)
	if m.levels.Split && m.replaced == 0 && !m.alone {
		for n, set := range []labelSet{main, m.sibling(main)} {
			m.write(set, scaled(m.gauges, splitShares[n]), part{m.level, Span{0, end + 1}, aligned}, end, take)
		}
	} else if m.replaced > 0 && !maps.Equal(main, moved) {
		m.write(main, m.gauges, part{m.level, Span{0, m.replaced}, aligned}, end, take)
		m.write(moved, m.gauges, part{m.level, Span{m.replaced, end + 1}, aligned}, end, take)
	} else {
		m.write(main, m.gauges, part{m.level, Span{0, end + 1}, aligned}, end, take)
	}
	always := m
	always.gone = nil
	others := always
	if len(m.levels.Per) == 0 {
		others = m // what they are part of is gone when nothing is left
	}
	all := part{quiet, Span{0, end + 1}, aligned}
	if m.levels.Together && !m.alone {
		if !m.levels.Split && m.replaced == 0 && !maps.Equal(main, moved) {
			m.write(moved, m.gauges, part{m.level, all.span, aligned}, end, take)
		}
	} else {
		for n := range m.beside {
			if other := m.member(1 + n); other != nil {
				others.write(other, m.gauges, all, end, take)
			}
		}
	}
	if len(m.levels.Within) > 0 {
		// All of another group have far more, and none of them is odd.
		more := part{curve{{Level: 100 * m.levels.Quiet}}, all.span, aligned}
		for n := range 1 + m.beside {
			if other := m.apart(n); other != nil {
				always.write(other, m.gauges, more, end, take)
			}
		}
	}
	all.level = loud
	if excepted := m.member(1 + m.beside); excepted != nil && len(m.levels.Excepted) > 0 {
		always.write(excepted, slices.Concat(m.gauges, m.levels.Excepted), all, end, take)
		always.write(m.sibling(excepted), scaled(m.levels.Excepted, 0), all, end, take)
	}
	for _, s := range m.strays(main) {
		always.write(s.set, s.gauges, all, end, take)
	}
	for i, decoy := range m.decoys() {
		always.gauges = decoy
		for n, level := range []curve{loud, quiet} {
			if set := always.member(n); set != nil {
				all.level = level
				always.write(set.with("instance", fmt.Sprintf("decoy%d-%d.example:9090", i, n), m.levels.Per), decoy, all, end, take)
			}
		}
	}
}

// part is a level during a time.
type part struct {
	level   curve
	span    Span
	aligned bool
}

// write makes the series of a member.
func (m measured) write(set labelSet, gauges []alerts.Gauge, p part, end time.Duration, take takeSeries) {
	for _, g := range gauges {
		counted := p.level
		if g.Counter {
			counted = p.level.mapped(g.Value)
		}
		var times []int64
		var values []float64
		present := false
		for at := time.Duration(0); at <= end; at += m.service.ScrapeInterval {
			here := p.span.has(at) && !slices.ContainsFunc(m.gone, func(s Span) bool { return s.has(at) })
			value := engine.Stale
			if here {
				value = g.Value(p.level.at(at), at.Seconds())
				if g.Counter {
					value = counted.sum(at)
				}
			}
			if here || present {
				times, values = append(times, start.Add(at).UnixMilli()), append(values, value)
			}
			present = here
		}
		if g.Counter && p.aligned {
			values = summable(values)
		}
		if len(times) > 0 {
			take(made{labels: set.of(g), times: times, columns: [][]float64{values}, print: printFloat})
		}
	}
}

// mapped is the curve of what follows from a level.
func (c curve) mapped(value func(level, at float64) float64) curve {
	mapped := slices.Clone(c)
	for i := range mapped {
		mapped[i].Level = value(mapped[i].Level, 0)
	}
	return mapped
}

// decoys are the gauges with each matcher that they share turned into its
// opposite, one at a time.
func (m measured) decoys() [][]alerts.Gauge {
	var streams []slo.Stream
	for _, g := range m.gauges {
		streams = append(streams, slo.Stream{Metric: g.Metric, Match: g.Match})
	}
	var all [][]alerts.Gauge
	for some := range slices.Chunk(decoys(streams), max(1, len(streams))) {
		decoy := slices.Clone(m.gauges)
		for i := range decoy {
			decoy[i].Match = some[i].Match
		}
		all = append(all, decoy)
	}
	return all
}
