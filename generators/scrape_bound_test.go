package generators

import (
	"slices"
	"testing"
	"time"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/slo"
)

// TestScrapeChoices holds that a chart offers no interval with which a range of
// its rules would hold too few samples, and always that of the spec.
func TestScrapeChoices(t *testing.T) {
	for _, c := range []struct {
		expr    string
		every   time.Duration
		longest string
	}{
		{"sum(rate(a_total[5m])) > 1", 15 * time.Second, "1m"},
		{"sum(rate(a_total[2m])) > sum(rate(a_total[1h]))", 15 * time.Second, "30s"},
		{"sum(rate(a_total[1m])) > 1", 30 * time.Second, "30s"},
		{"max_over_time(a[2m]) > 1", 30 * time.Second, "2m"},
		{"increase(job:a:sum[1m]) > 1", 30 * time.Second, "2m"}, // nobody scrapes it
		{"a > 1", 7 * time.Minute, "7m"},
	} {
		e, err := expr.Parse(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		s := &alerts.Service{Service: &slo.Service{ScrapeInterval: c.every}, Thresholds: []alerts.Alert{{Expr: e}}}
		choices := scrapeChoices(s)
		if last := choices[len(choices)-1]; last != c.longest {
			t.Errorf("%s: got %v, want up to %s", c.expr, choices, c.longest)
		}
	}
	var of settings
	of.choice("interval", "", "30s", []string{"", "15s", "30s", "1m"})
	of.choice("interval", "", "15s", []string{"", "15s", "30s"})
	if got := of[0].schema["enum"].([]string); !slices.Equal(got, []string{"", "15s", "30s"}) || of[0].fallback != "" {
		t.Errorf("of two: %v, default %v", got, of[0].fallback)
	}
}
