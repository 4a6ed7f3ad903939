package slo

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
)

// checkGauge looks up a selector of series that have a value at any time.
func (c *Catalogue) checkGauge(text fragment, s expr.Selector, r *diag.Report) bool {
	m, ok := c.find(text, s, r)
	if m == nil {
		return ok
	}
	help := ""
	switch m.kind {
	case model.MetricTypeGauge, model.MetricTypeUnknown:
		return ok
	case model.MetricTypeSummary:
		return c.checkQuantile(text, s, m, r) && ok
	case model.MetricTypeCounter:
		help = "count its events with availability"
	case model.MetricTypeHistogram, model.MetricTypeGaugeHistogram:
		help = "count its requests with latency"
	default:
		help = "use a gauge"
	}
	r.Add(WrongMetricType, text.place(s.Name), help, "%s is a %s, which has no value of its own at any time", s.Name, m.kind)
	return false
}

// checkQuantile reports a selector that does not pick one quantile of a summary.
func (c *Catalogue) checkQuantile(text fragment, s expr.Selector, m *metric, r *diag.Report) bool {
	if m.labels == nil {
		return true // only the type is known
	}
	of := slices.DeleteFunc(expr.LabelMatchers(s), func(m *labels.Matcher) bool { return m.Name != model.QuantileLabel })
	fits := func(value string) bool {
		return !slices.ContainsFunc(of, func(m *labels.Matcher) bool { return !m.Matches(value) })
	}
	var picked []string
	for _, q := range m.labels[model.QuantileLabel] {
		if fits(q) {
			picked = append(picked, q)
		}
	}
	have := strings.Join(m.labels[model.QuantileLabel], ", ")
	switch {
	case have == "":
		r.Add(UnknownQuantile, text.place(s.Name), "count its requests by another metric, or let the service compute quantiles", "%s is a summary without quantiles", s.Name)
	case len(picked) == 0:
		r.Add(UnknownQuantile, text.place(model.QuantileLabel), "use one of "+have, "%s has no such quantile", s.Name)
	case len(picked) > 1:
		r.Add(UnknownQuantile, text.place(s.Name), `match one, such as quantile="`+picked[len(picked)-1]+`"`, "this is %d quantiles of %s: %s", len(picked), s.Name, strings.Join(picked, ", "))
	default:
		return true
	}
	return false
}
