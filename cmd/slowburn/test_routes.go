package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/prometheus/prometheus/util/junitxml"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/routetest"
)

// runRouteTests runs the tests of routes of all units.
func (out *outcome) runRouteTests(builds []*build, selected *regexp.Regexp) {
	for _, b := range builds {
		results, findings := b.routeTests()
		out.routeFile.Append(findings...)
		for _, r := range results {
			if selected == nil || selected.MatchString(r.Name) {
				out.routes = append(out.routes, r)
			}
		}
	}
}

// routesFailed tells whether a test of routes failed, or the emitted
// configuration does something else than the spec says.
func (out *outcome) routesFailed() bool {
	var r diag.Report
	r.Append(out.proofFindings()...)
	for _, t := range out.routes {
		r.Append(t.Findings...)
	}
	return r.HasErrors()
}

// proofFindings are those about routes that are of no test.
func (out *outcome) proofFindings() []diag.Finding {
	var r diag.Report
	r.Append(out.routeFile.Findings()...)
	for _, p := range out.proofs {
		if !p.OK() {
			s := p.result.Scenario
			r.Add(routetest.WrongRoute, s.SLO.Pos, "this is a fault of slowburn: please report it", "%s tells %s by the compiled configuration, and %s by the spec",
				routetest.Describe(p.Labels), strings.Join(p.receivers(), ", "), strings.Join(p.Predicted, ", "))
		}
	}
	return r.Findings()
}

func (p routeProof) receivers() []string {
	var names []string
	for _, route := range p.Tells {
		name := route.Receiver
		if len(route.Active) > 0 {
			name += " (in " + strings.Join(route.Active, ", ") + ")"
		}
		if len(route.Mute) > 0 {
			name += " (not in " + strings.Join(route.Mute, ", ") + ")"
		}
		names = append(names, name)
	}
	return names
}

// proofRow is what was seen of an alert, or of some of its groups and members.
type proofRow struct {
	ok                    bool
	alert, tells, mutedBy string
	sets                  []map[string]string
}

// proofRows are one for each alert that fired, unless its groups or members go
// different ways.
func (out *outcome) proofRows() []proofRow {
	var order []string
	byAlert := map[string][]proofRow{}
	for _, p := range out.proofs {
		row := proofRow{p.OK(), p.Alert, strings.Join(p.receivers(), ", "), strings.Join(p.MutedBy, ", "), []map[string]string{p.Labels}}
		rows := byAlert[p.Alert]
		same := slices.IndexFunc(rows, func(o proofRow) bool { return o.ok == row.ok && o.tells == row.tells && o.mutedBy == row.mutedBy })
		switch {
		case same >= 0:
			rows[same].sets = append(rows[same].sets, row.sets...)
			continue
		case len(rows) == 0:
			order = append(order, p.Alert)
		}
		byAlert[p.Alert] = append(rows, row)
	}
	var all []proofRow
	for _, alert := range order {
		rows := byAlert[alert]
		var sets [][]map[string]string
		for _, row := range rows {
			sets = append(sets, row.sets)
		}
		for i, member := range alerts.Apart(sets) {
			if member != "" {
				rows[i].alert += " (" + member + ")"
			}
		}
		all = append(all, rows...)
	}
	return all
}

// writeRoutes prints whom the alerts that fired tell, then the tests of routes.
func writeRoutes(w io.Writer, out *outcome) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, row := range out.proofRows() {
		if i == 0 {
			fmt.Fprintln(table, "\n\tALERT THAT FIRED\tTELLS\tMUTED WHILE ONE OF THESE FIRES")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", mark(row.ok), row.alert, row.tells, row.mutedBy)
	}
	for i, t := range out.routes {
		if i == 0 {
			fmt.Fprintln(table, "\n\tTEST OF ROUTES\tTELLS")
		}
		tells := strings.Join(t.Tells, ", ")
		switch {
		case t.Muted:
			tells = "nobody: muted"
		case tells == "":
			tells = "nobody"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", mark(!t.Failed()), t.Name, tells)
	}
	return table.Flush()
}

func mark(ok bool) string {
	if ok {
		return "ok"
	}
	return "FAIL"
}

// routeSummary counts tests of routes, if there are any.
func (out *outcome) routeSummary() string {
	failed := 0
	for _, t := range out.routes {
		if t.Failed() {
			failed++
		}
	}
	var parts []string
	if n := len(out.proofs); n > 0 {
		parts = append(parts, countWord(n, "alert")+" followed to receivers")
	}
	if n := len(out.routes); n > 0 {
		parts = append(parts, fmt.Sprintf("%s, %d failed", countWord(n, "route test"), failed))
	}
	return strings.Join(parts, "; ")
}

type jsonRoute struct {
	Name    string            `json:"name"`
	Labels  map[string]string `json:"labels,omitempty"`
	OK      bool              `json:"ok"`
	Tells   []string          `json:"tells"`
	Muted   bool              `json:"muted,omitempty"`
	MutedBy []string          `json:"mutedBy,omitempty"`
}

func (out *outcome) jsonRoutes() []jsonRoute {
	list := []jsonRoute{}
	for _, p := range out.proofs {
		list = append(list, jsonRoute{Name: p.Alert, Labels: p.Labels, OK: p.OK(), Tells: p.receivers(), MutedBy: p.MutedBy})
	}
	for _, t := range out.routes {
		list = append(list, jsonRoute{Name: t.Name, OK: !t.Failed(), Tells: append([]string{}, t.Tells...), Muted: t.Muted})
	}
	return list
}

// writeRouteSuite adds the tests of routes to a report.
func (out *outcome) writeRouteSuite(report *junitxml.JUnitXML) {
	if len(out.routes) == 0 {
		return
	}
	suite := report.Suite("routes")
	for _, t := range out.routes {
		suite.Case(t.Name)
		var broken []string
		for _, f := range t.Findings {
			broken = append(broken, fmt.Sprintf("%s: %s", f.Pos, f.Whole()))
		}
		if len(broken) > 0 {
			suite.Fail(strings.Join(broken, "\n"))
		}
	}
}
