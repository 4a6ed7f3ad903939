package alerts

import (
	"os"
	"strings"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

const dependentsText = `name: shop
metrics: metrics.prom
period: 30d
burn:
  - {name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}}
  - {name: Slow, budget: 5%, windows: [6h, 30m], labels: {severity: ticket}}
absence: {labels: {severity: page}}
components:
  - {name: postgres}
  - {name: kafka, needs: [postgres]}
  - {name: gateway, needs: [kafka]}
  - {name: engine, needs: [kafka]}
  - {name: frontend, needs: [gateway]}
slos:
  - {name: all, component: gateway, objective: 99%, availability: {total: requests_total, bad: status="500"}}
  - {name: of-path, component: gateway, per: [path], objective: 99%, availability: {total: requests_total, bad: status="500"}}
  - {name: minor, component: gateway, mutesDependents: false, objective: 99%, availability: {total: requests_total, bad: status="500"}}
  - {name: grave, component: gateway, mutesDependents: true, objective: 99%, availability: {total: requests_total, bad: status="500"}}
alerts:
  - {name: PostgresDown, component: postgres, down: {of: 'up{job="postgres"}'}, labels: {severity: page}}
  - {name: PostgresDownTicket, component: postgres, down: {of: 'up{job="postgres"}'}, labels: {severity: ticket}}
  - {name: Expires, component: postgres, expiry: {at: at_seconds, within: 21d}, labels: {severity: ticket}}
  - {name: ExpiresPage, component: postgres, expiry: {at: at_seconds, within: 2d}, labels: {severity: page}}
  - {name: Fills, component: postgres, volume: {available: avail_bytes, size: size_bytes, per: [instance], usedAbove: 90%}, labels: {severity: page}}
  - {name: Slow, component: postgres, lag: {of: lag_seconds, above: 1s}, labels: {severity: ticket}}
  - {name: SlowOnPurpose, component: postgres, mutesDependents: true, lag: {of: lag_seconds, above: 1s}, labels: {severity: ticket}}
  - {name: Urgent, component: postgres, lag: {of: lag_seconds, above: 1s}, labels: {severity: page}}
  - {name: Query, component: postgres, expr: up == 0, labels: {severity: page}}
  - {name: TopicLate, component: kafka, lag: {of: lag_seconds, per: [topic], above: 1s}, labels: {severity: page}}
  - {name: InstanceDown, component: kafka, down: {of: 'up{job="kafka"}', per: [instance]}, labels: {severity: page}}
  - {name: ZoneDown, component: kafka, down: {of: up, each: {zone: [a, b]}}, labels: {severity: page}}
  - {name: TopicStuck, component: engine, lag: {of: lag_seconds, per: [topic], above: 1s}, labels: {severity: page}}
  - {name: EngineLate, component: engine, lag: {of: lag_seconds, above: 1s}, labels: {severity: page}}
  - {name: EngineTicket, component: engine, lag: {of: lag_seconds, above: 1s}, labels: {severity: ticket}}
  - {name: ServiceDown, down: {of: up, each: {job: [gateway, engine]}, componentFrom: job}, labels: {severity: page}}
  - {name: PathGone, component: frontend, errorShare: {total: requests_total, bad: status="500", over: 5m, above: 5%, per: [path]}, labels: {severity: page}}
  - {name: Hanging, component: frontend, above: {of: lag_seconds, value: 1}, labels: {severity: page}}
`

const dependentsRouting = `name: shop
labels: {severity: [page, ticket]}
pages: {severity: page}
receivers: [{name: chat, slack: {channel: "#a", urlFile: /run/url}}]
default: chat
`

// dependents compiles services with components, and their routing.
func dependents(t *testing.T, routing string, texts ...string) (*Routing, []Alert) {
	t.Helper()
	var services []*Service
	var all []Alert
	for _, text := range texts {
		var r diag.Report
		var doc struct {
			slo.ServiceSpec
			AlertsSpec
			ComponentsSpec
		}
		docs := spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)
		spec.Decode(docs[0], &doc, &r)
		catalogue := slo.ReadCatalogue(&diag.Source{Name: "metrics.prom", Text: []byte(strings.ReplaceAll(thresholdMetrics, "up 1", "up{zone=\"a\"} 1"))}, []string{"job", "instance"}, &r)
		s := Resolve(&doc.AlertsSpec, slo.Resolve(&doc.ServiceSpec, catalogue, &r), &r)
		s.Components = doc.ComponentsSpec.Resolve(s, &r)
		if r.HasErrors() {
			_ = diag.WriteText(os.Stderr, r.Findings(), false)
			t.FailNow()
		}
		services = append(services, s)
		all = append(all, s.All()...)
	}
	compiled, findings := route(t, routing, services...)
	for _, f := range findings {
		if !strings.Contains(f, LateInhibition.Name) {
			t.Fatal(findings)
		}
	}
	return compiled, all
}

// fires are the labels of an alert of a name, and others, as Alertmanager gets them.
func fires(t *testing.T, all []Alert, text string) map[string]string {
	t.Helper()
	words := strings.Fields(text)
	for _, a := range all {
		set := a.LabelSet()
		if a.Name != words[0] {
			continue
		}
		for _, l := range a.varying() {
			delete(set, l)
		}
		for _, w := range words[1:] {
			name, value, _ := strings.Cut(w, "=")
			set[name] = value
		}
		return set
	}
	t.Fatalf("no alert %s", text)
	return nil
}

func TestDependents(t *testing.T) {
	routing, all := dependents(t, dependentsRouting, dependentsText)
	for _, c := range []struct {
		source, target string
		want           bool
	}{
		{"PostgresDown", "InstanceDown instance=a", true},
		{"PostgresDown", "Hanging", true}, // through kafka and gateway
		{"PostgresDown", "EngineTicket", true},
		{"EngineLate", "PostgresDown", false},
		{"EngineLate", "Hanging", false},
		{"EngineLate", "EngineTicket", false},
		// What is muted for long must not be: a ticket says that something can wait.
		{"PostgresDownTicket", "EngineTicket", true},
		{"PostgresDownTicket", "EngineLate", false}, // nobody would be woken
		{"Expires", "EngineTicket", false},
		{"ExpiresPage", "EngineLate", false},
		{"Fills instance=a", "EngineLate", false},
		{"Slow", "EngineTicket", false},
		{"SlowOnPurpose", "EngineTicket", true},
		{"SlowOnPurpose", "EngineLate", false},
		{"Urgent", "EngineLate", true},
		{"Query instance=a", "EngineLate", false},
		{"AllSLOFast slo=all", "Hanging", true},
		{"AllSLOSlow slo=all", "Hanging", false},
		{"AllSLOMetricsAbsent slo=all", "Hanging", false},
		{"MinorSLOFast slo=minor", "Hanging", false},
		{"GraveSLOFast slo=grave", "Hanging", true},
		// A group speaks for itself alone, all of the component for every group.
		{"TopicLate topic=a", "TopicStuck topic=a", true},
		{"TopicLate topic=a", "TopicStuck topic=b", false},
		{"TopicLate topic=a", "EngineLate", false},
		{"PostgresDown", "TopicStuck topic=b", true},
		{"InstanceDown instance=a", "EngineLate", false},
		{"InstanceDown instance=a", "TopicStuck topic=a", false},
		{"InstanceDown", "EngineLate", true}, // all are gone
		{"InstanceDown", "TopicStuck topic=a", true},
		{"ZoneDown zone=a", "EngineLate", false},
		{"OfPathSLOFast slo=of-path path=/a", "PathGone path=/a", true},
		{"OfPathSLOFast slo=of-path path=/a", "PathGone path=/b", false},
		{"OfPathSLOFast slo=of-path path=/a", "Hanging", false},
		{"ServiceDown job=gateway component=gateway", "Hanging", true},
		{"ServiceDown job=gateway component=gateway", "PathGone path=/a", true},
	} {
		source, target := fires(t, all, c.source), fires(t, all, c.target)
		got := false
		for _, in := range routing.Inhibit {
			got = got || in.Mutes(source, target)
		}
		if got != c.want {
			t.Errorf("%s mutes %s: %v", c.source, c.target, got)
		}
	}
}

// TestMutingOfGroups holds that the index finds what inhibitions do to groups.
func TestMutingOfGroups(t *testing.T) {
	routing, all := dependents(t, dependentsRouting, dependentsText)
	muting := routing.Muting(all)
	for target, want := range map[string]string{
		"TopicStuck":   "PostgresDown Urgent InstanceDown TopicLate",
		"EngineTicket": "PostgresDown Urgent InstanceDown PostgresDownTicket SlowOnPurpose",
	} {
		for i, a := range all {
			if a.Name != target {
				continue
			}
			var got []string
			for source := range muting.Of(i) {
				got = append(got, all[source].Name)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s is muted by %v, want %s", target, got, want)
			}
		}
	}
}

// TestDependentsOfOthers holds that components of another service that have the
// same names and other needs are not concerned.
func TestDependentsOfOthers(t *testing.T) {
	other := `name: other
period: 30d
components: [{name: postgres}, {name: engine}]
alerts:
  - {name: OtherDown, component: postgres, down: {of: up}, labels: {severity: page}}
  - {name: OtherLate, component: engine, lag: {of: lag_seconds, above: 1s}, labels: {severity: page}}
`
	routing, all := dependents(t, dependentsRouting, dependentsText, other)
	for _, in := range routing.Inhibit {
		if in.Mutes(fires(t, all, "OtherDown"), fires(t, all, "OtherLate")) {
			t.Errorf("what needs nothing is muted: %+v", in)
		}
	}
}

// TestDependentsWithoutPages holds that without a word on who is woken only what
// is down for certain mutes.
func TestDependentsWithoutPages(t *testing.T) {
	routing, all := dependents(t, strings.Replace(dependentsRouting, "pages: {severity: page}\n", "", 1), dependentsText)
	for source, want := range map[string]bool{"PostgresDown": true, "PostgresDownTicket": true, "Urgent": false, "Expires": false, "SlowOnPurpose": true} {
		got := false
		for _, in := range routing.Inhibit {
			got = got || in.Mutes(fires(t, all, source), fires(t, all, "EngineLate"))
		}
		if got != want {
			t.Errorf("%s mutes: %v", source, got)
		}
	}
}

func TestMutesDependentsOfNothing(t *testing.T) {
	_, findings := resolveText(t, `name: shop
slos:
  - {name: all, mutesDependents: true, objective: 99%, availability: {total: requests_total, bad: status="500"}}
alerts:
  - {name: A, mutesDependents: false, down: {of: up}}
  - {name: B, mutesDependents: false, down: {of: up, each: {job: [a]}, componentFrom: job}}
`)
	want := []string{
		`3:34: what needs it is not known without a component; add component: NAME, or take mutesDependents out (missing-key)`,
		`5:32: what needs it is not known without a component; add component: NAME, or take mutesDependents out (missing-key)`,
	}
	if strings.Join(findings, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %s", strings.Join(findings, "\n"))
	}
}
