package generators

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// scrapeIntervals are those that a chart offers, as far as its rules allow them.
var scrapeIntervals = []string{"1s", "2s", "3s", "5s", "10s", "15s", "20s", "30s", "45s", "60s", "1m", "90s", "1m30s", "2m", "3m", "4m", "5m"}

// freshFor is how long Prometheus takes a sample for the present value.
const freshFor = 5 * time.Minute

// longestScrape is the longest interval with which no range of a service's rules
// holds fewer samples than its function needs; that of the spec is always taken.
func longestScrape(s *alerts.Service) time.Duration {
	longest := freshFor / 2 // one scrape may fail
	for _, e := range s.RuleExpressions() {
		parser.Inspect(e, func(n parser.Node, path []parser.Node) error {
			ranged, ok := n.(*parser.MatrixSelector)
			if !ok || isRecorded(ranged.VectorSelector) {
				return nil
			}
			needed := 1
			if call, ok := path[len(path)-1].(*parser.Call); ok {
				needed = max(1, expr.NeededScrapes(call.Func.Name))
			}
			longest = min(longest, ranged.Range/time.Duration(needed))
			return nil
		})
	}
	return max(longest, s.ScrapeInterval)
}

// isRecorded tells whether a selector is one of series that rules record, not
// one of what is scraped.
func isRecorded(e parser.Expr) bool {
	name, _ := expr.MetricName(e.(expr.Selector))
	return strings.Contains(name, ":")
}

// scrapeChoices are the intervals up to the longest one, that of the spec among them,
// and "" for that of the spec.
func scrapeChoices(s *alerts.Service) []string {
	longest := longestScrape(s)
	choices := []string{""}
	for _, text := range scrapeIntervals {
		if d, err := model.ParseDuration(text); err == nil && time.Duration(d) <= longest {
			choices = append(choices, text)
		}
	}
	if own := spec.FormatDuration(s.ScrapeInterval); !slices.Contains(choices, own) {
		choices = append(choices, own)
	}
	return choices
}
