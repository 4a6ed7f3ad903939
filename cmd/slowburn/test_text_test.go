package main

import (
	"strings"
	"testing"

	"slowburn/internal/simulate"
	"slowburn/slo"
)

// The row of an alert that failed somewhere shows where.
func TestWriteAlertsThatFail(t *testing.T) {
	service := &slo.Service{Name: "shop"}
	result := func(scenario, failure string) simulate.Result {
		s := &simulate.Scenario{Subject: simulate.Subject{Service: service}, Name: scenario}
		return simulate.Result{Scenario: s, Prediction: simulate.Prediction{Alert: "OrdersFail", Why: "nothing fails"}, Failure: failure}
	}
	var b strings.Builder
	if err := writeAlerts(&b, &outcome{scenarios: []simulate.Result{result("healthy", ""), result("no traffic", "too many samples"), result("recovery", "")}}); err != nil {
		t.Fatal(err)
	}
	row := strings.Fields(strings.Split(strings.TrimSpace(b.String()), "\n")[2])
	if got, want := strings.Join(row, " "), "FAIL OrdersFail 3 0 no traffic silent: nothing fails too many samples"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
