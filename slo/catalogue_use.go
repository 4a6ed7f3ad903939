package slo

import (
	"slices"

	"github.com/prometheus/common/model"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
)

// What alerts look up in the catalogue, beside what indicators do.

// Counter looks up a selector that must select counters. It is false if a
// finding makes it unusable.
func (c *Catalogue) Counter(s Selector, r *diag.Report) bool {
	return s.Selector != nil && c.checkCounter(s.text, s.Selector, r)
}

// Gauge looks up a selector of values that go up and down. It is false if a
// finding makes it unusable.
func (c *Catalogue) Gauge(s Selector, r *diag.Report) bool {
	if s.Selector == nil {
		return false // reported where it was read
	}
	m, ok := c.find(s.text, s.Selector, r)
	if m == nil {
		return ok
	}
	switch m.kind {
	case model.MetricTypeCounter, model.MetricTypeHistogram, model.MetricTypeSummary:
		r.Add(WrongMetricType, s.text.place(s.Selector.Name), "use a gauge", "%s is a %s, whose value alone says nothing about now", s.Selector.Name, m.kind)
		return false
	}
	return ok
}

// Summary looks up a selector of a summary's quantiles. It is false if a
// finding makes it unusable.
func (c *Catalogue) Summary(s Selector, r *diag.Report) bool {
	if s.Selector == nil {
		return false // reported where it was read
	}
	m, ok := c.find(s.text, s.Selector, r)
	if m == nil || m.kind == model.MetricTypeSummary || m.kind == model.MetricTypeUnknown || m.kind == model.MetricTypeGauge {
		return ok
	}
	help := "use a summary"
	if m.kind == model.MetricTypeHistogram {
		help = "compute the quantile from its buckets: latencyQuantile"
	}
	r.Add(WrongMetricType, s.text.place(s.Selector.Name), help, "%s is a %s, and only a summary holds quantiles", s.Selector.Name, m.kind)
	return false
}

// HasLabel tells whether a metric may have a label; where the catalogue does
// not know, it may.
func (c *Catalogue) HasLabel(metric, label string) bool {
	if !c.hasSeries(metric) || slices.Contains(c.targetLabels, label) {
		return true
	}
	_, ok := c.metrics[metric].labels[label]
	return ok
}

// TargetLabels are the labels that scraping adds to every series.
func (c *Catalogue) TargetLabels() []string {
	if c == nil {
		return []string{"job", "instance"}
	}
	return c.targetLabels
}

// Expression looks up every metric that an expression reads, and the labels by
// which it groups. It is false if one of them does not exist.
func (c *Catalogue) Expression(e Expression, r *diag.Report) bool {
	ok := true
	for _, read := range expr.Reads(e.Expr, 1) {
		if read.Selector.Name == "" || c == nil {
			continue // selected by other labels alone
		}
		_, found := c.find(e.text, read.Selector, r)
		ok = found && ok
	}
	if c != nil {
		ok = c.checkGrouping(e, r) && ok
	}
	return ok
}
