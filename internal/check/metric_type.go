package check

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// typeOf is the type of what a selector selects. A catalogue knows; without
// one, names tell where the convention leaves no doubt, and everything else is
// unknown (https://prometheus.io/docs/practices/naming/).
func (p *Pass) typeOf(s *parser.VectorSelector) model.MetricType {
	metric := metricOf(s)
	if !p.isScraped(metric) {
		return model.MetricTypeUnknown
	}
	for _, c := range p.around.Catalogues {
		if t := c.Type(metric); t != model.MetricTypeUnknown {
			return t
		}
	}
	switch {
	case strings.HasSuffix(metric, "_bucket") && hasMatcher(s, model.BucketLabel):
		return model.MetricTypeCounter
	case isTotal(metric):
		return model.MetricTypeCounter
	case isGauge(metric):
		return model.MetricTypeGauge
	}
	return model.MetricTypeUnknown
}

func hasMatcher(s *parser.VectorSelector, label string) bool {
	return slices.ContainsFunc(s.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == label })
}
