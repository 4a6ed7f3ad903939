package unittest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// preparedExpr is a promql_expr_test whose texts were parsed.
type preparedExpr struct {
	*exprCase
	expr     parser.Expr
	expected []sample
}

// sample is one of a result, or expected in it.
type sample struct {
	labels    labels.Labels
	value     float64
	histogram string // as series notation; empty if it is a float
}

// prepare parses the expressions and what is expected of them. One that does
// not parse is reported and left out.
func (x *execution) prepare() {
	for _, c := range x.test.exprs {
		before := x.report.Len()
		p := &preparedExpr{exprCase: c}
		switch v := c.value.Get("expr"); {
		case isNothing(v):
			x.report.Add(expr.Syntax, c.value.Pos, "add expr:", "a promql_expr_test without expression")
		default:
			p.expr = expr.ParseAt(v, v.Text, 0, &x.report)
		}
		for _, s := range c.samples {
			p.expected = append(p.expected, x.prepareSample(s))
		}
		if x.report.Len() == before {
			slices.SortStableFunc(p.expected, func(a, b sample) int { return labels.Compare(a.labels, b.labels) })
			x.exprs = append(x.exprs, p)
		}
	}
}

func (x *execution) prepareSample(s expectedSample) sample {
	parsed := sample{value: s.value}
	name := joined{{s.labels, textOf(s.labels)}}
	var err error
	if parsed.labels, err = expr.Parser.ParseMetric(name.text()); err != nil {
		reportParse(&x.report, name, s.item.Pos, 0, "", err)
	} else if twice, ok := parsed.labels.HasDuplicateLabelNames(); ok {
		x.report.Add(SeriesSyntax, name.at(s.item.Pos, 0, len(name.text())), "", notUnique, twice)
	}
	if textOf(s.histogram) == "" {
		return parsed
	}
	const before = "{} "
	text := joined{{nil, before}, {s.histogram, s.histogram.Text}}
	_, values, err := parseSeries(text.text(), x.suite.opts.MaxSamples)
	switch {
	case errors.Is(err, errTooMany):
		x.report.Add(TooManySamples, s.histogram.Pos, "write one histogram", "%s", err)
	case err != nil:
		reportParse(&x.report, text, s.item.Pos, 0, "", err)
	case len(values) != 1 || values[0].Histogram == nil:
		x.report.Add(SeriesSyntax, s.histogram.Pos, "write one, such as {{sum:3 count:2 buckets:[2]}}", "%q is not a histogram", s.histogram.Text)
	default:
		parsed.histogram = values[0].Histogram.TestExpression()
	}
	if s.value != 0 {
		x.report.Add(Invalid, s.item.Get("value").Pos, "leave it out", "a histogram has no value")
	}
	return parsed
}

// checkExprs compares the results of expressions with what is expected.
func (x *execution) checkExprs(ctx context.Context) error {
	for _, c := range x.exprs {
		at := x.test.start.Add(c.at)
		got, warnings, err := x.query(ctx, c, at.UnixMilli())
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, w := range warnings {
			x.warn(c.pos(), "", w)
		}
		if err != nil {
			x.report.Append(diag.Finding{
				Kind: QueryFailed, Pos: c.pos(), Help: wayOut(err),
				Message: x.message("the expression cannot be evaluated at %s: %s", spec.PrometheusDuration(c.at), err),
			})
			continue
		}
		if slices.EqualFunc(c.expected, got, x.same) {
			continue
		}
		x.report.Append(diag.Finding{
			Kind: WrongSamples, Pos: c.pos(), Detail: x.detail(sampleLines(c.expected), sampleLines(got)),
			Message: x.message("%s at %s: %s", shorten(c.text), spec.PrometheusDuration(c.at), x.difference(c.expected, got)),
		})
	}
	return nil
}

// query evaluates an expression over what the storage holds after the run.
func (x *execution) query(ctx context.Context, c *preparedExpr, at int64) ([]sample, []string, error) {
	if err := engine.CheckSize(c.text, 0, 0, x.suite.file.interval, x.suite.opts.MaxSamples); err != nil {
		return nil, nil, err
	}
	q, err := x.suite.queries.NewInstantQuery(ctx, x.storage, nil, c.text, timeOf(at))
	if err != nil {
		return nil, nil, err
	}
	defer q.Close()
	result := q.Exec(ctx)
	if result.Err != nil {
		return nil, nil, result.Err
	}
	var warnings []string
	for _, w := range result.Warnings {
		warnings = append(warnings, w.Error())
	}
	slices.Sort(warnings) // they come as a map
	vector, err := engine.Vector(result)
	if err != nil {
		return nil, warnings, err
	}
	return samplesOf(vector), warnings, nil
}

func samplesOf(vector promql.Vector) []sample {
	var samples []sample
	for _, s := range vector {
		samples = append(samples, sample{s.Metric.Copy(), s.F, notation(s.H)})
	}
	slices.SortStableFunc(samples, func(a, b sample) int { return labels.Compare(a.labels, b.labels) })
	return samples
}

func notation(h *histogram.FloatHistogram) string {
	if h == nil {
		return ""
	}
	return h.TestExpression()
}

// same tells whether a sample is the expected one. NaN is what it says; promtool
// has no way to expect it.
func (x *execution) same(a, b sample) bool {
	if !labels.Equal(a.labels, b.labels) || a.histogram != b.histogram {
		return false
	}
	return a.value == b.value || math.IsNaN(a.value) && math.IsNaN(b.value) ||
		x.suite.file.fuzzy && (math.Nextafter(a.value, math.Inf(-1)) == b.value || math.Nextafter(a.value, math.Inf(1)) == b.value)
}

// difference says in words how a result is not what was expected.
func (x *execution) difference(expected, got []sample) string {
	if len(expected) == 1 && len(got) == 1 {
		if labels.Equal(expected[0].labels, got[0].labels) {
			return fmt.Sprintf("expected %s, got %s", shorten(expected[0].amount()), shorten(got[0].amount()))
		}
		return fmt.Sprintf("expected %s, got %s", shorten(expected[0].String()), shorten(got[0].String()))
	}
	if len(expected) == len(got) {
		return "the samples are not as expected"
	}
	return fmt.Sprintf("expected %s %s, got %s", countOf(len(expected)), plural(len(expected), "sample"), gotOf(len(got)))
}

func (s sample) amount() string {
	if s.histogram != "" {
		return s.histogram
	}
	return strconv.FormatFloat(s.value, 'g', -1, 64)
}

// String is the sample as series notation has it.
func (s sample) String() string { return strings.TrimSpace(s.labels.String() + " " + s.amount()) }

func sampleLines(samples []sample) []string {
	var lines []string
	for _, s := range samples {
		lines = append(lines, s.String())
	}
	return lines
}
