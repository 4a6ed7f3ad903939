package compiled

import (
	"context"
	"fmt"
	"testing"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/simulate"
	"slowburn/slo"
)

// fourTiers is an SLO with the workbook's tiers, at an evaluation interval and with
// windows above some length from running totals.
const fourTiers = `apiVersion: slowburn/v1
kind: Service
name: shop
owner: shop
scrapeInterval: 30s
evaluationInterval: %s
sumsAbove: %s
period: 30d
burn:
  - {name: Page1h, budget: 2%%, windows: [1h, 5m], labels: {severity: page}}
  - {name: Page6h, budget: 5%%, windows: [6h, 30m], labels: {severity: page}}
  - {name: Ticket1d, budget: 10%%, windows: [1d, 2h], labels: {severity: ticket}}
  - {name: Ticket3d, budget: 10%%, windows: [3d, 6h], labels: {severity: ticket}}
slos:
  - name: requests
    objective: %s
    availability: {total: 'http_requests_total{job="api"}', bad: 'code=~"5.."'}
`

// TestEqualInTheAlert wants alerts to fire and clear with the cheap rules when
// they do with raw ranges, in every generated scenario: never earlier, and at
// most a minute later, the time between two counts. Where counting and judging
// go at the same pace it is the same minute, unless the ratio creeps over the
// threshold, and the scrape more that a raw range extrapolates makes the difference.
func TestEqualInTheAlert(t *testing.T) {
	for _, evaluated := range []string{"1m", "30s"} {
		spans, apart := 0, 0
		for _, objective := range []string{"99%", "99.9%"} {
			cheap, raw := observed(t, objective, evaluated, "1h"), observed(t, objective, evaluated, "30d")
			if len(cheap) != len(raw) {
				t.Fatalf("%d observations beside %d", len(cheap), len(raw))
			}
			for i, of := range raw {
				late, ok := later(cheap[i].Observed, of.Observed)
				if !ok || late > slo.SumInterval {
					t.Errorf("%s, every %s, %s: %s fires at %v, by raw ranges at %v", objective, evaluated, of.Scenario.Name, of.Prediction.Alert, cheap[i].Observed, of.Observed)
				}
				spans += len(of.Observed)
				if late > 0 {
					apart++
				}
			}
		}
		t.Logf("every %s: %d of %d times an alert fires it is not the same evaluation", evaluated, apart, spans)
		if spans < 50 || evaluated == "1m" && apart*10 > spans {
			t.Errorf("every %s: %d of %d times an alert fires it is not the same minute", evaluated, apart, spans)
		}
	}
}

// later is by how much an alert fires or clears later at most; false if it is
// earlier, or another number of times.
func later(cheap, raw []simulate.Span) (time.Duration, bool) {
	if len(cheap) != len(raw) {
		return 0, false
	}
	most := time.Duration(0)
	for i := range raw {
		from, until := cheap[i].From-raw[i].From, cheap[i].Until-raw[i].Until
		if from < 0 || until < 0 {
			return 0, false
		}
		most = max(most, from, until)
	}
	return most, true
}

func observed(t *testing.T, objective, evaluated, sumsAbove string) []simulate.Result {
	t.Helper()
	service, groups, err := Rules(fmt.Appendf(nil, fourTiers, evaluated, sumsAbove, objective))
	if err != nil {
		t.Fatal(err)
	}
	var r diag.Report
	results, err := simulate.RunAll(context.Background(), simulate.Resolve(simulate.ScenariosSpec{}, service, &r).All(), groups, simulate.Options{})
	if err != nil || r.HasErrors() {
		t.Fatal(err, r.Findings())
	}
	return results
}
