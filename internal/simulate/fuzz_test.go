package simulate

import (
	"strings"
	"testing"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// FuzzThresholds holds that no alert of a spec breaks anything: what is wrong is
// found, and what is not has rules that parse to what was composed, and
// scenarios with series.
func FuzzThresholds(f *testing.F) {
	for line := range strings.Lines(thresholdAlerts) {
		if alert, ok := strings.CutPrefix(strings.TrimSpace(line), "- "); ok && strings.HasPrefix(alert, "{name") {
			f.Add(alert)
		}
	}
	f.Add(`{name: A, volume: {available: avail_bytes, size: size_bytes, per: [claim], fullWithin: {time: 1m, usedAbove: 0}}, keepFiringFor: 1w}`)
	f.Add(`{name: A, expr: '-lag_seconds / 0 > -5e300', annotations: {x: '{{'}}`)
	var r diag.Report
	catalogue := slo.ReadCatalogue(&diag.Source{Name: "m", Text: []byte(thresholdMetrics)}, []string{"job", "instance"}, &r)
	f.Fuzz(func(t *testing.T, alert string) {
		var r diag.Report
		text := "name: shop\nsignals: [{name: requests, expr: requests_total}]\nalerts:\n  - " + strings.ReplaceAll(alert, "\n", "\n    ") + "\n"
		docs := spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)
		if len(docs) == 0 {
			return
		}
		var doc struct {
			slo.ServiceSpec
			alerts.AlertsSpec
			ScenariosSpec
		}
		spec.Decode(docs[0], &doc, &r)
		s := alerts.Resolve(&doc.AlertsSpec, slo.Resolve(&doc.ServiceSpec, catalogue, &r), &r)
		scenarios := ResolveAlerts(doc.ScenariosSpec, s, &r)
		if r.HasErrors() {
			return
		}
		for _, a := range s.Thresholds {
			parsed, err := expr.Parse(expr.String(a.Expr))
			if err != nil || parsed.String() != a.Expr.String() {
				t.Errorf("%s is read back as %v (%v)", a.Expr, parsed, err)
			}
		}
		for i := range scenarios {
			series := 0
			if scenarios[i].Watch.Until > 1e15 { // eleven days: what is long is long for its own reasons
				continue
			}
			scenarios[i].scraped.eachSeries(scenarios[i].Watch.Until, nil, func(made) { series++ })
			if series == 0 {
				t.Errorf("scenario %s of %s has no series", scenarios[i].Name, scenarios[i].Subject.Name())
			}
		}
	})
}
