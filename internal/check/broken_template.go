package check

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/template"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/pattern"
	"slowburn/internal/rulefile"
)

var brokenTemplate = &Check{
	Kind: diag.Kind{Name: "broken-template", Severity: diag.Error, Doc: `A template cannot be rendered.

Prometheus loads it, since it parses, and then sends the text of an error in place of what the alert should say. The check
renders each label and annotation with Prometheus' own template engine, with the labels that the expression can have; labels
whose values nobody knows are tried as a name, a number and a duration, and a query yields a sample. What fails every time is a finding:
a function that is given a text where it wants a number, a field that does not exist, a query that does not parse, a printf
whose verb does not fit (the value is a floating-point number: %.2f, not %d).`},
	Bad: `groups:
  - name: example
    rules:
      - alert: QueueFull
        expr: queue_length > 100
        annotations:
          summary: '{{ printf "%d" $value }} messages are waiting'
`,
	Good: `groups:
  - name: example
    rules:
      - alert: QueueFull
        expr: queue_length > 100
        annotations:
          summary: '{{ printf "%.0f" $value }} messages are waiting'
`,
	Rule: func(p *Pass, r *rulefile.Rule) {
		for _, t := range p.templates {
			if failure := p.failure(r, t.text); failure != nil {
				p.Report(t.value().Sub(failure.start, failure.end), failure.help, "the template fails: %s", failure.message)
			}
		}
	},
}

// templateFailure is why a template cannot be rendered, and what part of it is to blame.
type templateFailure struct {
	start, end    int
	part          string // that fails, as the template engine names it
	message, help string
}

// failure renders a template and returns why that fails, whatever the unknown
// labels are, or nil.
func (p *Pass) failure(r *rulefile.Rule, text string) *templateFailure {
	if p.readTemplate(text).isPlain || !isTame(text) {
		return nil
	}
	data := guessed(text, p.labelsOf(r.Expr))
	for _, l := range p.carriedBy(r.Expr) {
		if l.value != "" && l.name != model.MetricNameLabel {
			data[l.name] = l.value
		}
	}
	return p.search(text, data)
}

// plainAction prints a label or the value, whatever it is.
var plainAction = pattern.New(`\{\{-? *\$(?:labels\.[A-Za-z_][A-Za-z0-9_]*|value|externalURL) *-?\}\}`)

// neverFails tells whether a template does no more than print what is there, as most do.
func neverFails(text string) bool {
	return !strings.Contains(text, "{{") || !strings.Contains(plainAction().ReplaceAllLiteralString(text, ""), "{{")
}

// externalURL stands in for the address of the Prometheus that evaluates the rule.
var externalURL = &url.URL{Scheme: "https", Host: "prometheus.example.com"}

// render renders a template once.
func (p *Pass) render(text string, data map[string]string) *templateFailure {
	// A query yields a sample with the labels that its expression can have, with the same guesses.
	answer := func(_ context.Context, query string, _ time.Time) (promql.Vector, error) {
		e, err := expr.Parse(query)
		if err != nil {
			return nil, err
		}
		have := guessed(text, p.labelsOf(e))
		for name := range have {
			if value, ok := data[name]; ok {
				have[name] = value
			}
		}
		return promql.Vector{{Metric: labels.FromMap(have), F: 1.5}}, nil
	}
	sample := promql.Sample{Metric: labels.FromMap(data), F: 1.5}
	x := template.NewTemplateExpander(context.Background(), templatePrelude+text, "alert",
		template.AlertTemplateData(data, nil, externalURL.String(), sample), 0, answer, externalURL, nil)
	rendered, err := x.Expand()
	if err != nil {
		return explainFailure(text, err)
	}
	if m := misprinted().FindStringSubmatch(rendered); m != nil && !misprinted().MatchString(text) {
		at := max(strings.Index(text, "printf"), 0)
		return &templateFailure{at, min(at+len("printf"), len(text)), "", "printf prints " + m[0], "use the verb that fits: %.2f for the value, %s for a label"}
	}
	return nil
}

// misprinted is what printf writes where a verb and its value do not fit.
var misprinted = pattern.New(`%!(\w|\()[^)]*\)`)

// executing is what the template engine says: where, at which part, and why.
var executing = pattern.New(`(?s)template: alert:(\d+):(\d+): executing "[^"]*" at <(.*?)>: (.*)$`)

// explainFailure finds what an error of the template engine is about.
func explainFailure(text string, err error) *templateFailure {
	const help = "see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/"
	m := executing().FindStringSubmatch(err.Error())
	switch {
	case m == nil && strings.HasPrefix(err.Error(), "error parsing template"):
		return nil // Prometheus does not load it, as whoever reads the rules says
	case m == nil:
		return &templateFailure{0, len(text), "", err.Error(), help}
	}
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	start := column
	if line == 1 {
		start -= len(templatePrelude)
	} else {
		for range line - 1 {
			start += strings.IndexByte(text[start-column:], '\n') + 1
		}
	}
	start = min(max(start, 0), len(text))
	end := start
	for end < len(text) && !strings.ContainsRune("}|) \n", rune(text[end])) {
		end++
	}
	function, _, _ := strings.Cut(m[3], " ")
	return &templateFailure{start, end, m[3], fmt.Sprintf("%s: %s", m[3], strings.TrimPrefix(m[4], "error calling "+function+": ")), help}
}

// isTame tells whether rendering a template is sure to end soon: no loop but
// over a query's result, which has one sample here, no templates that call each
// other, and nothing that grows by being repeated.
func isTame(text string) bool {
	return len(text) <= maxTemplate && !untamed().MatchString(text) && strings.Count(text, "reReplaceAll") <= 3 &&
		len(loops().FindAllString(text, -1)) == len(loopsOverQueries().FindAllString(text, -1))
}

// maxTemplate is how many bytes of a template are rendered.
const maxTemplate = 16 << 10

var (
	untamed          = pattern.New(`\{\{-?\s*(template|block|define)\b|\$\w+\s*:?=[^}]*\b(print|printf|println|reReplaceAll)\b`)
	loops            = pattern.New(`\brange\b`)
	loopsOverQueries = pattern.New(`\brange\s+(\$\w+(\s*,\s*\$\w+)?\s*:=\s*)?query\b`)
)
