package traffic

import (
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
)

// scrape does what Prometheus does within a second, after the second's events.
func (p *pods) scrape(s int) {
	for _, of := range p.live {
		if of.next/1000 == int64(s) {
			p.scrapePod(of, s)
		}
	}
	// A target that is gone ends its series when it would have been scraped.
	p.gone = slices.DeleteFunc(p.gone, func(of *pod) bool {
		due := of.next/1000 == int64(s)
		if due && !p.world.IsDown(time.Duration(of.next)*time.Millisecond) {
			p.endAll(of, of.next)
		}
		return due
	})
}

// scrapePod scrapes a pod, a few milliseconds late. One scrape in 500 fails,
// and up to three after it; one while the process is not up fails, too.
func (p *pods) scrapePod(of *pod, s int) {
	at := of.next + p.luck.Int64N(max(1, min(8, 1000-of.next%1000)))
	of.next += Scrape.Milliseconds()
	if of.failing == 0 && p.luck.IntN(500) == 0 {
		of.failing = 1 + p.luck.IntN(4)
	}
	switch {
	case p.world.IsDown(time.Duration(at) * time.Millisecond):
		clear(of.exposed) // forgotten, when it starts again
	case of.failing > 0:
		of.failing--
		p.endAll(of, at)
	case s < of.from:
		p.endAll(of, at)
	default:
		for i, n := range of.counts {
			if n > 0 {
				p.add(of, i, at, float64(n))
			} else {
				p.endOne(of, i, at)
			}
		}
	}
}

// endAll ends all series of a pod.
func (p *pods) endAll(of *pod, at int64) {
	for i := range codes {
		p.endOne(of, i, at)
	}
}

// endOne writes a stale marker if the series was there at the last scrape.
func (p *pods) endOne(of *pod, i int, at int64) {
	if of.exposed[i] {
		p.add(of, i, at, engine.Stale)
		of.exposed[i] = false
	}
}

func (p *pods) add(of *pod, i int, at int64, v float64) {
	if of.series[i] < 0 {
		of.series[i] = len(p.world.Series)
		p.world.Series = append(p.world.Series, Series{Labels: labels.FromStrings(
			model.MetricNameLabel, Metric, "job", Job, "instance", of.instance, "code", codes[i].code)})
	}
	to := &p.world.Series[of.series[i]]
	to.Times = append(to.Times, Begin.UnixMilli()+at)
	to.Values = append(to.Values, v)
	of.exposed[i] = true
}
