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
	case metric == "up", slices.ContainsFunc(gaugeSuffixes, func(suffix string) bool { return strings.HasSuffix(metric, suffix) }):
		return model.MetricTypeGauge
	}
	return model.MetricTypeUnknown
}

// isTotal tells whether a metric surely counts events. _total alone does not
// say so: it is also what there is in total, of bytes, members or nodes offline.
func isTotal(metric string) bool {
	what, ok := strings.CutSuffix(metric, "_total")
	return ok && slices.Contains(events, what[strings.LastIndexByte(what, '_')+1:])
}

// events are the last words of names of what happens, rather than of what there is.
var events = []string{
	"requests", "responses", "errors", "failures", "failed", "successes", "succeeded", "retries", "restarts", "reloads", "resets", "crashes",
	"timeouts", "exceptions", "panics", "rejected", "rejections", "dropped", "drops", "discarded", "evictions", "evicted", "expired",
	"hits", "misses", "received", "sent", "processed", "created", "deleted", "attempts", "invocations", "executions", "calls", "queries", "scrapes",
}

// gaugeSuffixes are endings of names that only gauges have.
var gaugeSuffixes = []string{"_info", "_ratio", "_celsius", "_timestamp_seconds"}

func hasMatcher(s *parser.VectorSelector, label string) bool {
	return slices.ContainsFunc(s.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == label })
}
