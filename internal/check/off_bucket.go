package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var offBucket = &Check{
	Kind: diag.Kind{Name: "off-bucket", Severity: diag.Warning, Doc: `A limit is no bound of the histogram that it is about.

A classic histogram counts only at its bounds. le is a text: "0.50" never matches "0.5", and since Prometheus 3 whole numbers
are stored as "1.0", so that le="1" matches nothing any more; le=~"1|1\\.0" matches both. The same goes for quantile="1" of a
summary. With a metric catalogue (metrics in .slowburn.yaml or in the spec) bounds that the histogram does not have are found too, and
limits of histogram_quantile() between two bounds, where it guesses, or above the last one, which it never exceeds.`},
	Bad: `groups:
  - name: example
    rules:
      - record: job:requests_slower_than_half_a_second:ratio_rate5m
        expr: |
          1 - sum by (job) (rate(request_seconds_bucket{le="0.50"}[5m]))
            / sum by (job) (rate(request_seconds_count[5m]))
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:requests_slower_than_half_a_second:ratio_rate5m
        expr: |
          1 - sum by (job) (rate(request_seconds_bucket{le="0.5"}[5m]))
            / sum by (job) (rate(request_seconds_count[5m]))
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		for n := range partsOf[parser.Node](p) {
			switch n := n.(type) {
			case *parser.VectorSelector:
				p.checkBound(r, n)
			case *parser.BinaryExpr:
				p.checkQuantileLimit(r, n)
			}
		}
	},
}

// buckets are the bounds of the histogram that a selector of buckets selects from, if a catalogue knows them.
func (p *Pass) buckets(s *parser.VectorSelector) []float64 {
	histogram, ok := strings.CutSuffix(metricOf(s), "_bucket")
	if !ok {
		return nil
	}
	for _, c := range p.around.Catalogues {
		if b := c.Buckets(histogram); len(b) > 0 {
			return b
		}
	}
	return nil
}

// checkBound reports matchers of le, and of a summary's quantile, that match nothing.
func (p *Pass) checkBound(r *rulefile.Rule, s *parser.VectorSelector) {
	isBucket := strings.HasSuffix(metricOf(s), "_bucket")
	known := p.buckets(s)
	for _, m := range s.LabelMatchers {
		switch {
		case m.Value == "" || !(m.Name == labels.BucketLabel && isBucket) && !p.isOfSummary(s, m):
		case m.Type == labels.MatchEqual:
			p.checkEqualBound(r, s, m, known)
		case m.Type == labels.MatchRegexp && len(known) > 0 && !m.Matches("+Inf") && !slices.ContainsFunc(known, func(b float64) bool {
			return slices.ContainsFunc(writtenBounds(b), m.Matches)
		}):
			p.Report(r.ExprPos(s), "use one of its bounds: "+listed(known), "no bucket of %s has a bound that matches %q", metricOf(s), m.Value)
		}
	}
}

// isOfSummary tells whether a matcher chooses a quantile of a summary. Some
// exporters give gauges such a label too, with values like 0.50, which nobody
// rewrites: only of the least and the greatest that is not heard of.
func (p *Pass) isOfSummary(s *parser.VectorSelector, m *labels.Matcher) bool {
	if m.Name != model.QuantileLabel || !p.isScraped(metricOf(s)) {
		return false
	}
	t := p.typeOf(s)
	return t == model.MetricTypeSummary || t == model.MetricTypeUnknown && (m.Value == "0" || m.Value == "1")
}

// checkEqualBound reports a bound, the value of le or quantile, that is written
// as Prometheus does not, or that is not known.
func (p *Pass) checkEqualBound(r *rulefile.Rule, s *parser.VectorSelector, m *labels.Matcher, known []float64) {
	label, text := m.Name, m.Value
	bound, err := strconv.ParseFloat(text, 64)
	if err != nil {
		p.Report(r.ExprPos(s), "write a number, such as 0.5", "%s=%q is no number", label, text)
		return
	}
	written := writtenBounds(bound)
	switch {
	case !slices.Contains(written, text):
		p.Report(r.ExprPos(s), fmt.Sprintf("write %s=%q", label, written[0]), "%s=%q matches nothing, since Prometheus writes it %q", label, text, written[0])
	case len(known) > 0 && text != "+Inf" && !slices.Contains(known, bound):
		p.Report(r.ExprPos(s), "use one of its bounds: "+listed(known), "%s has no bucket that ends at %s", metricOf(s), text)
	case len(written) > 1 && text == written[1]:
		p.Report(r.ExprPos(s), fmt.Sprintf(`match both: %s=~"%s|%s"`, label, written[1], strings.ReplaceAll(written[0], ".", `\\.`)),
			"%s=%q matches nothing since Prometheus 3, which writes it %q", label, text, written[0])
	}
}

// writtenBounds are the ways in which a bound is stored: Prometheus 3 gives
// whole numbers a fraction, Prometheus 2 kept what the service writes.
func writtenBounds(bound float64) []string {
	text := labels.FormatOpenMetricsFloat(bound)
	if whole, ok := strings.CutSuffix(text, ".0"); ok {
		return []string{text, whole}
	}
	return []string{text}
}

// checkQuantileLimit reports limits of histogram_quantile where it does not know.
func (p *Pass) checkQuantileLimit(r *rulefile.Rule, b *parser.BinaryExpr) {
	if !b.Op.IsComparisonOperator() || len(p.around.Catalogues) == 0 {
		return
	}
	for _, sides := range [][2]parser.Expr{{b.LHS, b.RHS}, {b.RHS, b.LHS}} {
		call, ok := unwrap(sides[0]).(*parser.Call)
		limit, isNumber := unwrap(sides[1]).(*parser.NumberLiteral)
		if !ok || !isNumber || call.Func.Name != "histogram_quantile" {
			continue
		}
		known := p.bucketsWithin(call.Args[1])
		at, exact := slices.BinarySearch(known, limit.Val)
		switch {
		case len(known) == 0 || exact || limit.Val <= 0:
		case at == len(known):
			p.Report(r.ExprPos(b), "compare with a smaller number, or add buckets above it", "the last bucket ends at %s, and no quantile is seen above it", formatBound(known[at-1]))
		default:
			low := "0"
			if at > 0 {
				low = formatBound(known[at-1])
			}
			p.Report(r.ExprPos(b), "compare with one of them, or add a bucket there", "between the bounds %s and %s the quantile is a guess", low, formatBound(known[at]))
		}
	}
}

// bucketsWithin are the bounds of the histogram that an expression is about.
func (p *Pass) bucketsWithin(e parser.Expr) []float64 {
	var known []float64
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok && known == nil {
			known = p.buckets(s)
		}
		return nil
	})
	return known
}

func formatBound(b float64) string { return strconv.FormatFloat(b, 'g', -1, 64) }

// listed are bounds, for a finding.
func listed(known []float64) string {
	var texts []string
	for _, b := range known {
		texts = append(texts, formatBound(b))
	}
	return strings.Join(texts, ", ")
}
