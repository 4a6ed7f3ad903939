package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lives tells what alerts did, in minutes since start.
func lives(alerts []*Alert) []string {
	var all []string
	minutes := func(t time.Time) string { return fmt.Sprintf("%gm", t.Sub(start).Minutes()) }
	for _, a := range alerts {
		text := a.Labels.String() + " active " + minutes(a.Active)
		if !a.Fired.IsZero() {
			text += " fired " + minutes(a.Fired)
		}
		if !a.Ended.IsZero() {
			text += " ended " + minutes(a.Ended)
		}
		all = append(all, text)
	}
	return all
}

func TestAlertStates(t *testing.T) {
	// Up, then down for 3 minutes, up for one, down to the end.
	up := every(time.Minute, metric("up", "job", "a"), 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0)
	const down = `{alertname="Down", job="a", team="x"} `
	for _, c := range []struct {
		name, rule string
		want       []string
	}{
		{"for", "for: 2m", []string{"active 5m fired 7m ended 8m", "active 9m fired 11m"}},
		{"no for", "for: 0s", []string{"active 5m fired 5m ended 8m", "active 9m fired 9m"}},
		{"for longer than the outage", "for: 5m", []string{"active 5m ended 8m", "active 9m"}},
		{"for between two evaluations", "for: 90s", []string{"active 5m fired 7m ended 8m", "active 9m fired 11m"}},
		{"keep_firing_for bridges the gap", "keep_firing_for: 2m", []string{"active 5m fired 5m"}},
		{"keep_firing_for shorter than an interval", "keep_firing_for: 30s", []string{"active 5m fired 5m"}},
		{"keep_firing_for does not help what never fired", "for: 5m, keep_firing_for: 2m", []string{"active 5m ended 8m", "active 9m"}},
	} {
		rules := "groups: [{name: g, labels: {team: x}, rules: [{alert: Down, expr: up == 0, " + c.rule + "}]}]"
		result, _, err := evaluate(t, rules, 12, up)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, w := range c.want {
			want = append(want, down+w)
		}
		if diff := cmp.Diff(want, lives(result.Alerts)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestRecordedSeriesEnd holds that a recorded series ends when its rule yields
// nothing, instead of living on for the engine's look-back of five minutes.
func TestRecordedSeriesEnd(t *testing.T) {
	x := every(time.Minute, metric("x"), 0, 1, 2, 3, 4, 5, 0, 1)
	result, s, err := evaluate(t, "groups: [{name: g, rules: [{record: y, expr: x < 3}, {alert: A, expr: y}]}]", 7, x)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`{alertname="A"} active 0m fired 0m ended 3m`, `{alertname="A"} active 6m fired 6m`}
	if diff := cmp.Diff(want, lives(result.Alerts)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var samples []string
	for _, line := range recorded(s, "y")[`{__name__="y"}`] {
		samples = append(samples, strings.Join(strings.Fields(line)[:2], " "))
	}
	if diff := cmp.Diff([]string{"0m 0", "1m 1", "2m 2", "3m stale", "6m 0", "7m 1"}, samples); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestOrder holds that a rule before the one that it reads sees what that did an
// evaluation ago.
func TestOrder(t *testing.T) {
	x := every(time.Minute, metric("x"), 0, 0, 1, 0, 0)
	for _, c := range []struct{ rules, want string }{
		{"{alert: A, expr: b > 0}, {record: b, expr: x}", `{alertname="A"} active 3m fired 3m ended 4m`},
		{"{record: b, expr: x}, {alert: A, expr: b > 0}", `{alertname="A"} active 2m fired 2m ended 3m`},
		// It counts how often it has been evaluated.
		{"{record: b, expr: b + 1 or x}, {alert: A, expr: b == 2}", `{alertname="A"} active 2m fired 2m ended 3m`},
	} {
		result, _, err := evaluate(t, "groups: [{name: g, rules: ["+c.rules+"]}]", 4, x)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{c.want}, lives(result.Alerts)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.rules, diff)
		}
	}
}

// TestObserve observes before, at, between and after evaluations.
func TestObserve(t *testing.T) {
	const rules = `groups: [{name: g, interval: 2m, rules: [{alert: A, expr: x > 0, for: 4m, labels: {l: "{{ $labels.l }}"}, annotations: {note: "{{ $value }} at {{ $externalURL }}"}}]}]`
	x := every(time.Minute, metric("x", "l", "a"), 0, 0, 7, 8, 9, 10, 11, 0, 0, 0, 0)
	at := func(minutes ...float64) (all []time.Time) {
		for _, m := range minutes {
			all = append(all, start.Add(time.Duration(m*float64(time.Minute))))
		}
		return all
	}
	opts := Options{Start: start, End: start.Add(10 * time.Minute), Interval: time.Minute, ExternalURL: "http://p", Observe: at(0, 1, 2, 3, 3.999, 4, 6, 7, 8, 9, 10)}
	result, err := Run(context.Background(), NewPlan(readGroups(t, rules), nil), fill(t, x), opts)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, active := range result.Observed {
		for _, o := range active {
			got = append(got, fmt.Sprintf("%s: %s %s %g %v", opts.Observe[i].Sub(start), o.Labels, o.Annotations, o.Value, o.Firing))
		}
	}
	var want []string
	for _, w := range []string{"2m0s: 7 false", "3m0s: 7 false", "3m59.94s: 7 false", "4m0s: 9 false", "6m0s: 11 true", "7m0s: 11 true"} {
		var when, state string
		var v int
		if _, err := fmt.Sscanf(w, "%s %d %s", &when, &v, &state); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf(`%s {alertname="A", l="a"} {note="%d at http://p"} %d %s`, when, v, v, state))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStates looks at what of ALERTS and ALERTS_FOR_STATE random rules hardly meet.
func TestStates(t *testing.T) {
	for _, c := range []struct {
		name, rules string
		x, y        []float64
		want        []string // series and samples
	}{
		// An alert of alerts has a label alertstate, which ALERTS_FOR_STATE keeps.
		{"alertstate", "{alert: A, expr: x > 0}, {alert: B, expr: 'ALERTS{alertname=\"A\"} == 1'}", []float64{1, 0, 0, 1}, nil, []string{
			`{__name__="ALERTS", alertname="A", alertstate="firing"}: 0m 1, 1m stale, 3m 1`,
			`{__name__="ALERTS", alertname="B", alertstate="firing"}: 0m 1, 1m stale, 3m 1`,
			`{__name__="ALERTS_FOR_STATE", alertname="A"}: 0m 1.00002e+06, 1m stale, 3m 1.0002e+06`,
			`{__name__="ALERTS_FOR_STATE", alertname="B", alertstate="firing"}: 0m 1.00002e+06, 1m stale, 3m 1.0002e+06`,
		}},
		// Two rules may take turns in one series, though the first is through when the second begins.
		{"turns", "{alert: A, expr: x > 0}, {alert: A, expr: y > 0}", []float64{0, 0, 0, 1}, []float64{1, 0, 0, 0}, []string{
			`{__name__="ALERTS", alertname="A", alertstate="firing"}: 0m 1, 1m stale, 3m 1`,
			`{__name__="ALERTS_FOR_STATE", alertname="A"}: 0m 1.00002e+06, 1m stale, 3m 1.0002e+06`,
		}},
		// A label that expands to nothing is shown as it is written.
		{"a template", "{alert: A, expr: x > 0, labels: {l: '{{ $labels.none }}'}}", []float64{1}, nil, []string{
			`{__name__="ALERTS", alertname="A", alertstate="firing", l="{{ $labels.none }}"}: 0m 1, 1m 1, 2m 1, 3m 1`,
			`{__name__="ALERTS_FOR_STATE", alertname="A", l="{{ $labels.none }}"}: 0m 1.00002e+06, 1m 1.00002e+06, 2m 1.00002e+06, 3m 1.00002e+06`,
		}},
	} {
		_, s, err := evaluate(t, "groups: [{name: g, rules: ["+c.rules+"]}]", 3, every(time.Minute, metric("x"), c.x...), every(time.Minute, metric("y"), c.y...))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, name := range []string{alertsMetric, forStateMetric} {
			for lset, lines := range recorded(s, name) {
				for i := range lines {
					lines[i] = strings.Join(strings.Fields(lines[i])[:2], " ")
				}
				got = append(got, lset+": "+strings.Join(lines, ", "))
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}
