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
	firing := func(tier, severity string, from, until time.Duration) Firing {
		return Firing{Labels: labels(tier, severity), From: from * time.Minute, Until: until * time.Minute}
	}
	fast := firing("fast", "page", 1, 15)
	slowPage := firing("slow", "page", 3, 40)
	slowTicket := firing("slow", "ticket", 3, 40)
	early, lasting, heard := slowPage, fast, slowPage
	early.From, lasting.Until, heard.From = 0, slowPage.Until, fast.Until
	elsewhere := firing("other", "page", 0, 60)
	elsewhere.Group = `{queue="b"}`
	fastTicket := firing("fast", "ticket", 1, 15)
	for _, c := range []struct {
		name    string
		inhibit []Inhibition
		firings []Firing
		want    []SecondNotice
	}{
		{"the fast page mutes the slow page", []Inhibition{inhibition("tier", "fast", "slow")}, []Firing{fast, slowPage}, []SecondNotice{{heard, fast}}},
		{"nothing mutes", nil, []Firing{fast, slowPage}, nil},
		{"it begins after the recovery, and nothing mutes it", nil, []Firing{fast, firing("slow", "page", 20, 40)}, nil},
		{"the receiver knows of another group alone", []Inhibition{inhibition("tier", "fast", "slow")}, []Firing{fastTicket, slowPage, elsewhere}, nil},
		{"the page mutes a ticket, which goes to somebody else", []Inhibition{inhibition("severity", "page", "ticket")}, []Firing{fast, slowTicket}, nil},
		{"the slow one was heard first", []Inhibition{inhibition("tier", "fast", "slow")}, []Firing{fast, early}, nil},
		{"the fast one fires as long", []Inhibition{inhibition("tier", "fast", "slow")}, []Firing{lasting, slowPage}, nil},
	} {
		routing := &Routing{Root: Route{To: "page", Routes: routes}, Inhibit: c.inhibit}
		if diff := cmp.Diff(c.want, routing.SecondNotices(c.firings, recovered)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}
