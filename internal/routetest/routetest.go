// Package routetest runs assertions about a routing tree: an alert with these
// labels, at this time, while those others fire, tells these receivers. They
// stand in specs, or in a file of their own beside anybody's Alertmanager
// configuration, and run on the configuration as it ships.
package routetest

import (
	"embed"
	"slices"
	"strings"
	"time"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Sources are the files that declare spec types; their comments document the JSON Schema.
//
//go:embed routetest.go
var Sources embed.FS

// Spec is one assertion.
type Spec struct {
	spec.Node
	// Name says what is tested. Default: the labels.
	Name spec.Text `json:"name,omitempty"`
	// Labels of the alert.
	Labels spec.Labels `json:"labels" jsonschema:"required"`
	// At is the time, such as 2027-01-30T03:00:00+01:00. It is needed where routes have hours.
	At spec.Text `json:"at,omitempty"`
	// While are the labels of other alerts that fire meanwhile.
	While []spec.Labels `json:"while,omitempty"`
	// Tells are the receivers, in order; none where the alert is muted or it is nobody's hour.
	Tells []spec.Text `json:"tells,omitempty"`
	// Muted tells whether one of the others mutes the alert. Default: it does not.
	Muted bool `json:"muted,omitempty"`
	// Elsewhere tells that the alert, or one of the others, is of no spec: its labels need not be those of the vocabulary.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// ListSpec is a list of assertions, as a routing has it.
type ListSpec struct {
	// Tests are assertions about the routes: labels, and whom they reach.
	Tests []Spec `json:"tests,omitempty"`
}

// AllLabels are the labels of all alerts of specs that the assertions speak of.
func (doc ListSpec) AllLabels() []spec.Labels {
	var all []spec.Labels
	for _, t := range doc.Tests {
		if !t.Elsewhere {
			all = append(append(all, t.Labels), t.While...)
		}
	}
	return all
}

// File is a file of assertions.
type File struct {
	spec.Node
	// Alertmanager is the configuration that is tested, relative to the file.
	Alertmanager spec.Text `json:"alertmanager" jsonschema:"required"`
	// RouteTests are the assertions.
	RouteTests []Spec `json:"route_tests" jsonschema:"required"`
}

// Is tells whether a document is a file of assertions, or was meant to be: it
// would pass otherwise, whatever it says.
func Is(doc *spec.Value) bool {
	if doc.Get("route_tests") != nil {
		return true
	}
	config := doc.Get("alertmanager")
	if config == nil || config.Kind != spec.String || doc.Get("apiVersion") != nil {
		return false
	}
	return slices.ContainsFunc(doc.Fields(), func(f spec.Field) bool {
		return spec.Nearest(f.Key.Text, []string{"route_tests"}) != "" || slices.ContainsFunc(f.Value.Items(), isAssertion)
	})
}

// isAssertion tells whether an item has what only assertions have together.
func isAssertion(item *spec.Value) bool {
	return item.Get("labels") != nil && (item.Get("tells") != nil || item.Get("muted") != nil)
}

// ReadFile reads a document for which Is holds.
func ReadFile(doc *spec.Value, r *diag.Report) *File {
	f := new(File)
	spec.Decode(doc, f, r)
	if f.RouteTests != nil && len(f.RouteTests) == 0 {
		r.Add(Invalid, f.KeyPos("route_tests"), "write one, such as {labels: {severity: page}, tells: [oncall]}", "there are no tests")
	}
	return f
}

// What assertions find.
var (
	Invalid = &diag.Kind{Name: "invalid-route-test", Severity: diag.Error, Doc: `A test of routes cannot be run.

It names a receiver that does not exist, has a time that cannot be read, or none although the outcome depends on it.`}
	WrongRoute = &diag.Kind{Name: "wrong-route", Severity: diag.Error, Doc: `An alert tells others than a test expects.

The finding says whom it tells, and which inhibition or hours keep others from being told.`}
)

// Result is what became of an assertion.
type Result struct {
	Name     string
	Pos      diag.Pos
	Tells    []string // those that are told
	Muted    bool
	Findings []diag.Finding
}

// Failed tells whether it does not hold, or cannot be run.
func (r Result) Failed() bool { return len(r.Findings) > 0 }

// Run runs assertions on a configuration.
func Run(c *amconfig.Config, tests []Spec) []Result {
	var results []Result
	for i := range tests {
		results = append(results, tests[i].run(c))
	}
	return results
}

// Sound are the assertions in which nothing was found that is an error: the
// others would say something else than their author means.
func Sound(tests []Spec, found []diag.Finding) []Spec {
	wrong := map[string]bool{}
	for _, f := range found {
		if f.Severity() == diag.Error {
			wrong[f.Pos.String()] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(tests), func(t Spec) bool { return t.Value().Any(func(v *spec.Value) bool { return wrong[v.Pos.String()] }) })
}

// Unrunnable are the findings of Run about assertions that cannot be run, and
// not about what becomes of an alert.
func Unrunnable(c *amconfig.Config, tests []Spec) []diag.Finding {
	var all []diag.Finding
	for _, result := range Run(c, tests) {
		for _, f := range result.Findings {
			if f.Kind == Invalid {
				all = append(all, f)
			}
		}
	}
	return all
}

// at is the time of an assertion, or false where it has none.
func (s *Spec) at(r *diag.Report) (time.Time, bool) {
	if s.At.Text == "" {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, s.At.Text)
	if err != nil {
		help := "write it with its offset: 2027-01-30T03:00:00+01:00"
		if strings.Contains(err.Error(), "out of range") {
			help = "there is no such day in the calendar, or no such time of day"
		}
		r.Add(Invalid, s.At.Pos(), help, "%q is not a time", s.At.Text)
	}
	return at, err == nil
}
