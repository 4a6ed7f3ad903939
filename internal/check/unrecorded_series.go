package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

var unrecordedSeries = &Check{
	Kind: diag.Kind{Name: "unrecorded-series", Severity: diag.Warning, Doc: `A rule reads a recorded series that no rule records.

By convention a colon in a metric's name says that a recording rule makes it. If no rule of the files that are checked
together does, the name is misspelt or the rule was renamed, and what reads it sees nothing, for ever. The same
goes for a label that the rules set, and to another value than is asked for. The parameter recordedElsewhere lists names, as regular expressions, that another Prometheus records. Some services expose such names
themselves (TensorFlow Serving does): with a captured /metrics page that has them, nothing is said.`},
	Configuration: "unrecorded-series: {recordedElsewhere: \"global:.*\"}",
	Bad: `groups:
  - name: example
    rules:
      - record: job:http_errors:rate5m
        expr: sum by (job) (rate(http_errors_total[5m]))
      - alert: ManyErrors
        expr: job:http_error:rate5m > 10
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:http_errors:rate5m
        expr: sum by (job) (rate(http_errors_total[5m]))
      - alert: ManyErrors
        expr: job:http_errors:rate5m > 10
`,
	Parameters: func() any { return &unrecordedParameters{} },
	Rule: func(p *Pass, r *rulefile.Rule) {
		for s := range partsOf[*parser.VectorSelector](p) {
			name := metricOf(s)
			if !strings.Contains(name, ":") || p.isExposed(name) || parametersOf[unrecordedParameters](p).RecordedElsewhere.match(name) {
				continue
			}
			if p.recorded[name] != nil {
				if m := p.unrecordedLabel(s); m != nil {
					p.Report(r.ExprPos(s), labelHelp(m, p.recorded[name]), "no rule records %s with %s", name, m)
				}
				continue
			}
			at := r.ExprPos(s)
			if s.Name != "" { // and not {"name"}
				at = r.Value.Get("expr").Sub(int(s.PosRange.Start), int(s.PosRange.Start)+len(s.Name))
			}
			help := "record it, or give the file that does"
			if near := spec.Nearest(name, p.names()); near != "" {
				help += fmt.Sprintf("; did you mean %q?", near)
			}
			p.Report(at, help, "no rule records %s", name)
		}
	},
}

// unrecordedLabel is a matcher of a recorded series that none of the rules
// fulfils which record it: each of them sets the label, and to something else.
func (p *Pass) unrecordedLabel(s *parser.VectorSelector) *labels.Matcher {
	if len(p.recordings(s)) > 0 {
		return nil
	}
	for _, m := range s.LabelMatchers {
		if !slices.ContainsFunc(p.recorded[metricOf(s)], func(r *recording) bool {
			value, set := r.static[m.Name]
			return !set || m.Matches(value)
		}) {
			return m
		}
	}
	return nil // no rule fulfils all at once: perhaps others do that are elsewhere
}

// labelHelp names the values that there are.
func labelHelp(m *labels.Matcher, rules []*recording) string {
	var values []string
	for _, r := range rules {
		values = append(values, r.static[m.Name])
	}
	slices.Sort(values)
	return spec.Suggest(m.Value, slices.Compact(values))
}

type unrecordedParameters struct {
	// RecordedElsewhere are names of series that another Prometheus records: regular expressions, anchored.
	RecordedElsewhere patternList `json:"recordedElsewhere,omitempty"`
}

// isExposed tells whether a catalogue has a metric: some services expose colons.
func (p *Pass) isExposed(metric string) bool {
	return slices.ContainsFunc(p.around.Catalogues, func(c *slo.Catalogue) bool { return c.Has(metric) })
}
