package alerts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// teamRouting has everything that a routing may have.
const teamRouting = `name: q
labels: {priority: [P1, P2, P3], responsible: [infra, dev]}
pages: {priority: P1}
mail: {host: "smtp.example.com:587", from: alerts@example.com, user: a, passwordFile: /run/password}
receivers:
  - {name: pagerduty, pagerduty: {routingKeyFile: /run/key}}
  - {name: opsgenie, opsgenie: {apiKeySecret: {name: opsgenie, key: api-key}, priority: P1}}
  - {name: watcher, webhook: {urlFile: /run/watcher}}
teams:
  - name: infra
    receivers:
      - {name: slack, slack: {channel: "#infra", urlFile: /run/slack}, msteams: {urlFile: /run/teams}}
      - {name: mail, email: {to: infra@example.com}}
  - name: dev
    receivers:
      - {name: slack, slack: {channel: "#dev", urlFile: /run/slack}}
      - {name: mail, email: {to: "dev@example.com, lead@example.com"}}
teamLabel: responsible
intervals:
  - {name: nights, location: Europe/Warsaw, times: [22:00-24:00, 00:00-06:00]}
  - {name: office, location: Europe/Warsaw, times: [09:00-17:00], weekdays: [monday-friday], days: [1--1], months: [january-june, december], years: [2026-2030]}
routes:
  - {match: {priority: P1}, to: [pagerduty, opsgenie, team/slack]}
  - {match: {priority: P2}, to: team/slack, active: [office], groupInterval: 10m, continue: true}
  - {match: {priority: [P2, P3]}, to: team/mail, mute: [nights], groupBy: [priority], repeatInterval: 1d}
default: pagerduty
watchdog: {to: watcher}
inhibit:
  - {when: {priority: P1}, mute: {priority: [P2, P3]}, same: [responsible]}
`

func TestLand(t *testing.T) {
	routing, findings := route(t, teamRouting)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, c := range []struct{ labels, want string }{
		{"priority=P1 responsible=dev", "pagerduty opsgenie dev-slack"},
		{"priority=P1 responsible=nobody", "pagerduty opsgenie"},
		{"priority=P2 responsible=infra", "infra-slack(active office) infra-mail(mute nights)"},
		{"priority=P3 responsible=infra", "infra-mail(mute nights)"},
		{"priority=P3", "pagerduty(mute nights)"}, // no team: what nobody foresaw must be heard
		{"priority=P4", "pagerduty(default)"},
		{"alertname=Watchdog", "watcher"},
	} {
		labels := map[string]string{}
		for pair := range strings.FieldsSeq(c.labels) {
			name, value, _ := strings.Cut(pair, "=")
			labels[name] = value
		}
		var got []string
		for _, l := range routing.Land(labels) {
			text := l.To
			if len(l.Active) > 0 {
				text += "(active " + strings.Join(l.Active, ",") + ")"
			}
			if len(l.Mute) > 0 {
				text += "(mute " + strings.Join(l.Mute, ",") + ")"
			}
			if l.Default {
				text += "(default)"
			}
			got = append(got, text)
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%s lands at %s, want %s", c.labels, got, c.want)
		}
	}
}

func TestRoutingMistakes(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"interval that does not exist", "active: [office]", "active: [ofice]", []string{`24:54: there is no interval "ofice"; did you mean "office"? (unknown-reference)`}},
		{"receiver that no team has", "to: team/slack, active", "to: team/slac, active", []string{`24:33: no team has a receiver "slac"; did you mean "team/slack"? (unknown-reference)`}},
		{"receiver that a team lacks", "  - name: dev\n    receivers:\n      - {name: slack,", "  - name: dev\n    receivers:\n      - {name: chat,", []string{
			`23:55: team "dev" has no receiver "slack"; use one of chat, mail (unknown-reference)`,
			`24:33: team "dev" has no receiver "slack"; use one of chat, mail (unknown-reference)`,
		}},
		{"team that the vocabulary lacks", "- name: dev", "- name: devs", []string{
			`14:11: the vocabulary has no responsible "devs"; did you mean "dev"? (unknown-reference)`,
			`18:12: no team is called "dev"; add it to teams, or to the vocabulary what they are called (unknown-reference)`,
		}},
		{"no label names the team", "teamLabel: responsible\n", "", []string{`10:3: nothing says which label names the team; add teamLabel: LABEL (missing-key)`}},
		{"told twice", "[pagerduty, opsgenie, team/slack]", "[pagerduty, pagerduty]", []string{`23:45: "pagerduty" is told already; name it once (duplicate-name)`}},
		{"told nobody", "[pagerduty, opsgenie, team/slack]", "[]", []string{`23:33: a route that tells nobody; name a receiver (bad-value)`}},
		{"location that does not exist", "nights, location: Europe/Warsaw", "nights, location: Europe/Warsow", []string{`20:30: there is no location "Europe/Warsow"; write one of the tz database, such as Europe/Warsaw, or UTC (bad-value)`}},
		{"range over midnight", "[22:00-24:00, 00:00-06:00]", "[22:00-06:00]", []string{`20:53: 22:00-06:00 ends before it begins; write two: 22:00-24:00 and 00:00-06:00; with weekdays, the second belongs to an interval of the days after (bad-value)`}},
		{"range to midnight", "[22:00-24:00, 00:00-06:00]", "[22:00-00:00]", []string{`20:53: 22:00-00:00 ends before it begins; write 22:00-24:00 (bad-value)`}},
		{"no time", "[22:00-24:00, 00:00-06:00]", "[22-24, 24:00-24:00, 9:00-10:00]", []string{
			`20:53: "22-24" is no part of a day; write start and end, such as 09:00-17:00 (bad-value)`,
			`20:60: "24:00-24:00" is no part of a day; write start and end, such as 09:00-17:00 (bad-value)`,
			`20:73: "9:00-10:00" is no part of a day; write start and end, such as 09:00-17:00 (bad-value)`,
		}},
		{"weekdays over the week's end", "[monday-friday]", "[saturday-monday]", []string{`21:78: "saturday-monday" cannot be read: start day cannot be before end day; write a day in English, in lower case, or two with a dash between: monday-friday; the week begins on sunday (bad-value)`}},
		{"day that does not exist", "days: [1--1]", "days: [32]", []string{`21:101: "32" cannot be read: 32 is not a valid day of the month: out of range; write a day, or the first and the last: 1-7; -1 is the last of the month (bad-value)`}},
		{"repeated before it is looked at", "groupInterval: 10m", "groupInterval: 10h", []string{`24:78: a group is looked at every 10h, so that it cannot be repeated after 4h; write a repeatInterval of at least 10h (bad-value)`}},
		{"mail without a server", "mail: {host", "#", []string{
			`13:29: nothing says how mail is sent; add mail: {host: smtp.example.com:587, from: alerts@example.com} to the routing (missing-key)`,
			`17:29: nothing says how mail is sent; add mail: {host: smtp.example.com:587, from: alerts@example.com} to the routing (missing-key)`,
		}},
		{"server without a port", `host: "smtp.example.com:587"`, "host: smtp.example.com", []string{`4:14: "smtp.example.com" is not a server with its port; write host and port, such as smtp.example.com:587 (bad-value)`}},
		{"no address", "to: infra@example.com", "to: infra", []string{`13:34: "infra" is not an address; write name@example.com (bad-value)`}},
		{"priority that Opsgenie lacks", "priority: P1}}", "priority: P0}}", []string{`7:89: "P0" is not a priority of Opsgenie; use one of P1, P2, P3, P4, P5 (bad-value)`}},
		{"no secret at all", "webhook: {urlFile: /run/watcher}", "webhook: {}", []string{`8:30: there is neither urlFile nor urlSecret; add urlFile: PATH, or urlSecret: {name: NAME, key: KEY} (missing-key)`}},
		{"watchdog too often", "watchdog: {to: watcher}", "watchdog: {to: watcher, every: 1s}", []string{`27:32: a watchdog every 1s is told more often than rules are evaluated; write 1m or more (bad-value)`}},
		{"watchdog to nobody", "watchdog: {to: watcher}", "watchdog: {to: watchers}", []string{`27:16: there is no receiver "watchers"; did you mean "watcher"? (unknown-reference)`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(teamRouting, c.old) {
				t.Fatalf("the routing lacks %q", c.old)
			}
			_, got := route(t, strings.Replace(teamRouting, c.old, c.new, 1))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestSecretsStayHidden holds that no finding shows a secret, whatever is wrong
// around it: not in its text, and not in the source line below.
func TestSecretsStayHidden(t *testing.T) {
	const hidden = "T0/hush"
	for _, way := range []string{
		"slack: {channel: a, url: 'https://hooks.example.com/T0/hush'}",
		"slack: {channel: a, urlFile: 'https://hooks.example.com/T0/hush'}",
		"slack: {channel: a, api_url: 'https://hooks.example.com/T0/hush'}",
		"slack: 'https://hooks.example.com/T0/hush'",
		"pagerduty: {routingKey: T0/hush}",
		"pagerduty: {key: T0/hush}",
		"pagerduty: T0/hush",
		"opsgenie: {apiKey: T0/hush, priority: P9}",
		"msteams: {url: T0/hush}",
		"webhook: {url: T0/hush}",
		"webhook: {url: [T0/hush]}",
	} {
		text := strings.Replace(teamRouting, "webhook: {urlFile: /run/watcher}", way, 1)
		var r diag.Report
		docs := spec.ReadYAML(&diag.Source{Name: "routing.yaml", Text: []byte(text)}, &r)
		var doc RoutingSpec
		spec.Decode(docs[0], &doc, &r)
		BuildRouting(&doc, Routed{}, &r)
		if !r.HasErrors() {
			t.Errorf("%s: nothing is wrong", way)
		}
		var shown strings.Builder
		if err := diag.WriteText(&shown, r.Findings(), false); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(shown.String(), hidden) {
			t.Errorf("%s: the secret is shown:\n%s", way, shown.String())
		}
	}
}

func components(t *testing.T, text string) ([]Component, []string) {
	t.Helper()
	var r diag.Report
	docs := spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)
	var doc ComponentsSpec
	spec.Decode(docs[0], &doc, &r)
	list := doc.Resolve(&Service{Service: &slo.Service{}}, &r)
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
	}
	return list, findings
}

func TestComponentMistakes(t *testing.T) {
	_, got := components(t, `components:
  - {name: a, needs: [b, x]}
  - {name: b, needs: [c]}
  - {name: c, needs: [a]}
  - {name: d, needs: [d]}
  - {name: c}
`)
	want := []string{
		`2:26: there is no component "x"; use one of a, b, c, d (unknown-reference)`,
		`4:23: components need each other in a circle: a → b → c → a; take one of the needs out (dependency-cycle)`,
		`5:23: components need each other in a circle: d → d; take one of the needs out (dependency-cycle)`,
		`6:12: component "c" exists already; rename one of them (duplicate-name)`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestMissingComponent holds that a component which there is not is found where
// its name stands, and not at the alert.
func TestMissingComponent(t *testing.T) {
	var r diag.Report
	docs := spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(`name: shop
components:
  - {name: api}
alerts:
  - {name: Down, component: apii, down: {of: up}}
  - {name: EachDown, down: {of: up, each: {job: [api, ap]}, componentFrom: job}}
`)}, &r)
	var doc struct {
		slo.ServiceSpec
		AlertsSpec
		ComponentsSpec
	}
	spec.Decode(docs[0], &doc, &r)
	doc.ComponentsSpec.Resolve(Resolve(&doc.AlertsSpec, slo.Resolve(&doc.ServiceSpec, nil, &r), &r), &r)
	var got []string
	for _, f := range r.Findings() {
		got = append(got, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
	}
	want := []string{
		`5:29: there is no component "apii"; did you mean "api"? (unknown-reference)`,
		`6:55: there is no component "ap"; did you mean "api"? (unknown-reference)`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
