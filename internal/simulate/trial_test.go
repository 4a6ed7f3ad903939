package simulate

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// breaks are ways to break a rule, as text.
var breaks = [][2]string{
	{"[5m]", "[10m]"}, {`job="api"`, `job!="api"`}, {" or ", " and "}, {"sum(", "max("}, {" > ", " < "}, {"offset 1m", "offset 2m"}, {`slo="orders"`, `slo!="orders"`},
	{" - ", " + "}, {"[3h]", "[6h]"}, {`status=~"5..",`, ""}, {"0.005", "0.0055"}, {`,slo="orders"`, ""},
}

// TestTrials holds that trials, which evaluate only what a broken rule reaches,
// notice just what all scenarios do that are run on all rules anew.
func TestTrials(t *testing.T) {
	of := *snapshotSLOs(t)[0]
	of.Tiers = slices.Clone(of.Tiers) // windows of days take long
	of.Tiers[1].Long, of.Tiers[1].Short = 2*time.Hour, 10*time.Minute
	o := &of
	var scenarios []Scenario
	for _, s := range append(generate(o, newPredictions()), recorded(o)) {
		if s.snapshots != nil || s.Name == "full outage" || s.Name == "target disappears" {
			scenarios = append(scenarios, s)
		}
	}
	groups := compiledRules(t, o)
	trials := NewTrials(scenarios, groups, Options{})
	noticed, survived, i := 0, 0, 0
	for _, g := range groups {
		for _, was := range g.Rules {
			b := breaks[i%len(breaks)]
			for n := 0; n < len(breaks) && !strings.Contains(was.Text, b[0]); n++ {
				i++
				b = breaks[i%len(breaks)]
			}
			i++
			if !strings.Contains(was.Text, b[0]) {
				continue // a number
			}
			is := broken(t, was, b)
			r, ok, err := trials.Notice(context.Background(), was, is)
			if err != nil {
				t.Fatal(err)
			}
			if anew := anyFails(t, scenarios, groups, was, is); anew != ok {
				t.Errorf("%s with %q for %q: trials say %v (%s), and all scenarios %v", was.Name(), b[1], b[0], ok, saw(r), anew)
			}
			if ok {
				noticed++
			} else {
				survived++
			}
		}
	}
	if noticed < 10 || survived == 0 {
		t.Errorf("%d noticed and %d not: the sample shows little", noticed, survived)
	}
}

func saw(r Result) string {
	if r.Scenario == nil {
		return "nothing"
	}
	return r.Scenario.Name + ": " + r.Saw()
}

func broken(t *testing.T, was *rulefile.Rule, b [2]string) *rulefile.Rule {
	t.Helper()
	text := strings.Replace(was.Text, b[0], b[1], 1)
	is := *was
	is.Text = text
	is.Expr = groups(t, "groups: [{name: g, rules: [{record: r, expr: '"+strings.ReplaceAll(text, "'", "''")+"'}]}]")[0].Rules[0].Expr
	return &is
}

// anyFails runs scenarios on rules of which one is broken.
func anyFails(t *testing.T, scenarios []Scenario, groups []*rulefile.Group, was, is *rulefile.Rule) bool {
	t.Helper()
	changed := engine.NewPlan(groups, nil).Within(groups, was, is)
	results, err := RunAll(context.Background(), scenarios, changed, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if !r.OK() {
			return true
		}
	}
	return false
}
