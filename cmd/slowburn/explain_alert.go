package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// explainAlert explains the alert of a name, or, where several units have one
// of that name, each of them. In JSON each is a document of its own.
func explainAlert(ctx context.Context, name string, opts explainOptions) error {
	builds, report, err := compileAll(ctx, opts.paths, opts.envs, opts.std)
	if err != nil && (len(opts.paths) > 0 || len(opts.envs) > 0) {
		return err
	}
	if err != nil {
		// Nobody named a folder: that the current one has no specs must not hide a mistyped finding.
		return fmt.Errorf("%s: no finding has that name, and there is no spec to look for an alert (%w); %s", name, err, spec.Suggest(name, kindNames()))
	}
	found, names := findAlert(builds, name)
	costs, slos := findSLO(builds, name)
	if err := printErrors(opts.std.err, report); err != nil {
		return err
	}
	if len(found)+len(costs) == 0 {
		slices.Sort(names)
		// Alerts first: where nothing is near, they are what is listed.
		return fmt.Errorf("%s: no finding, alert or SLO has that name; %s", name, spec.Suggest(name, slices.Concat(slices.Compact(names), slos, kindNames())))
	}
	for i, x := range found {
		if err := writeExplanation(opts, x, explanationText(x), i > 0); err != nil {
			return err
		}
	}
	for i, c := range costs {
		if err := writeExplanation(opts, c, sloCostText(c), len(found)+i > 0); err != nil {
			return err
		}
	}
	if report.HasErrors() {
		return errFindings
	}
	return nil
}

// findAlert explains the alerts of a name, and returns the names of all.
func findAlert(builds []*build, name string) (found []alerts.Explanation, names []string) {
	for _, b := range builds {
		for _, s := range b.alerting {
			for _, a := range s.All() {
				names = append(names, a.Name)
				if a.Name == name {
					found = append(found, alerts.Explain(a, b.routing))
				}
			}
		}
	}
	return found, names
}

// findSLO finds what the rules of the SLOs of a name cost, and returns the names of all.
func findSLO(builds []*build, name string) (found []alerts.SLOCost, names []string) {
	for _, b := range builds {
		for _, s := range b.alerting {
			for _, o := range s.SLOs {
				names = append(names, o.Name)
				if o.Name == name {
					found = append(found, alerts.ExplainSLO(o))
				}
			}
		}
	}
	return found, names
}

func kindNames() []string {
	var names []string
	for _, k := range kindsByName() {
		names = append(names, k.Name)
	}
	return names
}

// printErrors prints what makes the specs, and so perhaps the explanation,
// wrong. Everything else is for slowburn check to say.
func printErrors(w io.Writer, report *diag.Report) error {
	wrong := slices.DeleteFunc(slices.Clone(report.Findings()), func(f diag.Finding) bool { return f.Severity() != diag.Error })
	return printFindings(w, "text", wrong)
}

func writeExplanation(opts explainOptions, x any, text string, further bool) error {
	if opts.format == "json" {
		return writeJSON(opts.std.out, x)
	}
	if further {
		text = strings.Repeat("-", 80) + "\n" + text
	}
	_, err := io.WriteString(opts.std.out, text)
	return err
}
