package slo

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"

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
computed in the service, and no ratio of requests can be had from those. A time slice and a probe need what has a value of
its own at any time: a gauge, or one quantile of a summary.`}
	UnknownQuantile = &diag.Kind{Name: "unknown-quantile", Severity: diag.Error, Doc: `A selector picks none or several of a summary's quantiles.

The service computes its quantiles itself, each as a series with a label such as quantile="0.99". Match one of them, as it is
written there: 0.990 is another text.`}
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
	kind    model.MetricType
	labels  map[string][]string // values seen, by label, sorted; nil if not known
	buckets []float64           // finite bounds of a histogram, ascending
	series  []labels.Labels     // as they were seen
	values  []float64           // of the series
}

// ReadCatalogue reads a captured /metrics page, in Prometheus' text format or in OpenMetrics.
func ReadCatalogue(src *diag.Source, targetLabels []string, r *diag.Report) *Catalogue {
	if !spec.CheckText(src, r) || isOtherFormat(src, r) {
		return nil
	}
	c := &Catalogue{metrics: map[string]*metric{}, targetLabels: targetLabels}
	newParser := func(line []byte) textparse.Parser {
		return textparse.NewPromParser(line, labels.NewSymbolTable(), false)
	}
	if bytes.HasSuffix(bytes.TrimSpace(src.Text), []byte("# EOF")) {
		newParser = func(line []byte) textparse.Parser {
			return textparse.NewOpenMetricsParser(append(line, "# EOF\n"...), labels.NewSymbolTable())
		}
	}
	// Both formats are made of lines, so that reading one at a time tells the line of every mistake.
	ok, end := true, 0
	for line := range bytes.Lines(src.Text) {
		offset := end
		end += len(line)
		if text := bytes.TrimSpace(line); len(text) == 0 || string(text) == "# EOF" {
			continue
		}
		line = append(bytes.TrimRight(line, "\r\n"), '\n')
		if err := c.readLine(newParser(line)); err != nil {
			addSyntax(src, offset, line, err, r)
			ok = false
		}
	}
	if !ok {
		return nil
	}
	c.addDerived()
	return c
}

// readLine reads what a parser has: a series, a type, or a comment.
func (c *Catalogue) readLine(p textparse.Parser) error {
	for {
		entry, err := p.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case entry == textparse.EntryType:
			name, kind := p.Type()
			c.metric(string(name)).kind = kind
		case entry == textparse.EntrySeries:
			var lset labels.Labels
			p.Labels(&lset)
			_, _, value := p.Series()
			c.addSeries(lset, value)
		}
	}
}

func (c *Catalogue) metric(name string) *metric {
	if c.metrics[name] == nil {
		c.metrics[name] = &metric{kind: model.MetricTypeUnknown}
	}
	return c.metrics[name]
}

func (c *Catalogue) addSeries(lset labels.Labels, value float64) {
	m := c.metric(lset.Get(model.MetricNameLabel))
	if m.labels == nil {
		m.labels = map[string][]string{}
	}
	m.series, m.values = append(m.series, lset), append(m.values, value)
	lset.Range(func(l labels.Label) {
		if at, known := slices.BinarySearch(m.labels[l.Name], l.Value); !known && l.Name != model.MetricNameLabel {
			m.labels[l.Name] = slices.Insert(m.labels[l.Name], at, l.Value)
		}
	})
}

// addDerived gives series the type of the family that they belong to, and
// families of several series the labels and bounds of those.
func (c *Catalogue) addDerived() {
	for _, family := range slices.Sorted(maps.Keys(c.metrics)) {
		f := c.metrics[family]
		for _, suffix := range familySuffixes[f.kind] {
			if f.kind == model.MetricTypeCounter && c.metrics[family+suffix] == nil {
				continue // the text format's counter, which is called by its own name
			}
			part := c.metric(family + suffix)
			part.kind = model.MetricTypeCounter
			if f.labels == nil && part.labels != nil {
				f.labels = maps.Clone(part.labels)
				delete(f.labels, model.BucketLabel)
			}
			for _, le := range part.labels[model.BucketLabel] {
				if bound, err := strconv.ParseFloat(le, 64); err == nil && !math.IsInf(bound, 0) && suffix == "_bucket" {
					f.buckets = append(f.buckets, bound)
				}
			}
		}
		slices.Sort(f.buckets)
	}
	// What Prometheus itself records about every target.
	for _, name := range []string{"up", "scrape_duration_seconds", "scrape_samples_scraped"} {
		c.metric(name).kind = model.MetricTypeGauge
	}
}

// familySuffixes are what the series of a family are called, by its type. All
// of them count. OpenMetrics names a counter without its _total.
var familySuffixes = map[model.MetricType][]string{
	model.MetricTypeCounter:   {"_total"},
	model.MetricTypeHistogram: {"_bucket", "_count", "_sum"},
	model.MetricTypeSummary:   {"_count", "_sum"},
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

// find looks up the metric of a selector, and the labels that it matches.
// Without a catalogue it returns nil and true.
func (c *Catalogue) find(text fragment, s expr.Selector, r *diag.Report) (*metric, bool) {
	if c == nil {
		return nil, true
	}
	m := c.metrics[s.Name]
	if m == nil {
		r.Add(UnknownMetric, text.place(s.Name), spec.Suggest(s.Name, slices.Sorted(maps.Keys(c.metrics))), "the catalogue has no metric %q", s.Name)
		return nil, false
	}
	return m, c.checkLabels(text, s.Name, expr.LabelMatchers(s), r)
}

// checkLabels reports matched labels that a metric does not have. A metric that
// the catalogue lacks is reported elsewhere.
func (c *Catalogue) checkLabels(text fragment, metric string, matchers []*labels.Matcher, r *diag.Report) bool {
	if c == nil || c.metrics[metric] == nil || c.metrics[metric].labels == nil {
		return true
	}
	m := c.metrics[metric]
	known := slices.Sorted(maps.Keys(m.labels))
	known = append(known, c.targetLabels...)
	ok := true
	for _, matcher := range matchers {
		if !slices.Contains(known, matcher.Name) {
			r.Add(UnknownLabel, text.place(matcher.Name), spec.Suggest(matcher.Name, known), "%s has no label %q", metric, matcher.Name)
			ok = false
		}
	}
	c.checkValues(text, metric, matchers, r)
	return ok
}

// checkCounter looks up a selector that must select counters.
func (c *Catalogue) checkCounter(text fragment, s expr.Selector, r *diag.Report) bool {
	m, ok := c.find(text, s, r)
	if m == nil || m.kind == model.MetricTypeCounter || m.kind == model.MetricTypeUnknown {
		return ok
	}
	help := "use a counter"
	if m.kind == model.MetricTypeHistogram || m.kind == model.MetricTypeSummary {
		help = "count its " + s.Name + "_count"
	}
	r.Add(WrongMetricType, text.place(s.Name), help, "%s is a %s, and only counters count events", s.Name, m.kind)
	return false
}

// checkClassifier looks up what tells some events of total from the rest.
func (c *Catalogue) checkClassifier(class Classifier, total expr.Selector, r *diag.Report) bool {
	if class.Selector != nil {
		return c.checkCounter(class.text, class.Selector, r)
	}
	return c.checkLabels(class.text, total.Name, class.Matchers, r)
}

// checkHistogram looks up the histogram of a latency indicator and returns its buckets.
func (c *Catalogue) checkHistogram(l *Latency, r *diag.Report) ([]float64, bool) {
	buckets, ok := c.Histogram(l.Of, r)
	if ok && c.hasSeries(l.Of.Selector.Name) && !slices.Contains(buckets, l.limit) {
		help := "use one of its bounds: " + formatBounds(buckets)
		if l.unit.Guessed {
			help += "; they are taken for seconds, and nothing says so: write unit: ms if they are not"
		}
		r.Add(UnknownBucket, l.Within.Pos(), help, "%s has no bucket that ends at %s", l.Of.Selector.Name, formatBound(l.limit))
		return nil, false
	}
	return buckets, ok
}

// Histogram looks up a classic histogram by its name, which has no suffix, and
// returns the finite bounds of its buckets; none where the catalogue does not
// know them. It is false if a finding makes the histogram unusable.
func (c *Catalogue) Histogram(of Selector, r *diag.Report) ([]float64, bool) {
	name := of.Selector.Name
	for _, suffix := range []string{"_bucket", "_count", "_sum"} {
		if base, ok := strings.CutSuffix(name, suffix); ok {
			r.Add(spec.BadValue, of.Pos(), "write "+base, "%s is one series of a histogram; its name has no %s", name, suffix)
			return nil, false
		}
	}
	if !c.checkIsHistogram(of, r) {
		return nil, false
	}
	if c == nil {
		return nil, true
	}
	return c.metrics[name].buckets, true
}

// checkIsHistogram looks up a selector that must select histograms.
func (c *Catalogue) checkIsHistogram(of Selector, r *diag.Report) bool {
	m, ok := c.find(of.text, of.Selector, r)
	if m == nil {
		return ok
	}
	name := of.Selector.Name
	if m.kind != model.MetricTypeHistogram {
		help := "use a histogram"
		if m.kind == model.MetricTypeSummary {
			help = "expose a histogram: a summary has no buckets, so nobody can tell how many requests were fast enough; or count the time in which one of its quantiles was low enough: timeSlice"
		}
		r.Add(WrongMetricType, of.text.place(name), help, "%s is a %s, and only a histogram counts requests by their latency", name, m.kind)
		return false
	}
	return ok
}

// hasSeries tells whether the catalogue has series of a metric.
func (c *Catalogue) hasSeries(metric string) bool {
	return c != nil && c.metrics[metric] != nil && c.metrics[metric].labels != nil
}

func formatBounds(buckets []float64) string {
	bounds := make([]string, len(buckets))
	for i, b := range buckets {
		bounds[i] = formatBound(b)
	}
	return strings.Join(bounds, ", ")
}
