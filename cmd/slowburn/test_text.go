package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"slowburn/internal/diag"
	"slowburn/internal/simulate"
)

// writeTestText prints what alerts did, whom they told, and what failed.
func writeTestText(w io.Writer, out *outcome) error {
	write := writeAlerts
	if out.verbose {
		write = writeScenarios
	}
	if err := write(w, out); err != nil {
		return err
	}
	if err := writeRoutes(w, out); err != nil {
		return err
	}
	if len(out.scenarios)+len(out.routes) > 0 && len(out.units.Files) > 0 {
		fmt.Fprintln(w)
	}
	for _, f := range out.units.Files {
		mark := "ok"
		if f.Failed() {
			mark = "FAIL"
		}
		fmt.Fprintf(w, "%-4s  %s: %s\n", mark, f.File.Source.Name, countWord(len(f.Tests), "test"))
		for _, t := range f.Tests {
			if t.NotRun != "" {
				fmt.Fprintf(w, "      %s was not run: %s\n", t.Name, t.NotRun)
			}
			if t.Dump != "" {
				fmt.Fprintf(w, "      %s took %s; its series, with times in milliseconds:\n%s", t.Name, t.Elapsed, t.Dump)
			}
		}
	}
	if findings := out.findings(); len(findings) > 0 {
		fmt.Fprintln(w)
		if err := diag.WriteText(w, findings, colour(w)); err != nil {
			return err
		}
	}
	if out.units.Coverage != nil {
		fmt.Fprintf(w, "\n%s\n", out.units.Coverage.Summary())
	}
	return writeScores(w, out.mutants)
}

// writeAlerts prints a row for each alert: how it did in all of its scenarios,
// and an example, which is the first that failed if any did.
func writeAlerts(w io.Writer, out *outcome) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	of := ""
	for _, a := range byAlert(out.scenarios) {
		if service := a[0].Scenario.Service.Name; service != of {
			if of != "" {
				fmt.Fprintln(table)
			}
			of = service
			fmt.Fprintf(table, "%s\n\tALERT\tSCENARIOS\tFIRES IN\tFOR EXAMPLE\tPREDICTED\tOBSERVED\n", service)
		}
		scenarios, fires := map[*simulate.Scenario]bool{}, map[*simulate.Scenario]bool{}
		for _, r := range a {
			scenarios[r.Scenario] = true
			if len(r.Observed) > 0 {
				fires[r.Scenario] = true
			}
		}
		mark, example := "ok", example(a)
		if !example.OK() {
			mark = "FAIL"
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\t%s\t%s\n", mark, example.Prediction.Alert, len(scenarios), len(fires), example.Scenario.Name, example.Predicted(), example.Saw())
	}
	return table.Flush()
}

// byAlert groups results that are of one alert of one service, in order.
func byAlert(results []simulate.Result) [][]simulate.Result {
	type key struct{ service, alert string }
	at := map[key]int{}
	var alerts [][]simulate.Result
	for _, r := range results {
		k := key{r.Scenario.Service.Name, r.Prediction.Alert}
		i, ok := at[k]
		if !ok {
			i = len(alerts)
			at[k] = i
			alerts = append(alerts, nil)
		}
		alerts[i] = append(alerts[i], r)
	}
	return alerts
}

// example is the result that tells most of those of an alert: one that failed,
// or else the full outage, or else the first in which it fires.
func example(results []simulate.Result) simulate.Result {
	for _, tells := range []func(simulate.Result) bool{
		func(r simulate.Result) bool { return !r.OK() },
		func(r simulate.Result) bool {
			return r.Scenario.Name == simulate.FullOutage && len(r.Prediction.Fires) > 0
		},
		func(r simulate.Result) bool { return len(r.Prediction.Fires) > 0 && !r.Prediction.Close },
	} {
		if i := slices.IndexFunc(results, tells); i >= 0 {
			return results[i]
		}
	}
	return results[0]
}

// writeScenarios prints a table of predictions for each SLO and threshold alert.
func writeScenarios(w io.Writer, out *outcome) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var of *simulate.Scenario
	for _, group := range byScenario(out.scenarios) {
		s := group[0].Scenario
		if of == nil || of.Subject != s.Subject {
			if of != nil {
				fmt.Fprintln(table)
			}
			fmt.Fprintf(table, "%s %s\n", s.Service.Name, s.Subject.Name())
			fmt.Fprintln(table, "\tSCENARIO\tALERT\tPREDICTED\tOBSERVED")
		}
		of = s
		writeScenario(table, group)
	}
	return table.Flush()
}

// writeScenario prints a row for each alert. In a scenario that nobody asked
// for, those that stay silent, as they should, share one, with those of groups
// to which nothing happens.
func writeScenario(w io.Writer, results []simulate.Result) {
	name := results[0].Scenario.Name
	row := func(mark, alert, predicted, observed string) {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", mark, name, alert, predicted, observed)
		name = ""
	}
	var silent []simulate.Result
	do := "silent"
	for _, r := range results {
		mark := "ok"
		if !r.OK() {
			mark = "FAIL"
		} else if quiet := len(r.Prediction.Fires)+len(r.Observed) == 0; r.Scenario.Generated && (quiet || r.Prediction.Beside(r.Scenario)) {
			silent = append(silent, r)
			if !quiet {
				do = "as other groups must"
			}
			continue
		}
		row(mark, r.Prediction.Name(), r.Predicted(), r.Saw())
	}
	switch n := len(silent); n {
	case 0:
	case 1:
		row("ok", silent[0].Prediction.Name(), silent[0].Predicted(), silent[0].Saw())
	case len(results):
		row("ok", fmt.Sprintf("all %d", n), do, do)
	default:
		row("ok", fmt.Sprintf("the other %d", n), do, do)
	}
}
