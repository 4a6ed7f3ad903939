package alerts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
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
	for _, c := range []struct {
		name    string
		inhibit []Inhibition
		firings []Firing
		want    []SecondNotice
	}{
		{"the fast page mutes the slow page", []Inhibition{inhibition("tier", "fast", "slow")}, []Firing{fast, slowPage}, []SecondNotice{{heard, fast, []string{"page"}}}},
		{"nothing mutes", nil, []Firing{fast, slowPage}, nil},
		{"it begins after the recovery, and nothing mutes it", nil, []Firing{fast, firing("slow", "page", 20, 40)}, nil},
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

// TestResetCascade holds that there is one finding for each inhibition and pair
// of tiers, at the inhibition, and that what it says helps.
func TestResetCascade(t *testing.T) {
	const slos = `slos:
  - {name: a, objective: 99.9%, availability: {total: requests_total, bad: status="500"}}
  - {name: b, objective: 99%, per: [path], availability: {total: requests_total, bad: status="500"}}
  - {name: c, objective: 99.5%, availability: {total: requests_total, bad: status="500"}}
  - {name: d, objective: 90%, availability: {total: requests_total, bad: status="500"}}
`
	service := func(fast string) string {
		return "name: shop\nperiod: 30d\nburn:\n  - {name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}" + fast +
			"}\n  - {name: Slow, budget: 5%, windows: [6h, 30m], labels: {severity: ticket}}\nabsence: {enabled: false}\n" + slos
	}
	const routing = `name: shop
labels: {severity: [page, ticket]}
receivers: [{name: chat, slack: {channel: "#a", urlFile: /run/url}}, {name: pager, pagerduty: {routingKeyFile: /run/key}}]
default: chat
inhibit:
  - {when: {severity: page}, mute: {severity: ticket}, same: [service, slo]}
`
	for _, c := range []struct{ name, service, routing, want string }{
		{"one receiver", service(""), routing, "6:5: after the recovery from an outage ASLOFast clears 24m53.5s before ASLOSlow, which it mutes: chat is told once more, and likewise of 2 other SLOs; " +
			"let tier Fast go on: keepFiringFor: 26m, or join the two (alert), or tell somebody else, or let both be heard"},
		{"as long as the slow one", service(", keepFiringFor: 26m"), routing, ""},
		{"for a while", service(", keepFiringFor: 10m"), routing, "keepFiringFor: 26m, or join"},
		{"somebody else", service(""), routing + "routes: [{match: {severity: page}, to: pager}]\n", ""},
		{"both", service(""), routing + "routes: [{match: {severity: page}, to: [pager, chat]}]\n", "6:5: "},
		{"no inhibition", service(""), strings.Split(routing, "inhibit:")[0], ""},
	} {
		s, findings := resolveText(t, c.service)
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		routing, _ := route(t, c.routing, s)
		var r diag.Report
		routing.checkCascades([]*Service{s}, &r)
		got := ""
		for _, f := range r.Findings() {
			got += fmt.Sprintf("%d:%d: %s\n", f.Pos.Line, f.Pos.Col, f.Text())
		}
		if c.want == "" != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
