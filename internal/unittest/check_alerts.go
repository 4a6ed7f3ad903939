package unittest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/spec"
)

// checkAlerts compares the alerts that are active at a moment with those that
// are expected.
func (x *execution) checkAlerts(result *engine.Result) {
	for _, c := range x.test.alerts {
		if !slices.Contains(x.suite.alerts, c.name) {
			continue // reported already
		}
		i := slices.Index(x.observe, x.test.start.Add(c.at))
		firing, pending := activeOf(result.Observed[i], c.name)
		if !c.anyFiring {
			x.compareAlerts(c, "firing", c.firing, firing)
		}
		if c.checksPending {
			x.compareAlerts(c, "pending", c.pending, pending)
		}
	}
}

// activeOf are the active alerts of a name, by state, sorted as promtool does.
func activeOf(observed []engine.Observation, name string) (firing, pending []activeAlert) {
	for _, o := range observed {
		switch {
		case o.Rule.Alert != name:
		case o.Firing:
			firing = append(firing, activeAlert{o.Labels, o.Annotations})
		default:
			pending = append(pending, activeAlert{o.Labels, o.Annotations})
		}
	}
	slices.SortFunc(firing, compareAlerts)
	slices.SortFunc(pending, compareAlerts)
	return firing, pending
}

func compareAlerts(a, b activeAlert) int {
	if c := labels.Compare(a.labels, b.labels); c != 0 {
		return c
	}
	return labels.Compare(a.annotations, b.annotations)
}

func (x *execution) compareAlerts(c *alertCase, state string, expected []expectedAlert, got []activeAlert) {
	var wanted []wantedAlert
	for _, e := range expected {
		wanted = append(wanted, e.wanted(c.name))
	}
	slices.SortStableFunc(wanted, func(a, b wantedAlert) int { return slices.Compare(a.shown, b.shown) })
	if perfectMatch(len(wanted), len(got), func(i, j int) bool { return wanted[i].fits(got[j]) }) {
		return
	}
	message := fmt.Sprintf("expected %s %s, got %s", countOf(len(expected)), plural(len(expected), state+" alert"), gotOf(len(got)))
	if len(expected) == len(got) {
		message = fmt.Sprintf("the %s %s not as expected", state, map[bool]string{true: "alert is", false: "alerts are"}[len(got) == 1])
	}
	var want, have []string
	for _, w := range wanted {
		want = append(want, w.shown...)
	}
	for _, a := range got {
		have = append(have, a.lines()...)
	}
	x.report.Append(diag.Finding{
		Kind: WrongAlerts, Pos: c.pos(), Message: x.message("%s at %s: %s", c.name, spec.PrometheusDuration(c.at), message),
		Detail: x.detail(want, have),
	})
}

// checkSilences reports alerts that fire where nothing may.
func (x *execution) checkSilences(result *engine.Result) {
	for _, s := range x.test.silences {
		until := x.test.length()
		if s.To.IsSet() {
			until = s.To.Duration
		}
		from, to := x.test.start.Add(s.From.Duration), x.test.start.Add(until)
		var fired []*engine.Alert
		for _, a := range result.Alerts {
			if (s.Alertname.Text == "" || a.Rule.Alert == s.Alertname.Text) && x.firesWithin(a, from, to) {
				fired = append(fired, a)
			}
		}
		if len(fired) == 0 {
			continue
		}
		var lines []string
		for _, a := range fired {
			lines = append(lines, fmt.Sprintf("%s %s", a.Labels, x.firingTime(a)))
		}
		x.report.Append(diag.Finding{
			Kind: NotSilent, Pos: s.Pos(), Detail: strings.Join(lines, "\n"),
			Message: x.message("%s %s between %s and %s, where nothing may", countOf(len(fired)),
				map[bool]string{true: "alert fires", false: "alerts fire"}[len(fired) == 1],
				spec.PrometheusDuration(s.From.Duration), spec.PrometheusDuration(until)),
		})
	}
}

// firesWithin tells whether an alert fires at an evaluation between two moments.
func (x *execution) firesWithin(a *engine.Alert, from, to time.Time) bool {
	if a.Fired.IsZero() {
		return false
	}
	first := a.Fired
	if from.After(first) { // the first evaluation from then on
		step := x.suite.step(x.suite.groupOf[a.Rule])
		since := from.Sub(x.test.start)
		first = x.test.start.Add((since + step - 1) / step * step)
	}
	return !first.After(to) && (a.Ended.IsZero() || first.Before(a.Ended))
}

func (x *execution) firingTime(a *engine.Alert) string {
	if a.Ended.IsZero() {
		return "from " + x.since(a.Fired)
	}
	return "from " + x.since(a.Fired) + " until " + x.since(a.Ended)
}
