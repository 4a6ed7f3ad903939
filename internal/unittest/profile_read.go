package unittest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// profileSpec is profile: in an input series.
type profileSpec struct {
	spec.Node
	// Rate is the number of events in a second; of a gauge, its value.
	Rate amount `json:"rate" jsonschema:"required"`
	// Night is a time of day (UTC) with another rate.
	Night *nightSpec `json:"night"`
	// Bursts are times with a multiple of the rate.
	Bursts []burstSpec `json:"bursts"`
	// Ramps are linear changes to another rate.
	Ramps []rampSpec `json:"ramps"`
	// Resets are when the counter starts again at 0.
	Resets []spec.Duration `json:"resets"`
	// Gaps are times without scrapes.
	Gaps []gapSpec `json:"gaps"`
	// Churn ends the series now and then, and begins another.
	Churn *churnSpec `json:"churn"`
	// Poisson draws the number of events at random.
	Poisson *poissonSpec `json:"poisson"`
	// Gauge makes the value the rate itself.
	Gauge bool `json:"gauge"`
	// For is how long the series lasts, until the end of the test if it is not given.
	For spec.Duration `json:"for"`
}

type nightSpec struct {
	Times amount        `json:"times" jsonschema:"required"`
	From  spec.Duration `json:"from" jsonschema:"required"`
	To    spec.Duration `json:"to" jsonschema:"required"`
}

type burstSpec struct {
	At    spec.Duration `json:"at" jsonschema:"required"`
	For   spec.Duration `json:"for" jsonschema:"required"`
	Times amount        `json:"times" jsonschema:"required"`
	Every spec.Duration `json:"every"`
}

type rampSpec struct {
	From spec.Duration `json:"from" jsonschema:"required"`
	To   spec.Duration `json:"to" jsonschema:"required"`
	Rate amount        `json:"rate" jsonschema:"required"`
}

type gapSpec struct {
	From spec.Duration `json:"from" jsonschema:"required"`
	To   spec.Duration `json:"to" jsonschema:"required"`
}

type churnSpec struct {
	Every spec.Duration `json:"every" jsonschema:"required"`
	Label spec.Text     `json:"label" jsonschema:"required"`
}

type poissonSpec struct {
	Seed spec.Count `json:"seed" jsonschema:"required"`
}

// amount is a number that is not negative.
type amount struct {
	spec.Node
	value float64
}

// DecodeSpec implements spec.Decoder.
func (a *amount) DecodeSpec(v *spec.Value, r *diag.Report) {
	a.Node = spec.NodeOf(v)
	f, err := strconv.ParseFloat(v.Text, 64)
	if v.Kind != spec.Number || err != nil || f < 0 || math.IsInf(f, 0) || math.IsNaN(f) {
		r.Add(spec.BadValue, v.Pos, "write a number, 0 or above", "%s is not an amount", v.Kind)
		return
	}
	a.value = f
}

// readProfile makes series of a profile.
func (l *loader) readProfile(s inputSeries) {
	var read profileSpec
	before := l.report.Len()
	spec.Decode(s.profile, &read, l.report)
	name := joined{{s.series, textOf(s.series)}}
	lset, err := expr.Parser.ParseMetric(name.text())
	if err != nil {
		reportParse(l.report, name, s.item.Pos, 0, "", err)
	}
	if l.report.Len() > before {
		return
	}
	p := l.profile(&read)
	samples := float64(p.length/l.test.interval) + 1
	if samples+p.breaks(p.length)+l.lives(p) > float64(l.left) {
		l.report.Add(TooManySamples, s.profile.Pos, "shorten it, or raise --max-samples", "the profile needs more than the %d samples that a test may still have", l.left)
	}
	if l.report.Len() > before {
		return
	}
	l.left -= int(samples)
	at := name.at(s.item.Pos, 0, len(name.text()))
	for i, points := range p.scrape(l.test.interval) {
		l.add(&written{labels: l.named(lset, &read, i), points: points, pos: at})
	}
}

// lives is how many series a profile makes.
func (l *loader) lives(p *profile) float64 {
	if p.churn == 0 {
		return 1
	}
	return float64(p.length/p.churn) + 1
}

// named are the labels of a life of a series: its label is numbered.
func (l *loader) named(lset labels.Labels, read *profileSpec, life int) labels.Labels {
	if read.Churn == nil {
		return lset.WithoutEmpty()
	}
	label := read.Churn.Label.Text
	value := lset.Get(label)
	if value == "" {
		value = label
	}
	b := labels.NewBuilder(lset)
	b.Set(label, fmt.Sprintf("%s-%d", value, life))
	return b.Labels()
}

// profile checks what no type does, and fills in what is not given.
func (l *loader) profile(read *profileSpec) *profile {
	p := &profile{gauge: read.Gauge, length: l.until}
	if read.For.IsSet() {
		p.length = min(read.For.Duration, l.until) // what comes later is not seen
	}
	p.rate = read.Rate.value
	p.midnight = l.test.start.Sub(l.test.start.Truncate(day))
	if n := read.Night; n != nil {
		p.night = &night{n.Times.value, n.From.Duration, n.To.Duration}
		if p.night.from >= day || p.night.to > day || p.night.from == p.night.to {
			l.report.Add(spec.BadValue, n.From.Pos(), "write times of day in UTC: from: 22h, to: 6h", "the night from %s to %s is not one", n.From, n.To)
		}
	}
	for _, b := range read.Bursts {
		p.bursts = append(p.bursts, burst{b.At.Duration, b.For.Duration, b.Every.Duration, b.Times.value})
		if b.For.Duration <= 0 {
			l.report.Add(spec.BadValue, b.For.Pos(), "write 5m or the like", "a burst that lasts %s is none", b.For)
		}
		if b.Every.IsSet() && b.Every.Duration <= b.For.Duration {
			l.report.Add(spec.BadValue, b.Every.Pos(), "make them shorter", "the bursts come every %s and last %s", b.Every, b.For)
		}
	}
	last := time.Duration(0)
	for _, r := range read.Ramps {
		if r.From.Duration < last || r.To.Duration <= r.From.Duration {
			l.report.Add(spec.BadValue, r.From.Pos(), "write ramps in order, each from before to", "the ramp from %s to %s begins before the last one ends, or ends before it begins", r.From, r.To)
		}
		last = r.To.Duration
		p.ramps = append(p.ramps, ramp{r.From.Duration, r.To.Duration, r.Rate.value})
	}
	for _, at := range read.Resets {
		p.resets = append(p.resets, at.Duration)
	}
	slices.Sort(p.resets)
	for _, g := range read.Gaps {
		p.gaps = append(p.gaps, span{g.From.Duration, g.To.Duration})
		if g.To.Duration <= g.From.Duration {
			l.report.Add(spec.BadValue, g.From.Pos(), "swap them", "the gap ends at %s, before it begins at %s", g.To, g.From)
		}
	}
	if c := read.Churn; c != nil {
		p.churn = c.Every.Duration
		if p.churn <= 0 {
			l.report.Add(spec.BadValue, c.Every.Pos(), "write 1h or the like", "series cannot end every %s", c.Every)
			p.churn = 0
		}
	}
	if read.Poisson != nil {
		p.poisson = newPoisson(uint64(read.Poisson.Seed.N))
	}
	if p.gauge && (len(p.resets) > 0 || p.poisson != nil) {
		l.report.Add(spec.BadValue, read.Pos(), "leave out gauge, or resets and poisson", "a gauge counts nothing that could be drawn or reset")
	}
	return p
}
