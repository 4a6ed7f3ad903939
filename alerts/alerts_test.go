package alerts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

const serviceText = `name: shop
period: 28d
links: {runbook: 'https://r.example.com/{name}', dashboard: 'https://g.example.com/d/{uid}?orgId=1'}
labels: {region: eu}
burn:
  - {name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}}
  - {name: Slow, budget: 10%, windows: [3d, 6h], labels: {severity: ticket}}
absence: {labels: {severity: ticket}}
slos:
  - name: orders
    title: Orders
    summary: orders {{ .Evil }} answered
    objective: 99.9%
    runbook: orders
    minErrors: 3
    availability: {total: 'requests_total{path="/{{ x }}"}', bad: 'status="500"'}
  - name: search
    objective: 99%
    latency: {of: search_seconds, within: 500ms}
`

func build(t *testing.T, text string) *Service {
	t.Helper()
	var r diag.Report
	docs := spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)
	var doc slo.ServiceSpec
	spec.Decode(docs[0], &doc, &r)
	s := Build(slo.Resolve(&doc, nil, &r))
	if r.HasErrors() {
		t.Fatal(r.Findings())
	}
	return s
}

func TestBurnAlert(t *testing.T) {
	s := build(t, serviceText)
	fast := s.SLOs[0].Burn[0]
	want := `(slo:sli_error:ratio_rate1h{service="shop",slo="orders"} > (13.44 * 0.001) and slo:sli_error:ratio_rate5m{service="shop",slo="orders"} > (13.44 * 0.001)) and on () (sum(increase(requests_total{path="/{{ x }}",status="500"}[1h])) >= 3)`
	if got := fast.Expr.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// 14/15 does not end as a decimal: it is printed as the quotient that it is.
	if got, want := s.SLOs[1].Burn[1].Expr.String(), `slo:sli_error:ratio_rate3d{service="shop",slo="search"} > (14 / 15 * 0.01) and slo:sli_error:ratio_rate6h{service="shop",slo="search"} > (14 / 15 * 0.01)`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var got []string
	for _, a := range fast.Annotations {
		got = append(got, a.Name+": "+a.Text)
	}
	wantTexts := []string{
		"dashboard_url: https://g.example.com/d/slo-shop?orgId=1&var-slo=orders&viewPanel=1",
		"description: {{ $value | humanizePercentage }} of the events of the last 1h were bad, and more than 1.344% of those of the last 5m. " +
			`The objective is 99.9% over 28d (orders {{ "{{" }} .Evil }} answered). Once this fires, at least 2% of the budget is spent; at this rate it lasts 2d2h.`,
		"runbook_url: https://r.example.com/orders",
		"summary: shop orders burns its error budget more than 13.44 times too fast",
	}
	if diff := cmp.Diff(wantTexts, got); diff != "" {
		t.Errorf("annotations (-want +got)\n%s", diff)
	}
}

// TestJoinedTiers holds that tiers of one alert are one rule, each with its own guard.
func TestJoinedTiers(t *testing.T) {
	s := build(t, strings.Replace(serviceText, `burn:
  - {name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}}
  - {name: Slow, budget: 10%, windows: [3d, 6h], labels: {severity: ticket}}
`, `burn:
  - {name: Hour, alert: Fast, factor: 14.4, windows: [1h, 5m], labels: {severity: page}, for: 1m, keepFiringFor: 5m}
  - {name: Day, factor: 3, windows: [1d, 2h], labels: {severity: ticket}}
  - {name: SixHours, alert: Fast, factor: 6, windows: [6h, 30m], labels: {severity: page}, for: 1m, keepFiringFor: 5m}
`, 1))
	burn := s.SLOs[0].Burn
	if len(burn) != 2 || burn[0].Name != "OrdersSLOFast" || burn[1].Name != "OrdersSLODay" || burn[0].For != time.Minute || burn[0].KeepFiringFor != 5*time.Minute || burn[1].For != 0 {
		t.Fatalf("%d alerts: %v", len(burn), burn)
	}
	want := `(slo:sli_error:ratio_rate1h{service="shop",slo="orders"} > (14.4 * 0.001) and slo:sli_error:ratio_rate5m{service="shop",slo="orders"} > (14.4 * 0.001)) and on () (sum(increase(requests_total{path="/{{ x }}",status="500"}[1h])) >= 3) or ` +
		`(slo:sli_error:ratio_rate6h{service="shop",slo="orders"} > (6 * 0.001) and slo:sli_error:ratio_rate30m{service="shop",slo="orders"} > (6 * 0.001)) and on () (` + s.SLOs[0].Errors(6*time.Hour).String() + ` >= 3)`
	if got := burn[0].Expr.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = `{{ $value | humanizePercentage }} of the events were bad; this fires at more than 1.44% of the last 1h and of the last 5m, or at more than 0.6% of the last 6h and of the last 30m. ` +
		`The objective is 99.9% over 28d (orders {{ "{{" }} .Evil }} answered). Once this fires, at least 2.1429% of the budget is spent.`
	if got := burn[0].Annotations[1].Text; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAlertLabels(t *testing.T) {
	s := build(t, serviceText)
	var got []string
	for _, a := range s.All() {
		var labels []string
		for _, l := range a.Labels {
			labels = append(labels, l.Name.Text+"="+l.Value.Text)
		}
		got = append(got, a.Name+" "+strings.Join(labels, ","))
	}
	want := []string{
		"OrdersSLOFast region=eu,severity=page",
		"OrdersSLOSlow region=eu,severity=ticket",
		"OrdersSLOMetricsAbsent region=eu,service=shop,severity=ticket,slo=orders",
		"SearchSLOFast region=eu,severity=page",
		"SearchSLOSlow region=eu,severity=ticket",
		"SearchSLOMetricsAbsent region=eu,service=shop,severity=ticket,slo=search",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAbsenceAlert(t *testing.T) {
	s := build(t, serviceText)
	if got, want := s.SLOs[1].Absence[0].Expr.String(), `absent(sum(search_seconds_count)) or absent(sum(search_seconds_bucket{le="0.5"}))`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s = build(t, strings.Replace(serviceText, "absence: {", "absence: {enabled: false, ", 1))
	if n := len(s.SLOs[0].Absence); n != 0 {
		t.Errorf("%d absence alerts although they are switched off", n)
	}
}

const routingText = `name: shop
labels: {severity: [page, ticket]}
receivers:
  - {name: phone, pagerduty: {routingKeyFile: /run/key}}
  - {name: chat, slack: {channel: "#x", urlFile: /run/url}}
  - {name: log, slack: {channel: "#log", urlFile: /run/url}}
routes:
  - {to: log, continue: true, match: {severity: [page, ticket]}}
  - {to: phone, match: {severity: page, service: shop}}
  - {to: chat, match: {severity: ticket}}
default: log
inhibit:
  - {when: {severity: page}, mute: {severity: ticket}, same: [service, slo]}
`

func route(t *testing.T, text string, services ...*Service) (*Routing, []string) {
	t.Helper()
	var r diag.Report
	docs := spec.ReadYAML(&diag.Source{Name: "routing.yaml", Text: []byte(text)}, &r)
	var doc RoutingSpec
	spec.Decode(docs[0], &doc, &r)
	routing := BuildRouting(&doc, Routed{Services: services}, &r)
	var findings []string
	for _, f := range r.Findings() {
		if f.Kind != ResetCascade { // TestResetCascade
			findings = append(findings, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
		}
	}
	return routing, findings
}

func TestReceiversOf(t *testing.T) {
	routing, findings := route(t, routingText, build(t, serviceText))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, c := range []struct {
		labels map[string]string
		want   []string
	}{
		{map[string]string{"severity": "page", "service": "shop"}, []string{"log", "phone"}},
		{map[string]string{"severity": "page", "service": "other"}, []string{"log"}},
		{map[string]string{"severity": "ticket"}, []string{"log", "chat"}},
		{map[string]string{}, []string{"log"}},
	} {
		if diff := cmp.Diff(c.want, routing.ReceiversOf(c.labels)); diff != "" {
			t.Errorf("%v (-want +got)\n%s", c.labels, diff)
		}
	}
}

func TestMutes(t *testing.T) {
	routing, _ := route(t, routingText)
	page := map[string]string{"severity": "page", "service": "shop", "slo": "orders"}
	ticket := map[string]string{"severity": "ticket", "service": "shop", "slo": "orders"}
	elsewhere := map[string]string{"severity": "ticket", "service": "shop", "slo": "search"}
	in := routing.Inhibit[0]
	if !in.Mutes(page, ticket) {
		t.Error("a page does not mute the ticket of its SLO")
	}
	if in.Mutes(page, elsewhere) || in.Mutes(ticket, page) || in.Mutes(page, page) {
		t.Error("an alert is muted by one that has nothing to do with it")
	}
}

// TestMutesOfBothSides holds that a target that could be a source is muted by
// one that could be no target, as Alertmanager has it.
func TestMutesOfBothSides(t *testing.T) {
	is := func(label, value string) []Matcher { return []Matcher{{Label: label, Values: []string{value}}} }
	in := Inhibition{Source: is("severity", "page"), Target: is("service", "a")}
	of := func(service string) map[string]string {
		return map[string]string{"severity": "page", "service": service}
	}
	if !in.Mutes(of("b"), of("a")) {
		t.Error("the page of another service does not mute")
	}
	if in.Mutes(of("a"), of("a")) {
		t.Error("an alert mutes one like itself")
	}
}

func TestRoutingFindings(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"unknown receiver", "to: chat", "to: chatt", []string{`10:10: there is no receiver "chatt"; did you mean "chat"? (unknown-reference)`}},
		{"unknown default", "default: log", "default: nobody", []string{`11:10: there is no receiver "nobody"; use one of phone, chat, log (unknown-reference)`}},
		{"default of a team", "default: log", "default: team/chat", []string{`11:10: what no route matches may be of no team; name a receiver; a route without match can tell team/chat (bad-value)`}},
		{"group of all labels", "default: log", "default: log\ngroupBy: [...]", []string{`12:11: of all labels no two alerts join, and each is told alone; list the labels, such as alertname and instance (bad-value)`}},
		{"team label that the vocabulary lacks", "default: log", "default: log\nteamLabel: severty", []string{`12:12: the vocabulary has no label "severty"; did you mean "severity"? (unknown-reference)`}},
		{"team label that alerts have and the vocabulary lacks", "default: log", "default: log\nteamLabel: slo", []string{`12:12: the vocabulary has no label "slo"; add it to labels, with the teams as its values (unknown-reference)`}},
		{"value that the vocabulary lacks", "mute: {severity: ticket}", "mute: {severity: tickets}", []string{`13:47: the vocabulary has no severity "tickets"; did you mean "ticket"? (unknown-reference)`}},
		{"two receivers of one name", "name: chat", "name: phone", []string{`5:12: receiver "phone" exists already; rename one of them (duplicate-name)`, `10:10: there is no receiver "chat"; use one of phone, phone, log (unknown-reference)`}},
		{"receiver that tells nobody", "pagerduty: {routingKeyFile: /run/key}", "", []string{`4:5: receiver "phone" tells nobody; add one of slack, pagerduty, opsgenie, email, msteams, webhook (missing-key)`}},
		{"address in place of a file", "routingKeyFile: /run/key", "routingKeyFile: https://x.example.com/secret", []string{`4:47: an address stands where the name of a file belongs; put the address into a file that Alertmanager can read, and name the file here (inline-secret)`}},
		{"secret in place of a file", "routingKeyFile: /run/key", "routingKey: abc", []string{`4:43: a secret stands in the spec; put it into a file that Alertmanager can read, and name the file: the same key, ending in File (inline-secret)`}},
		{"misspelt key of a file", "routingKeyFile: /run/key", "routingKyeFile: /run/key", []string{`4:31: unknown key "routingKyeFile"; did you mean "routingKeyFile"? (unknown-key)`}},
		{"address in place of a channel", "pagerduty: {routingKeyFile: /run/key}", "slack: {channel: 'https://hooks.example.com/x', urlFile: /run/url}", []string{`4:36: an address stands where it says who is told; write a channel, such as #oncall; an address belongs into a file (inline-secret)`}},
		{"password behind a user", "receivers:", "mail: {host: 'h:25', from: a@example.com, user: 'a:hush', passwordFile: /run/pw}\nreceivers:", []string{`3:49: a password stands behind the user's name; write the name alone, and name the file of the password under passwordFile (inline-secret)`}},
		{"relative path", "routingKeyFile: /run/key", "routingKeyFile: ../key", []string{`4:47: "../key" depends on where Alertmanager is started; write an absolute path (bad-value)`}},
		{"alert without a label of the vocabulary", "labels: {severity: [page, ticket]}", "labels: {severity: [page, ticket], team: [a]}", []string{
			`6:5: the alerts of tier Fast have no label "team"; add labels: {team: a}, here or to the whole service (missing-label)`,
			`7:5: the alerts of tier Slow have no label "team"; add labels: {team: a}, here or to the whole service (missing-label)`,
			`8:10: the alerts of absence have no label "team"; add labels: {team: a}, here or to the whole service (missing-label)`,
		}},
		{"alert with a value that the vocabulary lacks", "labels: {severity: [page, ticket]}", "labels: {severity: [page, tickets]}", []string{
			`8:56: the vocabulary has no severity "ticket"; did you mean "tickets"? (unknown-reference)`,
			`10:34: the vocabulary has no severity "ticket"; did you mean "tickets"? (unknown-reference)`,
			`13:47: the vocabulary has no severity "ticket"; did you mean "tickets"? (unknown-reference)`,
			`7:69: the vocabulary has no severity "ticket"; did you mean "tickets"? (missing-label)`,
			`8:30: the vocabulary has no severity "ticket"; did you mean "tickets"? (missing-label)`,
		}},
		{"labels that no alert has", "same: [service, slo]}", "same: [servce, alertname, cluster]}\n  - {when: {sevrity: page, region: eu}, mute: {instance: a}}\ngroupBy: [service, slos]\notherLabels: [cluster]", []string{
			`13:63: no alert has a label "servce"; did you mean "service"? If alerts from elsewhere carry it, add it to otherLabels (unknown-reference)`,
			`14:13: no alert has a label "sevrity"; did you mean "severity"? If alerts from elsewhere carry it, add it to otherLabels (unknown-reference)`,
			`14:48: no alert has a label "instance"; use one of alertname, cluster, region, service, severity, slo; if alerts from elsewhere carry it, add it to otherLabels (unknown-reference)`,
			`15:20: no alert has a label "slos"; did you mean "slo"? If alerts from elsewhere carry it, add it to otherLabels (unknown-reference)`,
		}},
		{"no labels in common", "same: [service, slo]", "same: []", []string{`13:62: an empty list lets one alert mute those of everything else; list labels, such as service and slo, or leave the key out (bad-value)`}},
		{"the identity is in the vocabulary", "labels: {severity: [page, ticket]}", "labels: {severity: [page, ticket], service: [shop]}", nil},
		{"the identity lacks in the vocabulary", "labels: {severity: [page, ticket]}", "labels: {severity: [page, ticket], service: [shops]}", []string{
			`2:36: the vocabulary has no service "shop"; did you mean "shops"? (missing-label)`,
			`9:50: the vocabulary has no service "shop"; did you mean "shops"? (unknown-reference)`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got := route(t, strings.Replace(routingText, c.old, c.new, 1), build(t, serviceText))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestLabelsOfWhatCannotBeBuilt holds that labels are checked although windows
// or an objective are wrong: every finding at once.
func TestLabelsOfWhatCannotBeBuilt(t *testing.T) {
	var r diag.Report
	docs := spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(`name: shop
burn: [{name: Slow, budget: 5%, windows: [30m, 6h], labels: {severity: tickte}}]
absence: {enabled: false}
slos:
  - {name: orders, objective: 199%, latency: {of: rpc, within: 1s}}
  - {name: search, enabled: false, objective: 99%, latency: {of: rpc, within: 1s}, labels: {severity: none}}
`)}, &r)
	var doc slo.ServiceSpec
	spec.Decode(docs[0], &doc, &r)
	_, got := route(t, routingText, Build(slo.Resolve(&doc, nil, &r)))
	want := []string{`2:72: the vocabulary has no severity "tickte"; did you mean "ticket"? (missing-label)`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestGroups holds that a grouped SLO's alerts keep its labels, in conditions, guards and absence.
func TestGroups(t *testing.T) {
	text := `name: shop
burn: [{name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}}]
absence: {labels: {severity: ticket}}
slos: [{name: orders, per: [tenant, zone], objective: 99.9%, minErrors: 3, hitRatio: {hits: hits_total, misses: misses_total}}]
`
	o := build(t, text).SLOs[0]
	want := `(slo:sli_error:ratio_rate1h{service="shop",slo="orders"} > (14.4 * 0.001) and slo:sli_error:ratio_rate5m{service="shop",slo="orders"} > (14.4 * 0.001)) and on (tenant, zone) (sum by (tenant, zone) (increase(misses_total[1h])) >= 3)`
	if got := o.Burn[0].Expr.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = `group by (tenant, zone) (present_over_time(slo:sli_error:ratio_rate5m{service="shop",slo="orders"}[1d:5m])) unless on (tenant, zone) group by (tenant, zone) (hits_total or misses_total) or absent(sum(hits_total or misses_total))`
	if got := o.Absence[0].Expr.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = "shop orders (tenant {{ $labels.tenant }}, zone {{ $labels.zone }}) burns its error budget more than 14.4 times too fast"
	if got := o.Burn[0].Annotations[1].Text; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// The vocabulary may list tenants, and routes may name zones, although no alert has one value.
	routing := strings.NewReplacer("labels: {severity: [page, ticket]}", "labels: {severity: [page, ticket], tenant: [acme]}", "same: [service, slo]", "same: [service, slo, zone]").Replace(routingText)
	if _, got := route(t, routing, build(t, text)); len(got) > 0 {
		t.Errorf("findings: %s", got)
	}
}
