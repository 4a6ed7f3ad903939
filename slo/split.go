package slo

import (
	"slices"
	"strconv"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// What classifying events finds.
var (
	OneSided = &diag.Kind{Name: "one-sided", Severity: diag.Error, Doc: `An indicator counts every event as bad, or none.

What the total selects decides already what the classifier asks for: with total: requests{status="500"}, bad: status=~"5.."
is true of all, and bad: status="404" of none. The alert would always fire, or never.`}
	OneSidedCatalogue = &diag.Kind{Name: "one-sided-catalogue", Severity: diag.Note, Doc: `In the catalogue, all series of an indicator are classified alike.

Either the classifier is misspelt (status=~"50" for status=~"50."), or the page was captured when nothing had failed yet.
Capture it again after a failure, or add the line that a failure makes: the catalogue is yours to edit.`}
	NothingGood = &diag.Kind{Name: "nothing-good", Severity: diag.Warning, Doc: `In the catalogue, no series of an indicator is good.

A page on which nothing ever failed is usual, one on which everything did is not: the classifier is probably misspelt
(outcome="confirm" for outcome="confirmed"), or bad and good are swapped (bad: result="ok"), and the alert fires for ever. The
same goes for counters of which almost everything that was counted is bad, and for a time slice whose values are all beyond its limit.`}
)

// checkSplit reports a classifier that all events of total satisfy, or none.
// The key is the one that it stands under.
func (c *Catalogue) checkSplit(key string, class Classifier, total Selector, r *diag.Report) bool {
	selected := expr.LabelMatchers(total.Selector)
	for _, m := range selected {
		if contradicts(selected, m.Name) {
			r.Add(OneSided, total.text.place(m.Name), "keep one of its matchers of "+m.Name, "no series has a label %s that all of this matches", m.Name)
			return false
		}
	}
	if class.Selector != nil {
		if class.Selector.String() == total.Selector.String() {
			r.Add(OneSided, class.text.Pos(), "select fewer", "every event is %s: this is the total", key)
			return false
		}
		c.checkSeenCounts(key, class, total.Selector, r)
		return true
	}
	for _, m := range class.Matchers {
		if contradicts(slices.Concat(selected, class.Matchers), m.Name) {
			r.Add(OneSided, class.text.place(m.Name), "match what the total leaves open", "no event is %s: the total has no series with %s", key, m)
			return false
		}
	}
	decided := func(m *labels.Matcher) bool { return contradicts(append(slices.Clone(selected), expr.Not(m)), m.Name) }
	if !slices.ContainsFunc(class.Matchers, func(m *labels.Matcher) bool { return !decided(m) }) {
		r.Add(OneSided, class.text.Pos(), "match what the total leaves open", "every event is %s: all series of the total have %s", key, class.text.Value().Text)
		return false
	}
	c.checkSeenSplit(key, class, total.Selector, r)
	return true
}

// contradicts tells whether matchers of a label cannot all match: not all such
// are known, but those that are, are certain.
func contradicts(matchers []*labels.Matcher, label string) bool {
	var of []*labels.Matcher
	for _, m := range matchers {
		if m.Name == label {
			of = append(of, m)
		}
	}
	fits := func(value string) bool {
		return !slices.ContainsFunc(of, func(m *labels.Matcher) bool { return !m.Matches(value) })
	}
	for _, m := range of {
		switch {
		case m.Type == labels.MatchEqual && !fits(m.Value):
			return true
		case m.Type == labels.MatchRegexp && len(m.SetMatches()) > 0 && !slices.ContainsFunc(m.SetMatches(), fits):
			return true
		case m.Type == labels.MatchNotRegexp && m.Value == ".*":
			return true
		case slices.ContainsFunc(of, func(o *labels.Matcher) bool { return o.String() == expr.Not(m).String() }):
			return true
		}
	}
	return false
}

// checkSeenSplit does the same by the series of the catalogue, if there are
// several. Whether labels match that scraping adds, it does not know.
func (c *Catalogue) checkSeenSplit(key string, class Classifier, total expr.Selector, r *diag.Report) {
	all, known := c.CountSeries(total)
	if !known || all < 2 || slices.ContainsFunc(class.Matchers, func(m *labels.Matcher) bool { return slices.Contains(c.targetLabels, m.Name) }) {
		return
	}
	if c.misspelt(total.Name, class.Matchers) {
		return // reported with the value that was meant
	}
	kind, help := OneSidedCatalogue, "correct it, or capture /metrics again after a failure"
	classified, _ := c.CountSeries(class.within(total))
	if (key == "good") == (classified == 0) {
		kind, help = NothingGood, "correct it, or capture /metrics again"
		if m := class.Matchers[0]; len(class.Matchers) == 1 && m.Type == labels.MatchEqual {
			help = spec.Suggest(m.Value, c.Values(total.Name, m.Name))
		}
	}
	switch classified {
	case 0:
		r.Add(kind, class.text.Pos(), help, "of the %d series of %s in the catalogue none is %s", all, total.Name, key)
	case all:
		r.Add(kind, class.text.Pos(), help, "of the %d series of %s in the catalogue all are %s", all, total.Name, key)
	default:
		c.checkSeenCounts(key, class, total, r)
	}
}

// Of so many events no service that works has so large a share of bad ones.
const leastCounted, mostBad = 100, 0.9

// checkSeenCounts reports a classifier by which almost everything that the
// catalogue has counted is bad.
func (c *Catalogue) checkSeenCounts(key string, class Classifier, total expr.Selector, r *diag.Report) {
	all, bad := sumOf(c.seen(total)), sumOf(c.seen(class.within(total)))
	help := "swap good and bad: write good: in place of bad:"
	if key == "good" {
		bad, help = all-bad, "swap good and bad: write bad: in place of good:"
	}
	if all >= leastCounted && bad > mostBad*all && bad <= all {
		r.Add(NothingGood, class.text.Pos(), help+", or capture /metrics again", "in the catalogue %s of %s events of %s are bad", counted(bad), counted(all), total.Name)
	}
}

// counted is a number of events in a sentence.
func counted(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func sumOf(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}
