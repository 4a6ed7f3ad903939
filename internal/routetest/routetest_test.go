package routetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

const configuration = `route:
  receiver: chat
  routes:
    - {matchers: [severity="page"], receiver: phone, continue: true, mute_time_intervals: [weekend]}
    - {matchers: [severity="page"], receiver: chat}
receivers: [{name: chat}, {name: phone}]
inhibit_rules:
  - {source_matchers: [alertname="Down"], target_matchers: [alertname="Slow"], equal: [service]}
time_intervals: [{name: weekend, time_intervals: [{weekdays: [saturday, sunday]}]}]
`

func read(t testing.TB) *amconfig.Config {
	t.Helper()
	var r diag.Report
	src := &diag.Source{Name: "alertmanager.yml", Text: []byte(configuration)}
	c := amconfig.Read(src, spec.ReadYAML(src, &r)[0], &r)
	if c == nil {
		t.Fatal(r.Findings())
	}
	return c
}

// run runs the tests of a file, and returns what is wrong with it and with them.
func run(t testing.TB, text string) []string {
	t.Helper()
	var r diag.Report
	for _, doc := range spec.ReadYAML(&diag.Source{Name: "routes.yaml", Text: []byte(text)}, &r) {
		if Is(doc) {
			tests := ReadFile(doc, &r).RouteTests
			for _, result := range Run(read(t), Sound(tests, r.Findings())) {
				r.Append(result.Findings...)
			}
		}
	}
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
	}
	return findings
}

func TestRun(t *testing.T) {
	const monday, sunday = "at: 2027-01-11T12:00:00Z", "at: 2027-01-10T12:00:00Z"
	for _, c := range []struct {
		name, test string
		want       []string
	}{
		{"both, in order", "labels: {severity: page}, tells: [phone, chat], " + monday, nil},
		{"only those whose hour it is", "labels: {severity: page}, tells: [chat], " + sunday, nil},
		{"the order counts", "labels: {severity: page}, tells: [chat, phone], " + monday, []string{`2:39: it tells phone, chat, not chat, phone (wrong-route)`}},
		{"the hour counts", "labels: {severity: page}, tells: [phone, chat], " + sunday, []string{`2:39: it tells chat, not phone, chat; it is not the hour of phone (wrong-route)`}},
		{"no time", "labels: {severity: page}, tells: [chat]", []string{`2:5: whether phone is told depends on the time; add at: with a time (invalid-route-test)`}},
		{"no time that can be read", "labels: {severity: page}, tells: [chat], at: sunday", []string{`2:51: "sunday" is not a time; write it with its offset: 2027-01-30T03:00:00+01:00 (invalid-route-test)`}},
		{"no such day", "labels: {severity: page}, tells: [chat], at: 2027-02-30T12:00:00+01:00", []string{`2:51: "2027-02-30T12:00:00+01:00" is not a time; there is no such day in the calendar, or no such time of day (invalid-route-test)`}},
		{"muted", "labels: {alertname: Slow, service: a}, while: [{alertname: Down, service: a}], muted: true", nil},
		{"muted by surprise", "labels: {alertname: Slow, service: a}, while: [{alertname: Down, service: a}], tells: [chat]", []string{`2:5: it is muted: Down service=a mutes it, by the inhibition in line 8; expect muted: true, or mend the inhibition (wrong-route)`}},
		{"not muted", "labels: {alertname: Slow, service: a}, while: [{alertname: Down, service: b}], muted: true", []string{`2:92: it is not muted; mend the inhibitions, or say in while what fires (wrong-route)`}},
		{"a receiver that there is not", "labels: {a: b}, tells: [chatt]", []string{`2:30: there is no receiver "chatt"; did you mean "chat"? (invalid-route-test)`}},
		{"a test that is wrong itself is not run", "label: {a: b}, tells: [phone]", []string{`2:6: unknown key "label"; did you mean "labels"? (unknown-key)`}},
		{"nor is one with a value that is wrong", "labels: {a: [b]}, tells: [phone]", []string{`2:18: a list is not a text; write a text (wrong-type)`}},
		{"nobody is expected", "labels: {a: b}", []string{`2:5: it tells chat, not nobody (wrong-route)`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := run(t, "route_tests:\n  - {"+c.test+"}\nalertmanager: a.yml\n")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestMeant holds that a file of tests is known for one although its key is
// misspelt, and that other people's files are left alone.
func TestMeant(t *testing.T) {
	const test = "[{labels: {a: b}, tells: [chat]}]"
	for _, c := range []struct {
		text string
		want []string
	}{
		{"alertmanager: a.yml\nroute_test: " + test, []string{`2:1: unknown key "route_test"; did you mean "route_tests"? (unknown-key)`}},
		{"alertmanager: a.yml\nrouteTests: " + test, []string{`2:1: unknown key "routeTests"; did you mean "route_tests"? (unknown-key)`}},
		{"alertmanager: a.yml\ntests: " + test, []string{`1:1: key "route_tests" is missing; add it (missing-key)`, `2:1: unknown key "tests"; use one of alertmanager, route_tests (unknown-key)`}},
		{"alertmanager: {image: a}\nrouteTests: " + test, nil},
		{"alertmanager: a.yml\nreplicas: [{labels: {a: b}}]", nil},
		{"tests: " + test, nil},
	} {
		if diff := cmp.Diff(c.want, run(t, c.text)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.text, diff)
		}
	}
}

// FuzzReadFile holds that nothing in a file of tests makes a panic.
func FuzzReadFile(f *testing.F) {
	f.Add("alertmanager: a.yml\nroute_tests:\n  - {labels: {severity: page}, at: 2027-01-30T03:00:00+01:00, while: [{a: b}], tells: [chat], muted: false}\n")
	f.Add("route_tests: []\n")
	f.Add("route_tests: {a: [b]}\nalertmanager: [x]\n")
	f.Fuzz(func(t *testing.T, text string) { run(t, text) })
}
