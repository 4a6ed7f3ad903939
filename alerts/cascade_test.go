package alerts

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSecondNotices is the reset cascade: a full outage of ten minutes, after
// which the fast tier clears within five minutes and the slow one within thirty.
func TestSecondNotices(t *testing.T) {
	labels := func(tier, severity string) map[string]string {
		return map[string]string{"slo": "a", "tier": tier, "severity": severity}
	}
	inhibition := func(label, source, target string) Inhibition {
		is := func(value string) []Matcher { return []Matcher{{Label: label, Values: []string{value}}} }
		return newInhibition(Inhibition{Source: is(source), Target: is(target), Equal: []string{"slo"}})
	}
	routes := []Route{{Match: []Matcher{{Label: "severity", Values: []string{"page"}}}, To: "page"}, {Match: []Matcher{{Label: "severity", Values: []string{"ticket"}}}, To: "ticket"}}
	const recovered = 10 * time.Minute
	fast := Firing{labels("fast", "page"), time.Minute, 15 * time.Minute}
	slowPage := Firing{labels("slow", "page"), 3 * time.Minute, 40 * time.Minute}
	slowTicket := Firing{labels("slow", "ticket"), 3 * time.Minute, 40 * time.Minute}
	early := slowPage
	early.From = 0
	for _, c := range []struct {
		name    string
		inhibit []Inhibition
		firings []Firing
		want    []Firing
	}{
		{"the fast page mutes the slow page", []Inhibition{inhibition("tier", "fast", "slow")}, []Firing{fast, slowPage}, []Firing{{slowPage.Labels, fast.Until, slowPage.Until}}},
		{"nothing mutes", nil, []Firing{fast, slowPage}, nil},
		{"the page mutes a ticket, which goes to somebody else", []Inhibition{inhibition("severity", "page", "ticket")}, []Firing{fast, slowTicket}, nil},
		{"the slow one was heard first", []Inhibition{inhibition("tier", "fast", "slow")}, []Firing{fast, early}, nil},
		{"the fast one fires as long", []Inhibition{inhibition("tier", "fast", "slow")}, []Firing{{fast.Labels, fast.From, slowPage.Until}, slowPage}, nil},
	} {
		routing := &Routing{Root: Route{To: "page", Routes: routes}, Inhibit: c.inhibit}
		if diff := cmp.Diff(c.want, routing.SecondNotices(c.firings, recovered)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}
