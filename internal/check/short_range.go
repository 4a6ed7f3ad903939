package check

import (
	"fmt"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var shortRange = &Check{
	Kind: diag.Kind{Name: "short-range", Severity: diag.Warning, Doc: `A rate is taken over fewer than four scrapes.

rate(), increase(), delta(), deriv() and predict_linear() need two samples in their range. With a range of four scrapes one
may fail and another come late; with a shorter one the result has gaps, during which an alert is resolved, or is never there
at all. irate() and idelta() need two scrapes. What stands behind "or" may be shorter: it fills in for something.

Recorded series have the interval of their group; of the rest the parameter scrapeInterval says how often they are scraped
(15s, unless a spec says so). Queries of KEDA's triggers are looked at, too.`},
	Configuration: "short-range: {scrapeInterval: 30s}",
	Bad: `groups:
  - name: example
    rules:
      - record: job:requests:rate1m
        expr: sum by (job) (rate(requests_total[1m]))
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:requests:rate2m
        expr: sum by (job) (rate(requests_total[2m]))
`,
	Parameters: func() any { return &shortRangeParameters{} },
	Rule: func(p *Pass, r *rulefile.Rule) {
		for call := range partsOf[*parser.Call](p) {
			if help, complaint := p.tooShort(call); complaint != "" && !isFallback(pathTo(r.Expr, call)) {
				p.Report(r.ExprPos(call), help, "%s", complaint)
			}
		}
	},
	Resources: func(p *ResourcesPass) {
		p.eachTrigger(func(t trigger) {
			if t.expr == nil {
				return // refused-resource tells
			}
			parser.Inspect(t.expr, func(n parser.Node, path []parser.Node) error {
				if call, ok := n.(*parser.Call); ok && !isFallback(append(path, n)) {
					if help, complaint := p.tooShort(call); complaint != "" {
						p.reportIn(t, call, help, "%s", complaint)
					}
				}
				return nil
			})
		})
	},
}

type shortRangeParameters struct {
	// ScrapeInterval is how often the series are scraped.
	ScrapeInterval spec.Duration `json:"scrapeInterval,omitempty"`
}

// defaultScrapeInterval is Prometheus' in the configuration that it comes with.
const defaultScrapeInterval = 15 * time.Second

// tooShort is the complaint about a call of a function whose range is too short.
func (p *Pass) tooShort(call *parser.Call) (help, complaint string) {
	needed := expr.NeededScrapes(call.Func.Name)
	if needed == 0 {
		return "", ""
	}
	over, every, what := p.window(call.Args[0])
	if over == 0 || every == 0 || over >= time.Duration(needed)*every {
		return "", ""
	}
	least := spec.FormatDuration(time.Duration(needed) * every)
	return fmt.Sprintf("use a range of %s at least", least), fmt.Sprintf("%s over %s sees %d samples at most, and should see %d: %s every %s",
		call.Func.Name, spec.FormatDuration(over), over/every, needed, what, spec.FormatDuration(every))
}

// window is the range that an argument spans and how often it has a sample; 0 where that is not known.
func (p *Pass) window(arg parser.Expr) (over, every time.Duration, what string) {
	switch arg := unwrap(arg).(type) {
	case *parser.MatrixSelector:
		s, ok := arg.VectorSelector.(*parser.VectorSelector)
		if !ok || arg.RangeExpr != nil {
			return 0, 0, ""
		}
		every, what = p.sampling(s)
		return arg.Range, every, what
	case *parser.SubqueryExpr:
		if arg.RangeExpr != nil || arg.StepExpr != nil {
			return 0, 0, ""
		}
		return arg.Range, arg.Step, "the subquery steps"
	}
	return 0, 0, ""
}

// sampling is how often the series of a selector get a sample, and from what.
func (p *Pass) sampling(s *parser.VectorSelector) (time.Duration, string) {
	if metric := metricOf(s); !p.isScraped(metric) {
		var longest time.Duration
		for _, r := range p.recordings(s) {
			if r.group.Interval == 0 {
				return 0, "" // Prometheus' own, which nothing here tells
			}
			longest = max(longest, r.group.Interval)
		}
		return longest, "its group is evaluated"
	}
	every := parametersOf[shortRangeParameters](p).ScrapeInterval.Duration
	if every == 0 {
		every = p.around.ScrapeInterval
	}
	if every == 0 {
		every = defaultScrapeInterval
	}
	return every, "a scrape comes"
}

// isFallback tells whether the last node of a path stands to the right of an or.
func isFallback(path []parser.Node) bool {
	for i, n := range path[:len(path)-1] {
		b, ok := n.(*parser.BinaryExpr)
		if ok && b.Op == parser.LOR && path[i+1] == parser.Node(b.RHS) {
			return true
		}
	}
	return false
}
