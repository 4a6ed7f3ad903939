package simulate

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"slowburn/internal/spec"
	"slowburn/slo"
)

// TestWorkbook reproduces the cases of the SRE workbook's chapter 5, with exact
// values where the book rounds: predicted by arithmetic, and observed by rules
// that are written as the book writes them.
func TestWorkbook(t *testing.T) {
	const m, h = time.Minute, time.Hour
	for _, c := range []struct {
		name          string
		objective     string
		factor        string
		long, short   time.Duration // no short window: 0
		errors        string
		outage        time.Duration
		fires, clears string // after the first error, after the last one; "" if silent
	}{
		{"10m window", "0.999", "1", 10 * m, 0, "1", 10 * m, "600ms", "9m59.4s"},
		{"36h window", "0.999", "1", 36 * h, 0, "1", 5 * m, "2m9.6s", "35h57m50.4s"},
		{"1h, 5 % of the budget", "0.999", "36", h, 0, "1", 10 * m, "2m9.6s", "57m50.4s"},
		{"1h, a burn of 35", "0.999", "36", h, 0, "0.035", 2 * h, "", ""},
		{"14.4 over 1h and 5m", "0.999", "14.4", h, 5 * m, "1", 10 * m, "51.84s", "4m55.68s"},
		{"6 over 6h and 30m", "0.999", "6", 6 * h, 30 * m, "1", 10 * m, "2m9.6s", "29m49.2s"},
		{"3 over 1d and 2h", "0.999", "3", 24 * h, 2 * h, "1", 10 * m, "4m19.2s", "1h59m38.4s"},
		{"1 over 3d and 6h", "0.999", "1", 72 * h, 6 * h, "1", 10 * m, "4m19.2s", "5h59m38.4s"},
		{"15 % errors for 10m", "0.999", "14.4", h, 5 * m, "0.15", 10 * m, "5m45.6s", "4m31.2s"},
		{"15 % errors, long window alone", "0.999", "14.4", h, 0, "0.15", 10 * m, "5m45.6s", "54m14.4s"},
		{"15 % errors, short window alone", "0.999", "14.4", 5 * m, 0, "0.15", 10 * m, "28.8s", "4m31.2s"},
		{"99.5 %, five minutes", "0.995", "14.4", h, 5 * m, "1", 5 * m, "4m19.2s", "4m38.4s"},
		{"99.5 %, a minute", "0.995", "14.4", h, 5 * m, "1", m, "", ""},
		{"90 % can never fire", "0.9", "14.4", h, 5 * m, "1", 2 * h, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := workbookSLO(t, c.objective, c.factor, c.long, c.short)
			s := frameOf(o).outage(c.outage, rat(c.errors), none)
			s.Name = c.name
			s = s.predicted(newPredictions())
			p := s.Predictions[0]
			if fires, clears := edges(&s, p.Fires); fires != c.fires || clears != c.clears {
				t.Errorf("predicted to fire after %q and clear after %q, want %q and %q", fires, clears, c.fires, c.clears)
			}
			if p.Close {
				t.Error("too close to call")
			}
			results, err := RunAll(context.Background(), []Scenario{s}, groups(t, workbookRules(o)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r := results[0]; !r.OK() {
				t.Errorf("predicted %s, observed %s\n%s", r.Predicted(), r.Saw(), r.Timeline())
			}
		})
	}
}

// TestOneFailure holds the workbook's low-traffic case: ten requests an hour,
// one of which fails, are a burn of 100 at 99.9 % (the book prints 1000).
func TestOneFailure(t *testing.T) {
	o := workbookSLO(t, "0.999", "14.4", time.Hour, 5*time.Minute)
	f := frameOf(o)
	f.rate = 10. / 3600
	s := f.scenario(&Load{Phases: []Phase{newPhase(0, f.rate, none)}, Failures: []time.Duration{f.begin - 6*time.Minute}}, Span{f.begin, f.begin})
	q := question{condition: burning(o, &o.Tiers[0]), load: s.Load, watch: s.Watch}
	bad, total := q.counted(f.begin, time.Hour, false)
	if burn := bad / (total - 1) / 0.001; burn < 99.9 || burn > 100.1 {
		t.Errorf("a burn of %v, want 100", burn)
	}
}

func rat(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return r
}

// edges are when an alert fires and clears, relative to the scenario's event.
func edges(s *Scenario, spans []Span) (fires, clears string) {
	if len(spans) != 1 {
		return "", ""
	}
	text := func(d time.Duration) string { return d.Round(10 * time.Millisecond).String() }
	return text(spans[0].From - s.Event.From), text(spans[0].Until - s.Event.Until)
}

// workbookSLO is an SLO with one tier, which may have a single window.
func workbookSLO(t *testing.T, objective, factor string, long, short time.Duration) *slo.SLO {
	t.Helper()
	list, findings := scenarios(t, "  - {name: a, slo: orders, outage: 5m, expect: {Fast: {}}}\n")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	o := *list[0].SLO
	o.Objective = rat(objective)
	budget := new(big.Rat).Sub(everything, o.Objective)
	period := 30 * 24 * time.Hour
	share := new(big.Rat).Mul(rat(factor), big.NewRat(int64(long), int64(period)))
	o.Tiers = []slo.Tier{{Name: "Fast", Alert: "Fast", Burn: slo.Burn{Share: share, Budget: budget, Period: period, Long: long, Short: short}}}
	return &o
}

// workbookRules are the rules of tiers, of which a short window is optional,
// and the alert on absent metrics if there is one.
func workbookRules(o *slo.SLO) string {
	var rules []string
	add := func(format string, args ...any) { rules = append(rules, "      - {"+fmt.Sprintf(format, args...)+"}") }
	for _, tier := range o.Tiers {
		threshold, _ := tier.Threshold().Float64()
		var above []string
		for _, w := range []time.Duration{tier.Long, tier.Short} {
			if w == 0 {
				continue
			}
			window := spec.PrometheusDuration(w)
			add(`record: ratio%s, expr: 'sum(rate(http_requests_total{job="api",method="GET",status=~"5.."}[%s])) / sum(rate(http_requests_total{job="api",method="GET"}[%s]))', labels: {service: shop, slo: orders}`, window, window, window)
			above = append(above, fmt.Sprintf("ratio%s > %v", window, threshold))
		}
		condition := strings.Join(above, " and ")
		if o.MinErrors > 0 {
			condition = fmt.Sprintf(`(%s) and on() (sum(increase(http_requests_total{job="api",method="GET",status=~"5.."}[%s])) >= %d)`, condition, spec.PrometheusDuration(tier.Long), o.MinErrors)
		}
		add("alert: %s, expr: '%s'", o.AlertName(tier), condition)
	}
	if o.Service.Absence.Enabled {
		add(`alert: %s, expr: 'absent(sum(http_requests_total{job="api",method="GET"}))', for: %s, labels: {service: shop, slo: orders}`, o.AbsenceAlertName(), spec.PrometheusDuration(o.Service.Absence.For))
	}
	return fmt.Sprintf("groups:\n  - name: orders\n    interval: %s\n    rules:\n%s\n", spec.PrometheusDuration(o.Service.EvaluationInterval), strings.Join(rules, "\n"))
}
