package amconfig

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// readResources reads every AlertmanagerConfig of a text.
func readResources(text string) ([]*Config, []diag.Finding) {
	var r diag.Report
	src := &diag.Source{Name: "resource.yaml", Text: []byte(text)}
	var all []*Config
	for _, doc := range spec.ReadYAML(src, &r) {
		for _, resource := range Resources(doc) {
			if c := ReadResource(src, resource, &r); c != nil {
				all = append(all, c)
			}
		}
	}
	return all, r.Findings()
}

// TestRefusedResources holds what is found in AlertmanagerConfigs; UPDATE_WANTS=1
// writes it.
func TestRefusedResources(t *testing.T) {
	for _, name := range []string{"resource"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			read, findings := readResources(string(text))
			if len(read) > 0 {
				t.Error("it was read")
			}
			compareWants(t, name, findings)
			var b strings.Builder
			if err := diag.WriteText(&b, findings, false); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), "hush") {
				t.Errorf("a secret is shown:\n%s", b.String())
			}
		})
	}
}

// TestRefusedReceivers holds what is found in receivers of AlertmanagerConfigs;
// UPDATE_WANTS=1 writes it. make test-cluster asks the operator about the same.
func TestRefusedReceivers(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "receivers.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, findings := readResources(string(text))
	compareWants(t, "receivers", findings)
}

// TestResource holds that an AlertmanagerConfig, alone or in a list, becomes the
// tree that the operator makes of it.
func TestResource(t *testing.T) {
	const resource = `apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {name: web, namespace: web}
spec:
  route:
    receiver: chat
    groupBy: [alertname]
    matchers: [{name: team, value: web}, {name: größe mm, value: "1", matchType: "!="}]
    routes:
      - {receiver: phone, matchers: [{name: severity, value: "page|critical", matchType: "=~"}], activeTimeIntervals: [office], repeatInterval: 1h}
  receivers:
    - name: chat
      slackConfigs: [{apiURL: {name: slack, key: url}, channel: a}]
    - name: phone
      pagerdutyConfigs: [{routingKey: {name: pd, key: key}, sendResolved: true}]
  inhibitRules:
    - {sourceMatch: [{name: severity, value: page}], targetMatch: [{name: severity, value: ticket}], equal: [team]}
  timeIntervals:
    - name: office
      timeIntervals: [{weekdays: ["monday:friday"], times: [{startTime: "09:00", endTime: "17:00"}], daysOfMonth: [{start: 1, end: -1}], months: [january]}]
`
	list := "apiVersion: v1\nkind: List\nitems:\n  - " + strings.ReplaceAll(strings.TrimSpace(resource), "\n", "\n    ") + "\n"
	for _, text := range []string{resource, list} {
		all, findings := readResources(text)
		if len(all) != 1 || len(findings) > 0 {
			t.Fatalf("%d read: %v", len(all), shown(findings))
		}
		c := all[0]
		ends := c.Match(Labels{"team": "web", "severity": "critical"})
		if len(ends) != 1 || ends[0].Receiver != "phone" || ends[0].Repeat != time.Hour || !cmp.Equal(ends[0].GroupBy, []string{"alertname"}) {
			t.Errorf("a page comes to %+v", ends)
		}
		if len(c.Match(Labels{"team": "data"})) > 0 || len(c.Match(Labels{"team": "web", "größe mm": "1"})) > 0 {
			t.Error("alerts of others come to it")
		}
		for at, silent := range map[string]bool{"2027-01-11T10:00:00Z": false, "2027-01-11T18:00:00Z": true, "2027-01-10T10:00:00Z": true, "2027-02-08T10:00:00Z": true} {
			when, err := time.Parse(time.RFC3339, at)
			if err != nil {
				t.Fatal(err)
			}
			if c.Silent(ends[0], when) != silent {
				t.Errorf("silent at %s: %v", at, !silent)
			}
		}
		if muter, _ := c.MutedBy(Labels{"severity": "ticket", "team": "web"}, []Labels{{"severity": "page", "team": "web"}}); muter == nil {
			t.Error("the inhibition does not mute")
		}
		if phone := c.Receiver("phone"); len(phone.Integrations) != 1 || !phone.Integrations[0].SendsResolved() {
			t.Errorf("%+v", phone)
		}
	}
}

// FuzzResource holds that nothing panics, and that what is read has no finding.
func FuzzResource(f *testing.F) {
	for _, name := range []string{"resource"} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("apiVersion: monitoring.coreos.com/v1beta1\nkind: AlertmanagerConfig\nspec: {route: {receiver: a, routes: [~]}, receivers: [{name: a}, ~]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		var r diag.Report
		src := &diag.Source{Name: "resource.yaml", Text: []byte(text)}
		for _, doc := range spec.ReadYAML(src, &r) {
			for _, resource := range Resources(doc) {
				var found diag.Report
				c := ReadResource(src, resource, &found)
				if c != nil && found.Len() > 0 {
					t.Errorf("read, with findings %v", shown(found.Findings()))
				}
				if c != nil {
					c.Match(Labels{"a": "b"})
				}
			}
		}
	})
}

// TestResourceAddresses holds that a password in an address of an
// AlertmanagerConfig, which Kubernetes takes, is found.
func TestResourceAddresses(t *testing.T) {
	for webhook, want := range map[string]string{
		"url: 'https://u:hush@example.com/'":                                           "a password stands in url; put the address into a Kubernetes secret, and refer to that with urlSecret",
		"url: 'https://example.com/', httpConfig: {proxyURL: 'http://u:hush@proxy:1'}": "a password stands in proxyURL; leave it out of the address",
		"url: 'https://u@example.com/'":                                                "",
	} {
		all, findings := readResources(`apiVersion: monitoring.coreos.com/v1alpha1
kind: AlertmanagerConfig
metadata: {name: web, namespace: web}
spec:
  route: {receiver: a}
  receivers: [{name: a, webhookConfigs: [{` + webhook + `}]}]
`)
		if len(all) != 1 {
			t.Fatal(shown(findings))
		}
		got := ""
		for _, s := range all[0].Secrets() {
			got += s.Message + "; " + s.Help
		}
		if got != want {
			t.Errorf("%s: %s", webhook, got)
		}
	}
}
