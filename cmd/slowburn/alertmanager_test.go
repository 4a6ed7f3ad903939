package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"slowburn/generators"
	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/routetest"
	"slowburn/internal/spec"
)

// TestAlertmanager runs a real Alertmanager (make test-alertmanager builds it)
// with the compiled configuration of each system. Alerts go to its API; what it
// tells sinks on this machine must be exactly what the configuration, read by
// internal/amconfig, predicts: whom, how often, that it is over, and that nobody
// hears of what is muted. Only addresses, secrets and waiting times are replaced.
func TestAlertmanager(t *testing.T) {
	program := os.Getenv("ALERTMANAGER")
	if program == "" {
		t.Skip("ALERTMANAGER names no program")
	}
	for _, folder := range []string{"veza", "alexandria", "dataflow", "qalita", "stemedb"} {
		var report diag.Report
		units, err := readInput([]string{filepath.Join("..", "..", "specs", folder)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		b := compile(&build{unit: units[0], report: &report})
		if report.HasErrors() {
			t.Fatalf("%s: %v", folder, report.Findings())
		}
		for i, c := range routeCases(b) {
			t.Run(fmt.Sprintf("%s/%d", folder, i), func(t *testing.T) {
				t.Parallel()
				tellAlertmanager(t, program, b.artifacts, c)
			})
		}
	}
}

// routeCases are sets of alerts that fire together: each alert of a system by
// itself, and each of its tests of routes.
func routeCases(b *build) [][]amconfig.Labels {
	var cases [][]amconfig.Labels
	for _, s := range b.alerting {
		for _, a := range s.All() {
			cases = append(cases, []amconfig.Labels{a.LabelSet()})
		}
	}
	labels := func(ls spec.Labels) amconfig.Labels {
		set := amconfig.Labels{}
		for _, l := range ls {
			set[l.Name.Text] = l.Value.Text
		}
		return set
	}
	for _, test := range b.routings[0].Tests {
		together := []amconfig.Labels{labels(test.Labels)}
		for _, other := range test.While {
			together = append(together, labels(other))
		}
		cases = append(cases, together)
	}
	return cases
}

// tellAlertmanager fires alerts together, waits, ends them, and compares.
func tellAlertmanager(t *testing.T, program string, artifacts []generators.Artifact, firing []amconfig.Labels) {
	sinks := newSinks(t)
	dir := t.TempDir()
	rewired := rewire(t, artifacts, sinks, dir)
	address := startAlertmanager(t, program, dir, rewired)
	for _, alert := range firing {
		if alert[amconfig.AlertName] == "" {
			alert[amconfig.AlertName] = "Example"
		}
	}
	config := readRouted(t, rewired)
	wantFiring, wantResolved := predict(config, firing)
	begin := time.Now() // of one that began long ago Alertmanager tells at once, without waiting for its group
	// What is muted fires later: Alertmanager hands alerts to its inhibitor in its own time.
	post(t, address, slices.DeleteFunc(slices.Clone(firing), func(alert amconfig.Labels) bool { return isMuted(config, alert, firing) }), begin, time.Time{})
	time.Sleep(time.Second)
	post(t, address, firing, begin, time.Time{})
	settle(sinks, func(got, _ map[string]int) bool { return maps.Equal(got, wantFiring) })
	got, _ := sinks.told()
	if diff := cmp.Diff(wantFiring, got); diff != "" {
		t.Fatalf("%s: told (-predicted +got)\n%s", describeAll(firing), diff)
	}
	post(t, address, firing, begin, time.Now().Add(-time.Second))
	settle(sinks, func(_, got map[string]int) bool { return maps.Equal(got, wantResolved) })
	again, resolved := sinks.told()
	if diff := cmp.Diff(wantResolved, resolved); diff != "" {
		t.Errorf("%s: told that it is over (-predicted +got)\n%s", describeAll(firing), diff)
	}
	if diff := cmp.Diff(wantFiring, again); diff != "" {
		t.Errorf("%s: told more than once (-predicted +got)\n%s", describeAll(firing), diff)
	}
	for _, n := range sinks.got {
		if !n.resolved && !strings.Contains(n.body, "what went wrong") {
			t.Errorf("%s does not say what went wrong: %s", n.way, n.body)
		}
	}
}

func describeAll(alerts []amconfig.Labels) string {
	var all []string
	for _, a := range alerts {
		all = append(all, routetest.Describe(a))
	}
	return strings.Join(all, " and ")
}

// settle waits until a prediction is met, and a while longer for what should
// not come.
func settle(s *sinks, met func(firing, resolved map[string]int) bool) {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if met(s.told()) {
			break
		}
	}
	time.Sleep(3 * time.Second)
}

func readRouted(t *testing.T, text []byte) *amconfig.Config {
	t.Helper()
	var r diag.Report
	src := &diag.Source{Name: "alertmanager.yaml", Text: text}
	c := amconfig.Read(src, spec.ReadYAML(src, &r)[0], &r)
	if c == nil {
		t.Fatal(r.Findings())
	}
	return c
}

func isMuted(c *amconfig.Config, alert amconfig.Labels, firing []amconfig.Labels) bool {
	in, _ := c.MutedBy(alert, firing)
	return in != nil
}

// predict counts the notifications of each way: one for each group of alerts
// that comes to a node and is not muted.
func predict(c *amconfig.Config, firing []amconfig.Labels) (tell, resolve map[string]int) {
	groups := map[*amconfig.Route]map[string]bool{}
	for _, alert := range firing {
		if isMuted(c, alert, firing) {
			continue
		}
		for _, route := range c.Match(alert) {
			key := ""
			for _, name := range route.GroupBy {
				key += alert[name] + "\x00"
			}
			if groups[route] == nil {
				groups[route] = map[string]bool{}
			}
			groups[route][key] = true
		}
	}
	tell, resolve = map[string]int{}, map[string]int{}
	for route, of := range groups {
		for i, in := range c.Receiver(route.Receiver).Integrations {
			way := wayName(route.Receiver, in.Kind, i)
			if to := in.Value.Get("to"); to != nil {
				way = to.Text
			}
			tell[way] += len(of)
			if in.Config.(interface{ SendResolved() bool }).SendResolved() {
				resolve[way] += len(of)
			}
		}
	}
	return tell, resolve
}

func wayName(receiver, list string, i int) string { return fmt.Sprintf("%s/%s/%d", receiver, list, i) }

// rewire is the compiled configuration with the addresses of sinks, each way of
// each receiver its own, and without waiting.
func rewire(t *testing.T, artifacts []generators.Artifact, s *sinks, dir string) []byte {
	t.Helper()
	var config map[string]any
	for _, a := range artifacts {
		if a.Path == generators.AlertmanagerPath {
			if err := yaml.Unmarshal(a.Bytes, &config); err != nil {
				t.Fatal(err)
			}
		}
	}
	hurry(config["route"].(map[string]any))
	for _, item := range config["receivers"].([]any) {
		receiver := item.(map[string]any)
		n := 0
		for _, list := range slices.Sorted(maps.Keys(receiver)) {
			entries, ok := receiver[list].([]any)
			if !ok {
				continue
			}
			for _, entry := range entries {
				way := wayName(receiver["name"].(string), list, n)
				secret := filepath.Join(dir, strings.ReplaceAll(way, "/", "-"))
				n++
				rewireEntry(entry.(map[string]any), list, way, secret, s)
				if err := os.WriteFile(secret, []byte(secretOf(list, way, s)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	text, err := yaml.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// secretOf is what the file of a way's secret holds.
func secretOf(list, way string, s *sinks) string {
	switch list {
	case "pagerduty_configs", "opsgenie_configs", "email_configs":
		return way
	}
	return s.web.URL + "/" + way
}

func rewireEntry(entry map[string]any, list, way, secret string, s *sinks) {
	for key := range entry {
		if strings.HasSuffix(key, "_file") {
			entry[key] = secret
		}
	}
	switch list {
	case "pagerduty_configs":
		entry["url"] = s.web.URL + "/pagerduty"
	case "opsgenie_configs":
		entry["api_url"] = s.web.URL + "/opsgenie"
	case "email_configs":
		entry["smarthost"], entry["require_tls"] = s.mail.Addr().String(), false
	}
}

// hurry replaces waiting times below a route; what is repeated after hours stays.
func hurry(route map[string]any) {
	for key, value := range map[string]string{"group_wait": "2s", "group_interval": "2s"} {
		if route[key] != nil {
			route[key] = value
		}
	}
	children, _ := route["routes"].([]any)
	for _, child := range children {
		hurry(child.(map[string]any))
	}
}

// listensAt finds where Alertmanager says that it listens: on a port of its own
// choice, since one that a test finds free may be taken a moment later.
var listensAt = regexp.MustCompile(`msg="Listening on" address=(\S+)`)

// logged is a program's log, which may be read while it is written.
type logged struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// startAlertmanager starts the program on a free port and waits until it is ready.
func startAlertmanager(t *testing.T, program, dir string, config []byte) string {
	t.Helper()
	file := filepath.Join(dir, "alertmanager.yaml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	log := new(logged)
	cmd := exec.CommandContext(ctx, program, "--config.file="+file, "--storage.path="+filepath.Join(dir, "data"),
		"--web.listen-address=127.0.0.1:0", "--cluster.listen-address=", "--log.level=info")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("Alertmanager's log:\n%s", log)
		}
	})
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		listening := listensAt.FindStringSubmatch(log.String())
		if listening == nil {
			continue
		}
		if response, err := http.Get("http://" + listening[1] + "/-/ready"); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return listening[1]
			}
		}
	}
	t.Fatalf("Alertmanager is not ready:\n%s", log)
	return ""
}

// post sends alerts to Alertmanager, as Prometheus does; with an end, they are over.
func post(t *testing.T, address string, firing []amconfig.Labels, begin, ends time.Time) {
	t.Helper()
	type alert struct {
		Labels      amconfig.Labels   `json:"labels"`
		Annotations map[string]string `json:"annotations"`
		StartsAt    time.Time         `json:"startsAt"`
		EndsAt      *time.Time        `json:"endsAt,omitempty"`
	}
	var alerts []alert
	for _, labels := range firing {
		a := alert{labels, map[string]string{"summary": "an example <&> of what went wrong", "description": "what went wrong"}, begin, nil}
		if !ends.IsZero() {
			a.EndsAt = &ends
		}
		alerts = append(alerts, a)
	}
	body, err := json.Marshal(alerts)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post("http://"+address+"/api/v2/alerts", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("Alertmanager answers %s", response.Status)
	}
}
