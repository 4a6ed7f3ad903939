package slo

import (
	"slices"

	"github.com/prometheus/common/model"
)

// Type is a metric's type; unknown where the catalogue does not know it.
func (c *Catalogue) Type(metric string) model.MetricType {
	if c == nil || c.metrics[metric] == nil {
		return model.MetricTypeUnknown
	}
	return c.metrics[metric].kind
}

// Buckets are the finite bounds of a classic histogram, ascending, by the name
// of the histogram without _bucket; empty where the catalogue has none.
func (c *Catalogue) Buckets(histogram string) []float64 {
	if c == nil || c.metrics[histogram] == nil {
		return nil
	}
	return slices.Clone(c.metrics[histogram].buckets)
}

// Has tells whether the catalogue has a metric, under the name of its series.
func (c *Catalogue) Has(metric string) bool {
	return c != nil && c.metrics[metric] != nil
}

// Names are the names that series of the catalogue have, sorted.
func (c *Catalogue) Names() []string {
	if c == nil {
		return nil
	}
	var names []string
	for name := range c.metrics {
		if c.hasSeries(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
