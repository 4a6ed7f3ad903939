package amconfig

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	upstream "github.com/prometheus/alertmanager/config"

	"slowburn/internal/diag"
)

// TestAllAtOnce holds that one run finds every mistake of a configuration, each
// where it stands, where Alertmanager stops at the first. UPDATE_WANTS=1 writes
// what is found; read it before you believe it.
func TestAllAtOnce(t *testing.T) {
	for _, name := range []string{"everything", "together", "habits", "indented", "guess"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", name+".yml"))
			if err != nil {
				t.Fatal(err)
			}
			c, findings := readText(string(text))
			if c != nil {
				t.Error("it was read")
			}
			compareWants(t, name, findings)
		})
	}
}

// compareWants holds findings against those that a file lists.
func compareWants(t *testing.T, name string, findings []diag.Finding) {
	t.Helper()
	wants := filepath.Join("testdata", name+".want")
	got := strings.Join(shown(findings), "\n") + "\n"
	if os.Getenv("UPDATE_WANTS") != "" {
		if err := os.WriteFile(wants, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(wants)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// sound is a configuration that Alertmanager loads, with something of
// everything, to be broken in one place.
const sound = `global:
  resolve_timeout: 5m
  smtp_smarthost: localhost:25
  smtp_from: alerts@example.com
  slack_api_url_file: /run/slack
  http_config: {follow_redirects: true}
route:
  receiver: mail
  group_by: [alertname, team]
  group_wait: 30s
  routes:
    - matchers: [severity="page", 'team=~"a|b"']
      receiver: phone
      active_time_intervals: [office]
      continue: true
      routes: [{match: {a: b}, match_re: {c: "d.*"}, receiver: chat, repeat_interval: 1d}]
    - receiver: chat
      mute_time_intervals: [holidays]
      group_by: ["..."]
inhibit_rules:
  - {source_matchers: [severity="page"], target_matchers: [severity="ticket"], equal: [team]}
  - {source_match: {a: b}, target_match_re: {a: c}}
receivers:
  - name: mail
    email_configs: [{to: a@example.com, headers: {Subject: x}}]
  - name: phone
    pagerduty_configs: [{routing_key_file: /run/key, details: {a: b}}]
    webhook_configs: [{url: "http://example.com", max_alerts: 3}]
  - name: chat
    slack_configs: [{channel: a, fields: [{title: a, value: b, short: true}], actions: [{type: button, text: a, url: "http://a"}]}]
time_intervals:
  - name: office
    time_intervals: [{times: [{start_time: "09:00", end_time: "17:00"}], weekdays: ["monday:friday"], days_of_month: ["1:5", "-1"], months: [may], years: ["2026:2030"], location: Europe/Warsaw}]
mute_time_intervals: [{name: holidays, time_intervals: [{months: ["december"]}]}]
templates: ["/etc/*.tmpl"]
`

// scalars are what stands between the marks of YAML's flow and block styles.
var scalars = regexp.MustCompile(`[A-Za-z0-9_./@:"=~|'*-]*[A-Za-z0-9_"*.]`)

// broken puts something else in the place of one to three scalars or keys.
func broken(rng *rand.Rand) string {
	text := sound
	for range 1 + rng.IntN(2) {
		places := scalars.FindAllStringIndex(text, -1)
		at := places[rng.IntN(len(places))]
		other := places[rng.IntN(len(places))]
		old := text[at[0]:at[1]]
		instead := []string{old + "x", "~", "[]", "{}", "[a]", "{a: b}", "0", "-1", `""`, "'", "5x", "true", "receiver", "name", "a", text[other[0]:other[1]], old + ", " + old, "a=\"b"}
		text = text[:at[0]] + instead[rng.IntN(len(instead))] + text[at[1]:]
	}
	return text
}

// TestVerdict holds that what Alertmanager refuses is a finding, and what it
// loads is none, on configurations broken at random.
func TestVerdict(t *testing.T) {
	if _, err := load(sound); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	accepted, refused := 0, 0
	for range 1500 {
		text := broken(rng)
		_, wrong := upstreamLoad(text)
		c, findings := readText(text)
		switch invalid := len(findings) > 0; {
		case wrong == nil && (c == nil || invalid):
			t.Fatalf("Alertmanager loads it; we say %v\n%s", shown(findings), text)
		case wrong != nil && (c != nil || !invalid):
			t.Fatalf("Alertmanager says %v, we nothing\n%s", wrong, text)
		case wrong == nil:
			accepted++
		default:
			refused++
		}
	}
	if accepted < 100 || refused < 500 {
		t.Errorf("%d loaded, %d refused: the mutations are one-sided", accepted, refused)
	}
}

func upstreamLoad(text string) (c *upstream.Config, err error) {
	err = guarded(func() error {
		c, err = upstream.Load(text)
		return err
	})
	return c, err
}
