package simulate

import (
	"math/big"
	"time"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// records are the snapshots of what an SLO's rules record: after one evaluation
// and after none for a while, over a past with and without holes.
func records(o *slo.SLO) []*snapshot {
	b := newBooks(o)
	usual := b.history(mixed)
	var all []*snapshot
	add := func(name string, load *Load, missed ...Span) {
		all = append(all, b.snapshot(name, load, missed))
	}
	add("all is evaluated", usual)
	if !o.IsCounted() {
		return all
	}
	now, period := b.now, o.Service.Period
	ago := func(from, until time.Duration) Span { return Span{now - from + counting, now - until} }
	for _, gap := range []time.Duration{2, 3, 4, 5, 6, 7, 25, 39, 109, 4 * 60, 20 * 60} {
		add("nothing was evaluated for "+spec.FormatDuration(gap*time.Minute), usual, ago(gap*time.Minute, 0))
	}
	for _, thirds := range []time.Duration{2, 5, 7} {
		gap := (thirds * period / 3).Truncate(counting)
		add("nothing was evaluated for "+spec.FormatDuration(gap), usual, ago(gap, 0))
		add("nothing was evaluated for "+spec.FormatDuration(gap)+", some time ago", usual, ago(gap, 150*time.Minute))
	}
	add("nothing was evaluated for 13h, some time ago", usual, ago(13*time.Hour, 150*time.Minute))
	add("nothing was ever evaluated", usual, ago(20*period, 0))
	add("no errors yet", b.history(spotless))
	for _, w := range o.Windows() { // a rate needs samples in its window
		if !o.FromSums(w) && o.SLI.Slice() == 0 {
			unscraped := b.unscraped(w*13/20, -time.Hour)
			unscraped.Phases, unscraped.LateErrors = b.history(spotless).Phases, true
			add("no errors yet, and nothing was scraped for "+spec.FormatDuration(w*13/20), unscraped)
		}
	}
	if eachWeight(o) == 0 { // Prometheus probes at all times
		add("no traffic any more", b.history(quiet))
	}
	if eachWeight(o) > 0 && len(o.Per) > 0 {
		return all // how many probes of one group a gap swallows depends on its instance
	}
	for _, gap := range []time.Duration{45 * time.Second, 90 * time.Second, 4 * time.Minute, 330 * time.Second, 7 * time.Minute} {
		add("nothing was scraped for "+spec.FormatDuration(gap), b.unscraped(gap, -time.Hour))
	}
	for _, gap := range []time.Duration{270 * time.Second, 7 * time.Minute} {
		add("nothing was scraped for "+spec.FormatDuration(gap)+", until now", b.unscraped(gap, time.Second))
	}
	for _, gap := range []time.Duration{4 * time.Minute, 7 * time.Minute} {
		add("Prometheus was down for "+spec.FormatDuration(gap), b.unscraped(gap, -time.Hour), ago(gap, 0))
	}
	add("Prometheus was down for 4m, and the target since before", b.unscraped(7*time.Minute, -time.Hour), ago(4*time.Minute, 0))
	for _, past := range []time.Duration{10 * time.Second, 40 * time.Second} { // rules are evaluated at any second of a minute
		later := books{o, now + past}
		all = append(all, later.snapshot("rules are evaluated "+past.String()+" past the minute, for the first time in 20m", later.history(mixed),
			[]Span{{later.now - 20*time.Minute + counting, later.now}}))
	}
	if o.SLI.Slice() == 0 {
		reset := b.history(mixed)
		reset.Resets = []time.Duration{now - o.Service.ScrapeInterval/2 - time.Second}
		add("counters were reset", reset)
	}
	return all
}

// books are what the snapshots of an SLO's records share.
type books struct {
	slo *slo.SLO
	now time.Duration
}

func newBooks(o *slo.SLO) books {
	b := books{slo: o}
	// Neither on the grid of six hours nor far from it; what is scraped begins at 0.
	b.now = (b.scrapes() + settle).Truncate(farApart) + farApart + 2*time.Hour
	return b
}

// scrapes is for how long there are scrapes: as far back as any rule reads them.
func (b books) scrapes() time.Duration {
	longest := remembers + lookback
	for _, w := range b.slo.Windows() {
		if !b.slo.FromSums(w) {
			longest = max(longest, w)
		}
	}
	return longest
}

// What the shares of bad events were, by their age.
var (
	mixed    = []*big.Rat{big.NewRat(1, 2), big.NewRat(3, 4), big.NewRat(1, 4)}
	spotless = []*big.Rat{none}
	quiet    = []*big.Rat{}
)

// youngest is the age up to which the first share of a history lasts, each of the
// following ones lasting as long as all before it. No window ends at such an age.
const youngest = 210 * time.Second

// history is a load of several periods in which every window, and one half or
// twice as long, has another share of bad events.
func (b books) history(shares []*big.Rat) *Load {
	f := frameOf(b.slo)
	load := &Load{LateErrors: len(shares) < 2}
	age, ages := youngest, []time.Duration{0}
	for ; age < 4*b.slo.Service.Period; age *= 2 {
		ages = append(ages, age)
	}
	ages = append(ages, age)
	for i := len(ages) - 2; i >= 0; i-- {
		rate, share := f.rate, none
		if b.slo.SLI.Slice() == 0 {
			rate *= []float64{1, 2, 0.5}[i%3]
		}
		switch {
		case len(shares) == 0 && ages[i+1] < 8*max(time.Hour, f.longest):
			rate = 0
		case i == 0 && len(shares) > 0:
			share = shares[0]
		case len(shares) > 1:
			share = shares[1+(i-1)%2]
		}
		load.Phases = append(load.Phases, newPhase(b.now-ages[i+1], rate, share))
	}
	return load
}

// unscraped is a history in which nothing was scraped from one age to another.
func (b books) unscraped(from, until time.Duration) *Load {
	load := b.history(mixed)
	load.Gaps = []Span{{b.now - from + 1, b.now - until}}
	return load
}

// snapshot is what is recorded of a load where evaluations were missed.
func (b books) snapshot(name string, load *Load, missed []Span) *snapshot {
	o := b.slo
	s := &snapshot{name: name, watch: Span{b.now, b.now + 2*counting}, interval: o.Service.EvaluationInterval}
	s.of = func(r *rulefile.Rule) bool { return r.Record != "" && isOf(o, r) }
	was := past{b.now, missed}
	var ledgers []*ledger
	for _, m := range membersOf(o, load) {
		if m.load != load {
			m.load.Phases[0].From = load.Phases[0].From
		}
		m.load.cut(o, s.watch.Until)
		l := &ledger{slo: o, load: m.load, past: was, grown: map[time.Duration]events{}, counts: map[time.Duration]bool{}, window: o.Service.Period}
		for at := b.now; at <= s.watch.Until; at += counting {
			if o.IsCounted() {
				l.evaluate(at)
			}
			s.records = append(s.records, l.records(m, at)...)
		}
		ledgers = append(ledgers, l)
	}
	s.records = append(s.records, b.constants()...)
	s.given = func() *engine.Storage { return b.given(load, ledgers, s.watch.Until) }
	return s
}

// constants are what is recorded of the objective.
func (b books) constants() []record {
	budget, _ := b.slo.Budget().Float64()
	objective, _ := b.slo.Objective.Float64()
	var all []record
	for metric, v := range map[string]float64{
		slo.ObjectiveMetric: objective, slo.BudgetMetric: budget, slo.PeriodMetric: b.slo.Service.Period.Hours() / 24,
	} {
		all = append(all, record{metric: metric, labels: series(metric, b.slo, member{}), at: b.now, low: v, high: v})
	}
	return all
}

// isOf tells whether a rule is one of an SLO's.
func isOf(o *slo.SLO, r *rulefile.Rule) bool {
	for _, l := range o.Identity() {
		if r.Labels[l.Name.Text] != l.Value.Text {
			return false
		}
	}
	return true
}
