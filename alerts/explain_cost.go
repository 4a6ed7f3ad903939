package alerts

import (
	"slices"
	"time"

	"slowburn/internal/expr"
	"slowburn/slo"
)

// Cost is what an alert makes Prometheus read each time that it is evaluated,
// with the recording rules that it reads from. Other alerts may share those.
type Cost struct {
	Reads []CostRead `json:"reads"`
	// Samples are those of all selectors whose series could be counted, in one instance of the service.
	Samples int `json:"samples"`
	// Uncounted are the samples of all others, for one series each.
	Uncounted int `json:"samplesOfOneUncountedSeriesEach"`
	// Catalogue tells that series were counted in the metric catalogue.
	Catalogue bool `json:"catalogue"`
}

// CostRead is a selector that a rule reads, be it over several windows and at
// several offsets.
type CostRead struct {
	Rule     string  `json:"rule"`
	Selector string  `json:"selector"`
	Every    Seconds `json:"everySeconds"`          // that the rule is evaluated
	Back     Seconds `json:"backSeconds,omitempty"` // to the oldest sample; 0 where only the newest is read
	Series   *int    `json:"series"`                // nil where nobody counted them
	Samples  int     `json:"samplesOfEachSeries"`   // in one evaluation
}

// recordedRule is a recording rule with how often it is evaluated.
type recordedRule struct {
	slo.RecordingRule
	every  time.Duration
	series *int // one for each group of the SLO; nil where nobody counted them
}

// costOf derives what is read from the expressions themselves.
func costOf(a Alert) Cost {
	s := a.Service
	recorded := recordedOf(a.SLO)
	c := Cost{Catalogue: s.Catalogue != nil}
	for _, r := range recordedFor(a, recorded) {
		c.add(r, s, recorded)
	}
	c.add(recordedRule{slo.RecordingRule{Record: a.Name, Expr: a.Expr}, s.EvaluationInterval, nil}, s, recorded)
	for _, r := range c.Reads {
		if r.Series == nil {
			c.Uncounted += r.Samples
		} else {
			c.Samples += *r.Series * r.Samples
		}
	}
	return c
}

// recordedOf are the recording rules of an SLO, of which there may be none.
func recordedOf(o *slo.SLO) []recordedRule {
	var recorded []recordedRule
	if o == nil {
		return nil
	}
	var series *int
	if n, ok := o.Groups(); ok {
		series = &n
	}
	for _, set := range o.RuleSets() {
		for _, r := range set.Rules {
			recorded = append(recorded, recordedRule{r, set.Interval, series})
		}
	}
	return recorded
}

// recordedFor are the recording rules that an alert reads, also by way of
// others, in the order in which they are recorded.
func recordedFor(a Alert, recorded []recordedRule) []recordedRule {
	used := map[string]bool{}
	var follow func(e expr.Expr)
	follow = func(e expr.Expr) {
		for _, read := range expr.Reads(e, a.Service.EvaluationInterval) {
			for _, r := range recorded {
				if r.Record == read.Selector.Name && !used[r.Record] {
					used[r.Record] = true
					follow(r.Expr)
				}
			}
		}
	}
	follow(a.Expr)
	return slices.DeleteFunc(slices.Clone(recorded), func(r recordedRule) bool { return !used[r.Record] })
}

// add adds what a rule reads.
func (c *Cost) add(rule recordedRule, s *slo.Service, recorded []recordedRule) {
	first := len(c.Reads)
	for _, read := range expr.Reads(rule.Expr, s.EvaluationInterval) {
		series, interval := seriesOf(read.Selector, s, recorded)
		row := CostRead{
			Rule: rule.Record, Selector: expr.Before(read.Selector, 0).String(), Every: Seconds(rule.every),
			Back: Seconds(read.Back), Series: series, Samples: read.Samples(interval),
		}
		same := slices.IndexFunc(c.Reads[first:], func(r CostRead) bool { return r.Selector == row.Selector })
		if same < 0 {
			c.Reads = append(c.Reads, row)
			continue
		}
		known := &c.Reads[first+same]
		known.Back, known.Samples = max(known.Back, row.Back), known.Samples+row.Samples
	}
}

// seriesOf is how many series a selector matches, or nil, and how often they
// have a sample. What an SLO records is one series, with its identity, for each group.
func seriesOf(s expr.Selector, of *slo.Service, recorded []recordedRule) (*int, time.Duration) {
	if i := slices.IndexFunc(recorded, func(r recordedRule) bool { return r.Record == s.Name }); i >= 0 {
		return recorded[i].series, recorded[i].every
	}
	if n, ok := of.Catalogue.CountSeries(s); ok {
		return &n, of.ScrapeInterval
	}
	return nil, of.ScrapeInterval
}

func seconds(d time.Duration) *Seconds {
	s := Seconds(d)
	return &s
}
