package alerts

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

func alertNamed(t *testing.T, s *Service, name string) Alert {
	t.Helper()
	for _, a := range s.All() {
		if a.Name == name {
			return a
		}
	}
	t.Fatalf("no alert %s", name)
	return Alert{}
}

func TestExplainRatios(t *testing.T) {
	tight := strings.Replace(serviceText, "objective: 99%", "objective: 99.999%", 1)
	for _, c := range []struct {
		name, text, alert string
		want              []string
	}{
		{"2 % in 1h of 28d", serviceText, "SearchSLOFast", []string{
			"1% 1 never", "2% 2 never", "5% 5 never", "10% 10 never", "13.44% 13.44 never", "above 13.44% 13.44 1h 0s 2%",
			"20% 20 40m19.2s 1m38.4s 2%", "50% 50 16m7.7s 3m39.4s 2%", "100% 100 8m3.8s 4m19.7s 2%",
		}},
		{"a factor below 1", serviceText, "SearchSLOSlow", []string{
			"0.9333% 0.9333 never", "above 0.9333% 0.9333 3d 0s 10%", "1% 1 2d19h12m 24m 10%", "2% 2 1d9h36m 3h12m 10%", "5% 5 13h26m24s 4h52m48s 10%",
			"10% 10 6h43m12s 5h26m24s 10%", "20% 20 3h21m36s 5h43m12s 10%", "50% 50 1h20m38.4s 5h53m16.8s 10%", "100% 100 40m19.2s 5h56m38.4s 10%",
		}},
		{"a small budget goes in powers of ten", tight, "SearchSLOFast", []string{
			"0.001% 1 never", "0.002% 2 never", "0.005% 5 never", "0.01% 10 never", "0.01344% 13.44 never", "above 0.01344% 13.44 1h 0s 2%",
			"0.02% 20 40m19.2s 1m38.4s 2%", "0.05% 50 16m7.7s 3m39.4s 2%", "0.1% 100 8m3.8s 4m19.7s 2%", "1% 1000 48.4s 4m56s 2%",
			"10% 10000 4.8s 4m59.6s 2%", "100% 100000 483.84ms 5m 2%",
		}},
		{"a large budget never fires", strings.Replace(serviceText, "objective: 99%", "objective: 50%", 1), "SearchSLOFast", []string{"50% 1 never", "100% 2 never"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := Explain(alertNamed(t, build(t, c.text), c.alert), nil)
			var got []string
			for _, r := range x.Burn.ByRatio {
				row := spec.FormatPercent(r.Errors.Rat) + " " + spec.FormatDecimal(r.Rate.Rat)
				if r.JustAbove {
					row = "above " + row
				}
				if r.FiresAfter == nil {
					row += " never"
				} else {
					row += fmt.Sprintf(" %s %s %s", spec.FormatDuration(time.Duration(*r.FiresAfter)), spec.FormatDuration(time.Duration(*r.ClearsAfter)), spec.FormatPercent(r.Spent.Rat))
				}
				got = append(got, row)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if never := x.Burn.NeedsObjective != nil; never != (x.Burn.Outage == nil) || never != (x.Burn.Traffic == nil) {
				t.Error("what can never fire has an outage that fires it")
			}
		})
	}
}

// TestExplainTraffic holds what few events do, with and without a guard.
func TestExplainTraffic(t *testing.T) {
	for _, c := range []struct{ guard, want string }{
		{"0", "1 below 74.4048: 10 6m 6m, 100 36s 48.4s, 1000 3.6s 48.4s, 10000 360ms 48.4s"},
		{"1", "1 below 74.4048: 10 6m 6m, 100 36s 48.4s, 1000 3.6s 48.4s, 10000 360ms 48.4s"},
		{"20", "20 below 1488.0952: 10 2h never, 100 12m 12m, 1000 1m12s 1m12s, 10000 7.2s 48.4s"},
	} {
		text := strings.Replace(serviceText, "minErrors: 3", "minErrors: "+c.guard, 1)
		tr := Explain(alertNamed(t, build(t, text), "OrdersSLOFast"), nil).Burn.Traffic
		var rows []string
		for _, r := range tr.ByTraffic {
			fires := "never"
			if r.FiresAfter != nil {
				fires = spec.FormatDuration(time.Duration(*r.FiresAfter))
			}
			rows = append(rows, fmt.Sprintf("%d %s %s", r.Events, spec.FormatDuration(time.Duration(r.ErrorsTake)), fires))
		}
		if got := fmt.Sprintf("%d below %s: %s", tr.Errors, spec.FormatDecimal(tr.Least.Rat), strings.Join(rows, ", ")); got != c.want {
			t.Errorf("guard %s\ngot  %s\nwant %s", c.guard, got, c.want)
		}
	}
}

// TestExplainCost holds that costs come from the expressions, whatever they are.
func TestExplainCost(t *testing.T) {
	s := build(t, serviceText)
	page := "# TYPE search_seconds histogram\nsearch_seconds_bucket{le=\"0.5\",path=\"a\"} 1\nsearch_seconds_bucket{le=\"0.5\",path=\"b\"} 1\nsearch_seconds_count{path=\"a\"} 1\n"
	var r diag.Report
	s.Catalogue = slo.ReadCatalogue(&diag.Source{Text: []byte(page)}, nil, &r)
	fast := alertNamed(t, s, "SearchSLOFast")
	for _, c := range []struct {
		name, expr string
		want       []string
	}{
		{"as it is compiled", "", []string{
			`slo:sli_error:ratio_rate5m search_seconds_bucket{le="0.5"} 5m: 2 of 10`, `slo:sli_error:ratio_rate5m search_seconds_count 5m: 1 of 10`,
			`slo:sli_error:ratio_rate1h search_seconds_bucket{le="0.5"} 1h: 2 of 120`, `slo:sli_error:ratio_rate1h search_seconds_count 1h: 1 of 120`,
			`SearchSLOFast slo:sli_error:ratio_rate1h{service="shop",slo="search"} 0s: 1 of 1`, `SearchSLOFast slo:sli_error:ratio_rate5m{service="shop",slo="search"} 0s: 1 of 1`,
			"392 + 0",
		}},
		{"a subquery, what is read twice, what nobody counted", `max_over_time(slo:sli_error:ratio_rate5m[1h:1m]) > 0.1 and rate(x[1h]) > rate(x[1h])`, []string{
			`slo:sli_error:ratio_rate5m search_seconds_bucket{le="0.5"} 5m: 2 of 10`, `slo:sli_error:ratio_rate5m search_seconds_count 5m: 1 of 10`,
			`SearchSLOFast slo:sli_error:ratio_rate5m 1h: 1 of 60`, `SearchSLOFast x 1h: ? of 240`,
			"90 + 240",
		}},
	} {
		a := fast
		if c.expr != "" {
			e, err := expr.Parse(c.expr)
			if err != nil {
				t.Fatal(err)
			}
			a.Expr = e
		}
		cost := Explain(a, nil).Cost
		var got []string
		for _, r := range cost.Reads {
			series := "?"
			if r.Series != nil {
				series = fmt.Sprint(*r.Series)
			}
			got = append(got, fmt.Sprintf("%s %s %s: %s of %d", r.Rule, r.Selector, spec.FormatDuration(time.Duration(r.Back)), series, r.Samples))
		}
		got = append(got, fmt.Sprintf("%d + %d", cost.Samples, cost.Uncounted))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestExplainAbsence(t *testing.T) {
	s := build(t, serviceText)
	routing, _ := route(t, routingText, s)
	x := Explain(alertNamed(t, s, "SearchSLOMetricsAbsent"), routing)
	if diff := cmp.Diff(&AbsenceExplanation{Gone: []string{"search_seconds_count", `search_seconds_bucket{le="0.5"}`}, For: Seconds(10 * time.Minute)}, x.Absence); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if x.Burn != nil || time.Duration(x.Delay.Total) != 11*time.Minute {
		t.Errorf("burn %v, at most %s late", x.Burn, time.Duration(x.Delay.Total))
	}
	if diff := cmp.Diff([]string{"log", "chat"}, x.Receivers); diff != "" {
		t.Errorf("receivers (-want +got)\n%s", diff)
	}
	text, err := json.Marshal(x)
	if err != nil || !strings.Contains(string(text), `"objective":0.99,`) || !strings.Contains(string(text), `"totalSeconds":660}`) {
		t.Errorf("%s (%v)", text, err)
	}
}
