package main

import (
	"fmt"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/bench/compiled"
	"slowburn/internal/engine"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/slo"
)

// specText is the service of the study: a tier, and one objective as often as
// there are guards.
const specText = `name: study
scrapeInterval: 30s
period: 30d
absence: {enabled: false}
burn:
  - %s
slos:
`

// The tiers of the study: 14.4 over an hour pages, 6 over six hours is slower.
const (
	fastTier = "{name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}}"
	slowTier = "{name: Slow, budget: 5%, windows: [6h, 30m], labels: {severity: ticket}}"
)

const sloText = `  - name: guard-%[1]d
    objective: 99.9%%
    minErrors: %[1]d
    availability: {total: '` + counter + `{job="api"}', bad: 'status=~"5.."'}
`

// guards are the values of minErrors that are compared; 0 is none.
var guards = []int{0, 3, 5}

// subject is what is studied: rules as slowburn compiles them, and the SLOs
// that they come from, one for each guard.
type subject struct {
	plan *engine.Plan
	slos []*slo.SLO
}

// compile takes the spec through the program's own stages, and reads what comes
// out as Prometheus does: no rule of the study is written by hand.
func compile(tier string) (*subject, error) {
	text := fmt.Sprintf(specText, tier)
	for _, k := range guards {
		text += fmt.Sprintf(sloText, k)
	}
	service, groups, err := compiled.Rules([]byte(text))
	if err != nil {
		return nil, err
	}
	s := &subject{slos: service.SLOs}
	var needs engine.Needs
	for _, o := range s.slos {
		for _, t := range o.Tiers {
			needs.Alerts = append(needs.Alerts, o.AlertName(t))
		}
	}
	needed, err := needed(groups)
	if err != nil {
		return nil, fmt.Errorf("the compiled rules: %w", err)
	}
	s.plan = engine.NewPlan(needed, nil).Only(needs)
	return s, nil
}

// counter is the metric that is scraped; all others are recorded.
const counter = "http_requests_total"

// needed are the groups with alerts, and those that record what a needed one
// reads. A metric that nobody records would keep an alert silent, whatever
// happens: that is an error.
func needed(groups []*rulefile.Group) ([]*rulefile.Group, error) {
	keep := map[*rulefile.Group]bool{}
	var follow func(g *rulefile.Group) error
	follow = func(g *rulefile.Group) error {
		if keep[g] {
			return nil
		}
		keep[g] = true
		for _, r := range g.Rules {
			for _, read := range engine.Selectors(r.Expr) {
				metric, _ := expr.MetricName(read)
				records := func(g *rulefile.Group) bool {
					return slices.ContainsFunc(g.Rules, func(r *rulefile.Rule) bool { return r.Record == metric && matches(read, r) })
				}
				at := slices.IndexFunc(groups, records)
				if at < 0 && metric != counter {
					return fmt.Errorf("%s reads %s, which no rule records", r.Name(), metric)
				}
				if at >= 0 {
					if err := follow(groups[at]); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}
	for _, g := range groups {
		if slices.ContainsFunc(g.Rules, func(r *rulefile.Rule) bool { return r.Alert != "" }) {
			if err := follow(g); err != nil {
				return nil, err
			}
		}
	}
	return slices.DeleteFunc(groups, func(g *rulefile.Group) bool { return !keep[g] }), nil
}

// matches tells whether a selector takes the labels that a rule sets.
func matches(read *parser.VectorSelector, r *rulefile.Rule) bool {
	return !slices.ContainsFunc(read.LabelMatchers, func(m *labels.Matcher) bool {
		return m.Name != model.MetricNameLabel && !m.Matches(r.Labels[m.Name])
	})
}

// tier is the tier that is studied.
func (s *subject) tier() slo.Tier { return s.slos[0].Tiers[0] }
