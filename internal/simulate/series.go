package simulate

import (
	"math/big"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Synthetic series imitate two instances that are scraped at different moments,
// and several statuses: what a selector forgets to add up shows.
var instances = []instance{{"a.example:9090", 0.6, 0}, {"b.example:9090", 0.4, 11 * time.Second}}

type instance struct {
	name  string
	share float64       // of the traffic
	phase time.Duration // of its scrapes
}

// setShares spread an instance's events over series of different labels.
var setShares = []float64{0.7, 0.2, 0.1}

// start is the instant 0 of every simulation. Any would do.
var start = time.Unix(0, 0).UTC()

// source is what Prometheus scrapes in a scenario.
type source interface {
	// eachSeries makes the series, each with its samples up to an instant. With a
	// notebook all instances are scraped at once, and counters grow evenly: then they
	// can be written as a few numbers, and what it knows already has no samples.
	eachSeries(end time.Duration, notes *notebook, take takeSeries)
	// metrics are the names of the series.
	metrics() []string
}

// takeSeries takes a series with its samples.
type takeSeries func(made)

// made is a series that was made up.
type made struct {
	labels  labels.Labels
	times   []int64     // in milliseconds
	columns [][]float64 // its values; of a histogram those of each bucket

	histograms []*histogram.FloatHistogram // nil where one is stale, or all of them for floats
	print      func(values []float64) string
	key        string // in the notebook, or ""
}

// into is what adds series to a storage.
func into(s *engine.Storage) takeSeries {
	return func(m made) {
		if m.histograms == nil {
			s.Fill(m.labels, m.times, m.columns[0])
			return
		}
		s.FillHistograms(m.labels, m.times, m.histograms)
	}
}

// target is a service under a load.
type target struct {
	service *slo.Service
	streams []slo.Stream
	// pins are further matchers for all series: those of one member among several.
	pins []*labels.Matcher
	// beside are those of another member, which is healthy; nil if there is none.
	beside []*labels.Matcher
	load   *Load
	end    time.Duration
	notes  *notebook // nil, or what the series are written down in
	lone   bool      // one series a stream is enough: for decoys

	seen map[time.Duration][]moment // by the phase of scrapes, once they are known
}

// eachSeries implements source: the samples of every scrape of the streams under
// the load, and those of decoys: the same metrics with one label off, with more
// traffic, half of which fails all the time, which no selector may count.
func (t target) eachSeries(end time.Duration, notes *notebook, take takeSeries) {
	t.eachOwn(end, notes, take)
	t.end, t.notes = end, notes
	always := t
	always.seen = map[time.Duration][]moment{}
	always.load = &Load{Phases: []Phase{newPhase(0, 3*t.load.Phases[0].Rate, big.NewRat(1, 2))}}
	always.lone = true
	for _, decoy := range decoys(t.streams) {
		always.eachOf(decoy, take)
	}
	if t.beside == nil {
		return
	}
	other := t
	other.pins, other.seen = t.beside, map[time.Duration][]moment{}
	other.load = &Load{Phases: []Phase{newPhase(0, t.load.Phases[0].Rate, none)}}
	for _, stream := range t.streams {
		other.eachOf(stream, take)
	}
}

// eachOwn makes the series of the streams under the load alone.
func (t target) eachOwn(end time.Duration, notes *notebook, take takeSeries) {
	t.end, t.notes, t.seen = end, notes, map[time.Duration][]moment{}
	for _, stream := range t.streams {
		t.eachOf(stream, take)
	}
}

// metrics implements source.
func (t target) metrics() []string {
	var names []string
	for _, stream := range t.streams {
		names = append(names, stream.Metric)
	}
	return names
}

// NoSeries is an indicator that no series can be made up for.
var NoSeries = &diag.Kind{Name: "no-synthetic-series", Severity: diag.Warning, Doc: `An SLO or an alert cannot be proven: the series that it is about cannot be made up, or are too long.

Values for labels come from the metric catalogue, and from the matchers themselves. A matcher may be such that none of them fits;
a catalogue that has the real series helps.`}

// provable tells whether there are series for every stream of an SLO, and few
// enough samples of them, and reports it if not.
func provable(o *slo.SLO, r *diag.Report) bool {
	if f := frameOf(o); f.scrapes(2*f.longest) > maxScrapes {
		r.Add(NoSeries, o.Pos, "use a longer scrapeInterval, or shorter windows", "the alerts of %s cannot be proven: windows of %s take more than %d scrapes of %s",
			o.Name, spec.FormatDuration(f.longest), maxScrapes, spec.FormatDuration(o.Service.ScrapeInterval))
		return false
	}
	members := membersOf(o, &Load{Phases: []Phase{newPhase(0, 1, none)}})
	if len(members) == 0 {
		r.Add(NoSeries, o.Pos, "add such series to the metric catalogue", "the alerts of %s cannot be proven: no values of %s tell groups apart", o.Name, strings.Join(o.Per, ", "))
		return false
	}
	for _, m := range members {
		for _, stream := range o.SLI.Streams() {
			if _, err := m.target(o).labelSets(stream); err != nil {
				r.Add(NoSeries, o.Pos, "add such a series to the metric catalogue", "the alerts of %s cannot be proven: %v", o.Name, err)
				return false
			}
		}
	}
	return true
}

// eachOf makes the series of a stream: of each instance, and on it of each set
// of labels.
func (t target) eachOf(stream slo.Stream, take takeSeries) {
	sets, err := t.labelSets(stream)
	if err != nil {
		return // for a decoy: where no value is off, there is nothing to mistake for the real thing
	}
	on := instances
	if t.lone {
		sets = sets[:1]
	}
	if t.lone || sets[0].Get("instance") != "" { // it is one instance that is selected
		on = []instance{{instances[0].name, 1, 0}}
	}
	var shares []float64
	for _, on := range on {
		for _, share := range normal(setShares[:len(sets)]) {
			shares = append(shares, on.share*share)
		}
	}
	spreadOut := sync.OnceValues(func() (good, bad apportionment) { return t.apportioned(stream, shares) })
	common, known := recipe(nil), false
	if t.notes != nil {
		common, known = recipe{}.number(int64(t.end)).number(int64(t.service.ScrapeInterval)).load(t.load)
	}
	for i, at := range on {
		if t.notes != nil {
			at.phase = 0
		}
		for j, set := range sets {
			b := labels.NewBuilder(set)
			if set.Get("instance") == "" {
				b.Set("instance", at.name)
			}
			m := made{labels: b.Labels(), print: printFloat}
			n := i*len(sets) + j
			if known {
				m.key, _ = common.of(stream, n, shares)
			}
			if m.key == "" || !t.notes.knows(m.key) {
				good, bad := spreadOut()
				t.fill(&m, at, metersOf(stream, counter{stream, good, bad, n}, t.load, len(on)*len(sets)), stream)
			}
			take(m)
		}
	}
}

// apportioned are the events of a stream, spread over its series.
func (t target) apportioned(stream slo.Stream, shares []float64) (good, bad apportionment) {
	if stream.Gauge == nil {
		skewed := slices.Clone(shares) // what one series counts is no picture of all
		slices.Reverse(skewed)
		bad = apportion(t.load.bad(t.end), skewed)
		good = apportion(t.load.total(t.end)-t.load.bad(t.end), shares)
		good.fractions, bad.fractions = t.notes != nil, t.notes != nil
	}
	return good, bad
}

// fill gives a series its samples, a column a meter.
func (t target) fill(m *made, on instance, meters []meter, stream slo.Stream) {
	for _, meter := range meters {
		times, values := t.scrape(on, stream, meter)
		if t.notes != nil && stream.Gauge == nil {
			values = summable(values)
		}
		m.times, m.columns = times, append(m.columns, values)
	}
	if stream.Native != nil {
		m.makeHistograms(*stream.Native)
	}
}

// meter is what one series of a stream shows at a scrape.
type meter interface{ at(m moment) float64 }

// metersOf are what the columns of one of n series show.
func metersOf(stream slo.Stream, c counter, load *Load, n int) []meter {
	switch {
	case stream.Gauge != nil:
		return []meter{gauge{stream.Gauge, load, c.series, n}}
	case stream.Native != nil:
		good, bad := c, c
		good.stream.PerGood, bad.stream.PerBad = 1, 1
		return []meter{&good, &bad}
	}
	return []meter{&c}
}

// counter is what one series of a stream counts.
type counter struct {
	stream    slo.Stream
	good, bad apportionment
	series    int
}

// of is the counter after so many good and bad events.
func (c *counter) of(e events) float64 {
	return c.good.count(c.series, e.good)*c.stream.PerGood + c.bad.count(c.series, e.bad)*c.stream.PerBad
}

// at implements meter. A counter begins at zero when its process does.
func (c *counter) at(m moment) float64 {
	value := c.of(m.events)
	if m.before != (events{}) {
		value -= c.of(m.before)
	}
	return value
}

// scrape is what Prometheus would have stored of a series: nothing in a gap, and
// a stale marker when the target has gone.
func (t target) scrape(on instance, stream slo.Stream, of meter) (times []int64, values []float64) {
	moments := t.moments(on.phase)
	times, values = make([]int64, 0, len(moments)), make([]float64, 0, len(moments))
	present := false
	for _, m := range moments {
		value := of.at(m)
		switch {
		case m.gone:
			if !present {
				continue
			}
			present, value = false, engine.Stale
		case !present && value == 0 && (t.load.LateErrors && stream.OnlyErrors() || t.load.LateSuccesses && onlySuccesses(stream)):
			continue
		default:
			present = true
		}
		times = append(times, start.Add(m.at).UnixMilli())
		values = append(values, value)
	}
	return times, values
}

// onlySuccesses tells whether a stream counts good events and nothing else.
func onlySuccesses(s slo.Stream) bool { return s.PerBad == 0 && s.PerGood > 0 }
