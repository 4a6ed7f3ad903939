package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/util/junitxml"

	"slowburn/internal/diag"
	"slowburn/internal/simulate"
	"slowburn/internal/unittest"
)

// testFormats are the ways to print what tests found.
var testFormats = map[string]func(io.Writer, *outcome) error{
	"text":   writeTestText,
	"json":   writeTestJSON,
	"sarif":  func(w io.Writer, out *outcome) error { return diag.WriteSARIF(w, out.findings()) },
	"github": func(w io.Writer, out *outcome) error { return diag.WriteGitHub(w, out.findings()) },
	"junit":  writeJUnit,
}

func (out *outcome) print(opts testOptions) error {
	if err := testFormats[opts.format](opts.std.out, out); err != nil {
		return err
	}
	if opts.junit != "" {
		file, err := os.Create(opts.junit)
		if err != nil {
			return err
		}
		if err := errors.Join(writeJUnit(file, out), file.Close()); err != nil {
			return fmt.Errorf("%s: %w", opts.junit, err)
		}
	}
	_, err := fmt.Fprintln(opts.std.err, out.summary())
	return err
}

// summary counts what was done, and what is wrong besides.
func (out *outcome) summary() string {
	failed, tests, failedTests := 0, 0, 0
	for _, r := range out.scenarios {
		if !r.OK() {
			failed++
		}
	}
	for _, f := range out.units.Files {
		for _, t := range f.Tests {
			tests++
			if t.Failed() {
				failedTests++
			}
		}
	}
	text := ""
	if len(out.scenarios) > 0 {
		text = fmt.Sprintf("%s in %s, %d failed", countWord(len(out.scenarios), "prediction"), countWord(len(byScenario(out.scenarios)), "scenario"), failed)
	}
	if routes := out.routeSummary(); routes != "" {
		text = strings.TrimPrefix(text+"; "+routes, "; ")
	}
	if tests > 0 || text == "" {
		if text != "" {
			text += "; "
		}
		text += fmt.Sprintf("%s, %d failed", countWord(tests, "unit test"), failedTests)
	}
	wrong := 0
	for _, f := range slices.Concat(out.specs.Findings(), out.besides()) {
		if f.Severity() == diag.Error {
			wrong++
		}
	}
	if wrong > 0 {
		text += "; " + countWord(wrong, "finding")
	}
	return text
}

// byScenario groups results that belong to one scenario.
func byScenario(results []simulate.Result) [][]simulate.Result {
	var groups [][]simulate.Result
	for _, r := range results {
		if n := len(groups); n > 0 && groups[n-1][0].Scenario == r.Scenario {
			groups[n-1] = append(groups[n-1], r)
			continue
		}
		groups = append(groups, []simulate.Result{r})
	}
	return groups
}

// jsonSpan is a span in seconds since the scenario's event began.
type jsonSpan struct {
	From  float64 `json:"from"`
	Until float64 `json:"until"`
}

type jsonScenario struct {
	Service   string     `json:"service"`
	SLO       string     `json:"slo,omitempty"` // unless the scenario is a threshold alert's
	Scenario  string     `json:"scenario"`
	Alert     string     `json:"alert"`
	OK        bool       `json:"ok"`
	Close     bool       `json:"tooCloseToCall,omitempty"`
	Outage    float64    `json:"eventSeconds"`
	Predicted []jsonSpan `json:"predicted"`
	Observed  []jsonSpan `json:"observed"`
	Early     float64    `json:"toleranceEarlySeconds"`
	Late      float64    `json:"toleranceLateSeconds"`
	Why       string     `json:"why,omitempty"`
}

type jsonTest struct {
	File    string  `json:"file"`
	Line    int     `json:"line"`
	Test    string  `json:"test"`
	OK      bool    `json:"ok"`
	Seconds float64 `json:"seconds"`
}

func writeTestJSON(w io.Writer, out *outcome) error {
	report := struct {
		Scenarios []jsonScenario     `json:"scenarios"`
		Routes    []jsonRoute        `json:"routes"`
		Tests     []jsonTest         `json:"tests"`
		Coverage  *unittest.Coverage `json:"coverage,omitempty"`
		Mutation  *jsonMutation      `json:"mutation,omitempty"`
		Findings  json.RawMessage    `json:"findings"`
	}{Scenarios: []jsonScenario{}, Routes: out.jsonRoutes(), Tests: []jsonTest{}, Coverage: out.units.Coverage, Mutation: jsonOfMutants(out.mutants)}
	for _, r := range out.scenarios {
		s := r.Scenario
		spans := func(of []simulate.Span) []jsonSpan {
			all := []jsonSpan{}
			for _, span := range of {
				all = append(all, jsonSpan{(span.From - s.Event.From).Seconds(), (span.Until - s.Event.From).Seconds()})
			}
			return all
		}
		name := ""
		if s.SLO != nil {
			name = s.SLO.Name
		}
		report.Scenarios = append(report.Scenarios, jsonScenario{
			s.Service.Name, name, s.Name, r.Prediction.Name(), r.OK(), r.Prediction.Close, s.Event.Length().Seconds(),
			spans(r.Prediction.Fires), spans(r.Observed), r.Tolerance.Early.Seconds(), r.Tolerance.Late.Seconds(), r.Prediction.Why,
		})
	}
	for _, f := range out.units.Files {
		for _, t := range f.Tests {
			report.Tests = append(report.Tests, jsonTest{f.File.Source.Name, t.Pos.Line, t.Name, !t.Failed(), t.Elapsed.Seconds()})
		}
	}
	var findings bytes.Buffer
	if err := diag.WriteJSON(&findings, out.findings()); err != nil {
		return err
	}
	report.Findings = findings.Bytes()
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

// writeJUnit prints a suite for each SLO, each threshold alert and each file of unit tests.
func writeJUnit(w io.Writer, out *outcome) error {
	var report junitxml.JUnitXML
	var suite *junitxml.TestSuite
	var of *simulate.Scenario
	for _, r := range out.scenarios {
		s := r.Scenario
		if of == nil || of.Subject != s.Subject {
			suite = report.Suite(s.Service.Name + " " + s.Subject.Name())
		}
		of = s
		suite.Case(s.Name + ": " + r.Prediction.Name())
		if !r.OK() {
			suite.Fail(r.Finding().Whole())
		}
	}
	out.writeRouteSuite(&report)
	for _, f := range out.units.Files {
		suite = report.Suite(f.File.Source.Name)
		var broken []string
		for _, finding := range f.Findings {
			if finding.Severity() == diag.Error {
				broken = append(broken, fmt.Sprintf("%s: %s", finding.Pos, finding.Whole()))
			}
		}
		if len(broken) > 0 {
			suite.Case("the file and its rules")
			suite.Fail(strings.Join(broken, "\n"))
		}
		for _, t := range f.Tests {
			suite.Case(t.Name)
			for _, finding := range t.Findings {
				if finding.Severity() == diag.Error {
					suite.Fail(fmt.Sprintf("%s: %s", finding.Pos, finding.Whole()))
				}
			}
			if t.NotRun != "" {
				suite.Fail(t.NotRun)
			}
		}
	}
	return report.WriteXML(w)
}
