package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"slowburn/generators"
	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
)

// noData is a panel that tells nothing.
var noData = &diag.Kind{Name: "no-data", Severity: diag.Error, Doc: `A panel of a generated dashboard shows no data, or always the same.

Each query of a panel is run over the scenarios of the specs, as unit tests of rules are: it must yield a number while all is
well and while an alert fires, and not the same one. A panel of what something is scaled by is run while that rises. A panel may be empty
where it says what nothing means.`}

// readDashboards reads the dashboards among artifacts with the reader that reads
// anybody's.
func readDashboards(artifacts []generators.Artifact, r *diag.Report) []*dashfile.Dashboard {
	var all []*dashfile.Dashboard
	for _, a := range artifacts {
		if !strings.HasPrefix(a.Path, "grafana/") {
			continue
		}
		src := &diag.Source{Name: a.Path, Text: a.Bytes}
		for _, doc := range spec.ReadYAML(src, r) {
			if dashfile.Is(doc) {
				all = append(all, dashfile.Read(src, doc))
			}
		}
	}
	return all
}

// shownPanel is a panel on its way through scenarios.
type shownPanel struct {
	*dashfile.Panel
	dashboard *dashfile.Dashboard
	ofSLO     bool            // it shows the chosen SLO
	shows     map[string]bool // by SLO, or "" for any scenario
	tried     bool            // a scenario has series for it
}

// proveDashboards runs what the dashboards of a build ask over its scenarios,
// and returns the panels that show nothing, and how many there are.
func (b *build) proveDashboards(ctx context.Context, opts simulate.Options) (silent []*shownPanel, count int, err error) {
	var r diag.Report
	var panels []*shownPanel
	for _, d := range readDashboards(b.artifacts, &r) {
		for _, p := range d.Panels {
			if len(p.Queries) > 0 {
				panels = append(panels, &shownPanel{p, d, usesVariable(p, "slo"), map[string]bool{}, false})
			}
		}
	}
	var groups []*rulefile.Group
	for _, f := range b.emitted.files {
		groups = append(groups, f.Groups...)
	}
	proven := map[string]bool{}
	for _, scenarios := range b.scenarios {
		for _, s := range simulate.Outages(scenarios) {
			if s.SLO != nil {
				proven[s.SLO.Service.DashboardUID()+s.SLO.Name] = true
			}
			if err := observe(ctx, s, panels, groups, opts); err != nil {
				return nil, 0, err
			}
		}
	}
	if err := b.observeSurges(ctx, panels, groups, opts); err != nil {
		return nil, 0, err
	}
	for _, p := range panels {
		if !p.isShown(b, proven) {
			silent = append(silent, p)
		}
	}
	return silent, len(panels), nil
}

// observeSurges notes which panels show what something is scaled by.
func (b *build) observeSurges(ctx context.Context, panels []*shownPanel, groups []*rulefile.Group, opts simulate.Options) error {
	for _, service := range b.alerting {
		surges := simulate.Surges(service)
		for _, p := range panels {
			id, err := strconv.ParseUint(p.Value.Get("id").Text, 10, 32)
			surge, ok := surges[uint32(id)]
			if err != nil || !ok || p.dashboard.UID != service.DashboardUID() {
				continue
			}
			p.tried = true
			if err := observe(ctx, surge, []*shownPanel{p}, groups, opts); err != nil {
				return err
			}
		}
	}
	return nil
}

// isShown tells whether a panel shows something in the scenarios of every SLO
// that it can be set to, or in any.
func (p *shownPanel) isShown(b *build, proven map[string]bool) bool {
	if !p.ofSLO {
		return p.shows[""] || !p.tried
	}
	for _, s := range b.resolved {
		for _, o := range s.SLOs {
			if s.DashboardUID() != p.dashboard.UID || !proven[p.dashboard.UID+o.Name] || p.shows[o.Name] {
				continue
			}
			if o.IsCounted() || !p.mayBeEmpty() {
				return false
			}
		}
	}
	return true
}

// mayBeEmpty tells whether a panel says what it means that there is nothing.
func (p *shownPanel) mayBeEmpty() bool {
	return p.Value.Get("fieldConfig").Get("defaults").Get("noValue") != nil
}

// observe notes which panels show something in a scenario.
func observe(ctx context.Context, s simulate.Scenario, panels []*shownPanel, groups []*rulefile.Group, opts simulate.Options) error {
	var queries []expr.Expr
	var of []*shownPanel
	chosen := ""
	if s.SLO != nil {
		chosen = s.SLO.Name
	}
	for _, p := range panels {
		if p.ofSLO && (s.SLO == nil || p.dashboard.UID != s.Service.DashboardUID() || p.shows[chosen]) || !p.ofSLO && p.shows[""] {
			continue
		}
		for _, q := range p.Queries {
			e, err := expr.Parse(filled(q, chosen))
			if err != nil {
				return fmt.Errorf("%s: %s: %w", p.dashboard.UID, p.Title, err)
			}
			if hasSeriesFor(s, e) {
				queries, of, p.tried = append(queries, e), append(of, p), true
			}
		}
	}
	if len(queries) == 0 {
		return nil
	}
	values, err := s.Observe(ctx, groups, queries, opts)
	if err != nil {
		return err
	}
	for i, v := range values {
		p, key := of[i], ""
		if p.ofSLO {
			key = chosen
		}
		if len(v.Firing) > 0 && (len(v.Before) > 0 || p.mayBeEmpty()) && !slices.Equal(v.Before, v.Firing) {
			p.shows[key] = true
		}
	}
	return nil
}

// hasSeriesFor tells whether a scenario has series of what a query reads:
// scraped ones, recorded ones, or alerts. One that reads nothing needs none.
func hasSeriesFor(s simulate.Scenario, e expr.Expr) bool {
	reads := expr.Reads(e, time.Minute)
	return len(reads) == 0 || slices.ContainsFunc(reads, func(r expr.Read) bool {
		name := r.Selector.Name
		return strings.Contains(name, ":") || name == "ALERTS" || slices.Contains(s.Metrics(), name)
	})
}

// silentPanels are the findings about a build's panels that show nothing.
func (b *build) silentPanels(ctx context.Context, opts simulate.Options) ([]diag.Finding, error) {
	silent, _, err := b.proveDashboards(ctx, opts)
	if err != nil {
		return nil, err
	}
	var r diag.Report
	for _, p := range silent {
		r.Add(noData, b.dashboardPos(p.dashboard.UID), "look whether the metric catalogue is that of the service",
			"the panel %q of the dashboard %s shows nothing, or always the same", p.Title, p.dashboard.UID)
	}
	return r.Findings(), nil
}

// dashboardPos is the place in the specs that a dashboard comes from.
func (b *build) dashboardPos(uid string) diag.Pos {
	for _, d := range b.shown {
		if d.Name == uid {
			return d.Pos
		}
	}
	return diag.Pos{}
}

// filled is a query as Grafana sends it while an SLO is chosen and the last
// hours are shown.
func filled(q *dashfile.Query, slo string) string {
	interval := time.Minute
	if v := q.Of.Get("interval"); v != nil {
		if d, err := model.ParseDuration(v.Text); err == nil {
			interval = time.Duration(d)
		}
	}
	values := map[string]string{"slo": slo, "__rate_interval": spec.PrometheusDuration(4 * interval)}
	for _, u := range q.Uses {
		if _, ok := values[u.Name]; !ok {
			values[u.Name] = ".*" // all groups
		}
	}
	return dashfile.Fill(q.Text, values)
}

// usesVariable tells whether a query of a panel uses a variable.
func usesVariable(p *dashfile.Panel, name string) bool {
	return slices.ContainsFunc(p.Queries, func(q *dashfile.Query) bool {
		return slices.ContainsFunc(q.Uses, func(u dashfile.Use) bool { return u.Name == name })
	})
}
