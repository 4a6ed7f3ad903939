package slo

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// Probe is the share of probes that succeeded: those of a blackbox exporter, or Prometheus' own scrapes.
type Probe struct {
	spec.Node
	// Of selects what each probe leaves, 1 for a success and 0 for a failure: probe_success{job="home"}, or up{job="api"}.
	Of Selector `json:"of" jsonschema:"required"`

	every time.Duration
	per   []string
}

// resolve implements SLI.
func (p *Probe) resolve(s *Service, per []string, r *diag.Report) bool {
	p.every, p.per = s.ScrapeInterval, per
	return p.Of.Selector != nil && s.Catalogue.checkGauge(p.Of.text, p.Of.Selector, r)
}

// probes and successes are their numbers in a window. Every sample is a probe,
// so that nothing is lost or extrapolated at a window's edges.
func (p *Probe) probes(window time.Duration) expr.Expr {
	return expr.Sum(expr.CountOverTime(p.Of.Selector, window), p.per...)
}

func (p *Probe) successes(window time.Duration) expr.Expr {
	return expr.Sum(expr.SumOverTime(p.Of.Selector, window), p.per...)
}

// ErrorRatio implements SLI.
func (p *Probe) ErrorRatio(window time.Duration) expr.Expr {
	return expr.Sub(one, expr.Div(p.successes(window), p.probes(window)))
}

// Errors implements SLI.
func (p *Probe) Errors(window time.Duration) expr.Expr {
	return expr.Sub(p.probes(window), p.successes(window))
}

// eventsIn implements happening.
func (p *Probe) eventsIn(window time.Duration) expr.Expr { return p.probes(window) }

func (p *Probe) badIn(window time.Duration) expr.Expr { return p.Errors(window) }

// Inputs implements SLI.
func (p *Probe) Inputs() []Input { return []Input{{p.Of.Selector}} }

// Streams implements SLI.
func (p *Probe) Streams() []Stream {
	return []Stream{{Metric: p.Of.Selector.Name, Match: expr.LabelMatchers(p.Of.Selector), Gauge: &Gauge{Good: 1, Ease: 1, Bad: 0, Each: true}}}
}

// Slice implements SLI: a probe stands for the time until the next one.
func (p *Probe) Slice() time.Duration { return p.every }

// Events implements SLI.
func (p *Probe) Events() string { return "probes: " + expr.String(p.Of.Selector) }
