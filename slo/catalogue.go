package slo

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// What the catalogue finds.
var (
	CatalogueSyntax = &diag.Kind{Name: "catalogue-syntax", Severity: diag.Error, Doc: `The metric catalogue is not in Prometheus' text format.

It is what a scrape of /metrics returns: save one with curl.`}
	UnknownMetric = &diag.Kind{Name: "unknown-metric", Severity: diag.Error, Doc: `A metric is not in the catalogue.

A selector that matches nothing makes an SLO look perfect for ever. Correct the name, or capture /metrics again if the
metric is new.`}
	UnknownLabel = &diag.Kind{Name: "unknown-label", Severity: diag.Error, Doc: `A metric has no such label in the catalogue.

A matcher on a label that no series has matches nothing, or everything. Labels that scraping adds (job, instance) are set
by targetLabels in the spec.`}
	UnknownBucket = &diag.Kind{Name: "unknown-bucket", Severity: diag.Error, Doc: `A latency limit is not a bucket of the histogram.

A classic histogram counts only at its buckets' bounds: between two of them nobody knows how many answers were fast enough.
Choose a bound that exists, or add the bucket to the service.`}
	WrongMetricType = &diag.Kind{Name: "wrong-metric-type", Severity: diag.Error, Doc: `A metric is of a type that the indicator cannot use.

Availability needs a counter, since a gauge has no rate. Latency needs a histogram: a summary holds quantiles that were
computed in the service, and no ratio of requests can be had from those.`}
	NoCatalogue = &diag.Kind{Name: "no-catalogue", Severity: diag.Note, Doc: `The service has no metric catalogue.

Without one (metrics: FILE, a captured /metrics) nobody notices here that a metric, label or bucket does not exist.`}
)

// Catalogue knows the metrics that a service exposes. A nil Catalogue knows nothing and objects to nothing.
type Catalogue struct {
	metrics map[string]*metric
	// targetLabels are those that scraping adds to every series.
	targetLabels []string
}

type metric struct {
	kind    dto.MetricType
	labels  map[string][]string // values seen, by label; nil if not known
	buckets []float64           // finite bounds of a histogram, ascending
}

// ReadCatalogue reads a captured /metrics page.
func ReadCatalogue(src *diag.Source, targetLabels []string, r *diag.Report) *Catalogue {
	if !spec.CheckText(src, r) {
		return nil
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(src.Text))
	if err != nil {
		at := diag.Pos{Source: src}
		message := err.Error()
		if rest, ok := strings.CutPrefix(message, "text format parsing error in line "); ok {
			line, tail, _ := strings.Cut(rest, ": ")
			if at.Line, err = strconv.Atoi(line); err == nil {
				message = tail
			}
		}
		r.Add(CatalogueSyntax, at, "save what curl gets from /metrics", "%s", message)
		return nil
	}
	c := &Catalogue{metrics: map[string]*metric{}, targetLabels: targetLabels}
	for name, f := range families {
		c.add(name, f)
	}
	// What Prometheus itself records about every target.
	for _, name := range []string{"up", "scrape_duration_seconds", "scrape_samples_scraped"} {
		c.metrics[name] = &metric{kind: dto.MetricType_GAUGE}
	}
	return c
}

func (c *Catalogue) add(name string, f *dto.MetricFamily) {
	m := &metric{kind: f.GetType()}
	if len(f.GetMetric()) > 0 { // without a series nobody knows the labels
		m.labels = map[string][]string{}
	}
	for _, series := range f.GetMetric() {
		for _, l := range series.GetLabel() {
			if values := m.labels[l.GetName()]; !slices.Contains(values, l.GetValue()) {
				m.labels[l.GetName()] = append(values, l.GetValue())
			}
		}
		for _, b := range series.GetHistogram().GetBucket() {
			if bound := b.GetUpperBound(); !slices.Contains(m.buckets, bound) && bound < 1e300 {
				m.buckets = append(m.buckets, bound)
			}
		}
	}
	for _, values := range m.labels {
		slices.Sort(values)
	}
	slices.Sort(m.buckets)
	c.metrics[name] = m
	if m.kind != dto.MetricType_HISTOGRAM && m.kind != dto.MetricType_SUMMARY {
		return
	}
	// The series of a histogram or summary are counters of their own.
	for _, suffix := range []string{"_count", "_sum", "_bucket"} {
		part := &metric{kind: dto.MetricType_COUNTER, labels: m.labels}
		if suffix == "_bucket" {
			if m.kind == dto.MetricType_SUMMARY {
				continue
			}
			if part.labels = maps.Clone(m.labels); part.labels != nil {
				part.labels[labels.BucketLabel] = nil
			}
		}
		c.metrics[name+suffix] = part
	}
}

// Labels are the labels that a metric was seen with.
func (c *Catalogue) Labels(metric string) []string {
	if c == nil || c.metrics[metric] == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.metrics[metric].labels))
}

// Values are the values that a label of a metric was seen with.
func (c *Catalogue) Values(metric, label string) []string {
	if c == nil || c.metrics[metric] == nil {
		return nil
	}
	return c.metrics[metric].labels[label]
}

// find looks a selector's metric up, and its labels. Without a catalogue it
// returns nil and true.
func (c *Catalogue) find(text fragment, s expr.Selector, r *diag.Report) (*metric, bool) {
	if c == nil {
		return nil, true
	}
	m := c.metrics[s.Name]
	if m == nil {
		r.Add(UnknownMetric, text.place(s.Name), spec.Suggest(s.Name, slices.Sorted(maps.Keys(c.metrics))), "the catalogue has no metric %q", s.Name)
		return nil, false
	}
	if m.labels == nil {
		return m, true
	}
	ok := true
	known := slices.Sorted(maps.Keys(m.labels))
	if m.kind == dto.MetricType_SUMMARY {
		known = append(known, model.QuantileLabel)
	}
	known = append(known, c.targetLabels...)
	for _, matcher := range expr.LabelMatchers(s) {
		if slices.Contains(known, matcher.Name) {
			continue
		}
		r.Add(UnknownLabel, text.place(matcher.Name), spec.Suggest(matcher.Name, known), "%s has no label %q", s.Name, matcher.Name)
		ok = false
	}
	return m, ok
}

// checkCounter looks up a selector that must select counters.
func (c *Catalogue) checkCounter(text fragment, s expr.Selector, r *diag.Report) bool {
	m, ok := c.find(text, s, r)
	if m == nil || m.kind == dto.MetricType_COUNTER || m.kind == dto.MetricType_UNTYPED {
		return ok
	}
	help := "use a counter"
	if m.kind == dto.MetricType_HISTOGRAM || m.kind == dto.MetricType_SUMMARY {
		help = "count its " + s.Name + "_count"
	}
	r.Add(WrongMetricType, text.place(s.Name), help, "%s is a %s, and only counters count events", s.Name, strings.ToLower(m.kind.String()))
	return false
}

// checkHistogram looks up the histogram of a latency indicator and returns its buckets.
func (c *Catalogue) checkHistogram(l *Latency, r *diag.Report) ([]float64, bool) {
	m, ok := c.find(l.Of.text, l.Of.Selector, r)
	if m == nil {
		return nil, ok
	}
	name := l.Of.Selector.Name
	if m.kind != dto.MetricType_HISTOGRAM {
		help := "use a histogram"
		if m.kind == dto.MetricType_SUMMARY {
			help = "expose a histogram: a summary has no buckets, so nobody can tell how many requests were fast enough"
		}
		r.Add(WrongMetricType, l.Of.text.place(name), help, "%s is a %s, and only a histogram counts requests by their latency", name, strings.ToLower(m.kind.String()))
		return nil, false
	}
	if !slices.Contains(m.buckets, l.limit) {
		bounds := make([]string, len(m.buckets))
		for i, b := range m.buckets {
			bounds[i] = formatBound(b)
		}
		r.Add(UnknownBucket, l.Within.Pos(), "use one of its bounds: "+strings.Join(bounds, ", "), "%s has no bucket that ends at %s", name, formatBound(l.limit))
		return nil, false
	}
	return m.buckets, ok
}
