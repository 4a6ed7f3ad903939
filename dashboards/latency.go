package dashboards

import (
	"fmt"
	"math/big"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"slowburn/alerts"
	"slowburn/internal/spec"
	"slowburn/slo"
)

var one = big.NewRat(1, 1)

// quantiles are those that are shown, in percent.
var quantiles = []int64{50, 95, 99}

// latencies show how long events take, of each SLO that has a histogram, beside
// how long a good one may.
func latencies(s *alerts.Service) []dashboard.Panel {
	var panels []dashboard.Panel
	for _, o := range s.SLOs {
		timed, ok := o.SLI.(slo.Timed)
		if !ok {
			continue
		}
		limit, perSecond := timed.Slowest()
		unit := unitSeconds
		if perSecond == 1000 {
			unit = unitMilliseconds
		}
		var queries []query
		for _, q := range quantiles {
			of := timed.Quantile(big.NewRat(q, 100), rateInterval, chosenValues(o.Per)...)
			queries = append(queries, query{of: of, legend: legend(fmt.Sprintf("p%d", q), o.Per), every: s.ScrapeInterval})
		}
		panels = append(panels, graph{
			title: "Latency of " + o.Name, unit: unit, queries: queries, limits: levels(colourNone, level{limit, colourBad}), floor: given(0.0),
			description: fmt.Sprintf("How long the fastest %d, %d and %d of a hundred take at most, estimated from the histogram. The SLO wants %s within the line.",
				quantiles[0], quantiles[1], quantiles[2], spec.FormatPercent(o.Objective)),
		}.panel())
	}
	return panels
}
