package alerts

import (
	"slices"
	"time"

	"slowburn/internal/expr"
	"slowburn/slo"
)

// SLOCost is what the rules of an SLO make Prometheus read and store.
type SLOCost struct {
	Service string      `json:"service"`
	SLO     string      `json:"slo"`
	Groups  []GroupCost `json:"groups"`
	Rules   int         `json:"rules"`
	Series  int         `json:"series"`
	// Samples that are read a minute, and those that raw windows would read.
	SamplesPerMinute    float64   `json:"samplesPerMinute"`
	RawSamplesPerMinute float64   `json:"rawSamplesPerMinute"`
	RawWindows          []Seconds `json:"rawWindowsSeconds"`
	RawEvery            Seconds   `json:"rawEverySeconds"`
	// Catalogue tells that series were counted in the metric catalogue; where
	// nobody counted them a selector is taken to have one.
	Catalogue bool `json:"catalogue"`
	// Per are the labels that make an SLO of each group, Members the number of such
	// groups in the catalogue; nil where nobody counted them, and one is assumed.
	Per     []string `json:"per,omitempty"`
	Members *int     `json:"members,omitempty"`
	// SeriesPerMember is what each group records.
	SeriesPerMember int `json:"seriesPerMember,omitempty"`
}

// GroupCost is the part of a rule group.
type GroupCost struct {
	Group            string  `json:"group"`
	Every            Seconds `json:"everySeconds"`
	Rules            int     `json:"rules"`
	Series           int     `json:"series"`  // that it records
	Samples          int     `json:"samples"` // read by one evaluation
	SamplesPerMinute float64 `json:"samplesPerMinute"`
}

// ExplainSLO says what the rules of an SLO cost, beside the same error ratios
// by raw windows, evaluated as often as alerts are.
func ExplainSLO(of SLOAlerts) SLOCost {
	o := of.SLO
	c := SLOCost{Service: o.Service.Name, SLO: o.Name, Catalogue: o.Service.Catalogue != nil, RawEvery: Seconds(o.Service.EvaluationInterval)}
	recorded := recordedSeries{every: map[string]time.Duration{}, members: 1}
	if n, ok := o.Groups(); ok && len(o.Per) > 0 {
		recorded.members, c.Members = n, &n
	}
	c.Per = o.Per
	for _, set := range o.RuleSets() {
		for _, r := range set.Rules {
			recorded.every[r.Record] = set.Interval
		}
	}
	add := func(purpose string, interval time.Duration, records []slo.RecordingRule, alerts []Alert) {
		g := GroupCost{Group: o.GroupName(purpose), Every: Seconds(interval), Rules: len(records) + len(alerts)}
		for _, r := range records {
			g.Samples += recorded.samplesRead(r.Expr, o)
			g.Series += recorded.of(r.Expr)
			if len(o.Per) > 0 && len(expr.Reads(r.Expr, time.Minute)) > 0 {
				c.SeriesPerMember++
			}
		}
		for _, a := range alerts {
			g.Samples += recorded.samplesRead(a.Expr, o)
		}
		if g.Rules > 0 {
			g.SamplesPerMinute = perMinute(g.Samples, interval)
			c.Groups = append(c.Groups, g)
		}
	}
	for _, set := range o.RuleSets() {
		var evaluated []Alert
		if set.Purpose == slo.BurnRate {
			evaluated = of.Burn
		}
		add(set.Purpose, set.Interval, set.Rules, evaluated)
	}
	add("absence", o.Service.EvaluationInterval, nil, of.Absence)
	for _, g := range c.Groups {
		c.Rules += g.Rules
		c.Series += g.Series
		c.SamplesPerMinute += g.SamplesPerMinute
	}
	for _, w := range slices.Compact(append(o.Windows(), o.Service.Period)) {
		c.RawWindows = append(c.RawWindows, Seconds(w))
		c.RawSamplesPerMinute += perMinute(recorded.samplesRead(o.SLI.ErrorRatio(w), o), o.Service.EvaluationInterval)
	}
	return c
}

// recordedSeries are how often series are recorded, and for how many groups.
type recordedSeries struct {
	every   map[string]time.Duration
	members int
}

// of is how many series an expression records: one for each group, unless it is a constant.
func (rec recordedSeries) of(e expr.Expr) int {
	if len(expr.Reads(e, time.Minute)) == 0 {
		return 1
	}
	return rec.members
}

// samplesRead is what one evaluation of an expression reads. Recorded series
// have a sample as often as they are recorded, all others one a scrape.
func (rec recordedSeries) samplesRead(e expr.Expr, o *slo.SLO) int {
	sum := 0
	for _, read := range expr.Reads(e, o.Service.EvaluationInterval) {
		if interval, ok := rec.every[read.Selector.Name]; ok {
			sum += rec.members * read.Samples(interval)
			continue
		}
		series, ok := o.Service.Catalogue.CountSeries(read.Selector)
		if !ok {
			series = 1
		}
		sum += series * read.Samples(o.Service.ScrapeInterval)
	}
	return sum
}

func perMinute(samples int, interval time.Duration) float64 {
	return float64(samples) * time.Minute.Seconds() / interval.Seconds()
}
