package amconfig

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	upstream "github.com/prometheus/alertmanager/config"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// read reads a text as check does, and returns what it finds.
func readText(text string) (*Config, []diag.Finding) {
	var r diag.Report
	src := &diag.Source{Name: "alertmanager.yaml", Text: []byte(text)}
	docs := spec.ReadYAML(src, &r)
	if len(docs) == 0 || !Is(docs[0]) {
		return nil, r.Findings()
	}
	return Read(src, docs[0], &r), r.Findings()
}

func shown(findings []diag.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
	}
	return list
}

// TestConformance holds that the verdict on every configuration of
// Alertmanager's own source is Alertmanager's.
func TestConformance(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/prometheus/alertmanager").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	matcherMode()
	accepted, refused := 0, 0
	err = filepath.WalkDir(strings.TrimSpace(string(out)), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".yml" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		_, wrong := upstream.Load(string(text))
		c, findings := readText(string(text))
		switch {
		case c == nil && len(findings) == 0: // no configuration of Alertmanager
		case (wrong == nil) != (c != nil):
			t.Errorf("%s: Alertmanager says %v, we %v", name, wrong, shown(findings))
		case wrong == nil:
			accepted++
		default:
			refused++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if accepted < 10 || refused < 15 {
		t.Errorf("%d accepted and %d refused configurations: where are they?", accepted, refused)
	}
}

const small = `route:
  receiver: a
receivers:
  - name: a
`

// TestComplaints holds that what Alertmanager complains about is found where it stands.
func TestComplaints(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "  receiver: a", "  reciever: a", `2:3: there is no key "reciever" here; did you mean "receiver"? (invalid-alertmanager)`},
		{"unknown receiver", "  receiver: a", "  receiver: b", `2:13: there is no receiver "b"; use a (invalid-alertmanager)`},
		{"bad matcher", "  receiver: a", "  receiver: a\n  routes: [{matchers: ['a=\"b']}]", `3:24: matcher value contains unescaped double quote: "b; write name="value" within single quotes (invalid-alertmanager)`},
		{"two of one name", "  - name: a", "  - name: a\n  - name: a", `5:11: receiver "a" is not unique: there is one in line 4; give one of them another name (invalid-alertmanager)`},
		{"two secrets", "  - name: a", "  - name: a\n    pagerduty_configs: [{routing_key: x, routing_key_file: /y}]", `5:26: at most one of routing_key & routing_key_file must be configured; keep one of them (invalid-alertmanager)`},
		{"no address", "  - name: a", "  - name: a\n    webhook_configs: [{url: 'http://x'}, {send_resolved: true, url_file: /x, http_config: {proxy_url: nowhere}}]\n    slack_configs: [{api_url: nowhere}]", `6:31: unsupported scheme "" for URL; write http:// or https:// (invalid-alertmanager)`},
		{"no port", "  - name: a", "  - name: a\n    email_configs: [{to: a, from: b, smarthost: somewhere}]", `5:49: address somewhere: missing port in address; write host:port (invalid-alertmanager)`},
		{"a route that is nothing", "  receiver: a", "  receiver: a\n  routes: [~]", `3:12: an empty route crashes Alertmanager; leave it out (invalid-alertmanager)`},
		{"no location", "receivers:", "time_intervals: [{name: n, time_intervals: [{location: Europe/Warsow}]}]\nreceivers:", `3:56: unknown time zone Europe/Warsow; write a name as Europe/Warsaw or UTC (invalid-alertmanager)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, findings := readText(strings.Replace(small, c.old, c.new, 1))
			if diff := cmp.Diff([]string{c.want}, shown(findings)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestUTF8 holds that matchers are read as the Alertmanager that runs does: in
// any language, and where that fails in the classic way.
func TestUTF8(t *testing.T) {
	c, findings := readText(strings.Replace(small, "  receiver: a", "  receiver: a\n  group_by: [größe]\n  routes: [{matchers: ['{\"größe mm\"=\"1\"}', 'b=~x|y']}]", 1))
	if c == nil {
		t.Fatal(shown(findings))
	}
	if ends := c.Match(Labels{"größe mm": "1", "b": "y"}); len(ends) != 1 || ends[0].Parent == nil {
		t.Error("the route does not match")
	}
}

// TestSecrets holds that a secret is found, and shown nowhere.
func TestSecrets(t *testing.T) {
	for _, c := range []struct {
		name, configs string
		found         bool
	}{
		{"address of a Slack hook", "slack_configs: [{api_url: 'https://hooks.example.com/hush', channel: a}]", true},
		{"routing key", "pagerduty_configs: [{routing_key: hush}]", true},
		{"by file", "pagerduty_configs: [{routing_key_file: /hush}]", false},
		{"API address of Opsgenie", "opsgenie_configs: [{api_key_file: /x, api_url: 'https://hush.example.com'}]", false},
		{"address of PagerDuty", "pagerduty_configs: [{routing_key_file: /x, url: 'https://hush.example.com'}]", false},
		{"route of VictorOps", "victorops_configs: [{api_key_file: /x, routing_key: hush}]", false},
		{"webhook without a token", "webhook_configs: [{url: 'http://hush.example.com:8080/alerts'}]", false},
		{"webhook with a user", "webhook_configs: [{url: 'http://me:hush@example.com/alerts'}]", true},
		{"webhook with a token", "webhook_configs: [{url: 'http://example.com/hush-0123456789abcdef'}]", true},
		{"password of a proxy's login", "webhook_configs: [{url: 'http://example.com', http_config: {basic_auth: {username: a, password: hush}}}]", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, wrong := range []string{"", ", nonsense: 1"} { // with a mistake beside it, too
				configs := strings.Replace(c.configs, "}]", wrong+"}]", 1)
				config, findings := readText(small + "    " + configs + "\n")
				if wrong == "" && (config == nil || (len(config.Secrets()) > 0) != c.found) {
					t.Errorf("%s: %v", configs, shown(findings))
				}
				var b strings.Builder
				if err := diag.WriteText(&b, findings, false); err != nil {
					t.Fatal(err)
				}
				if c.found && strings.Contains(b.String(), "hush") {
					t.Errorf("the secret is shown:\n%s", b.String())
				}
			}
		})
	}
}

// TestMisplacedSecrets holds that a secret is shown nowhere either where it
// stands in a way that Alertmanager does not read.
func TestMisplacedSecrets(t *testing.T) {
	for _, configs := range []string{
		"slack_configs: [{channel: a, api_url: {url: 'https://hush.example.com'}}]",
		"pagerduty_configs: [{routing_key: [hush]}]",
		"pagerduty_configs: [{routing_keys: hush}]",
		"webhook_configs: [{url: 'http://a', http_config: {basic_auth: {username: a, passwrod: hush}}}]",
	} {
		config, findings := readText(small + "    " + configs + "\n")
		var b strings.Builder
		if err := diag.WriteText(&b, findings, false); err != nil {
			t.Fatal(err)
		}
		if config != nil || len(findings) == 0 || strings.Contains(b.String(), "hush") {
			t.Errorf("%s: read %v, findings:\n%s", configs, config != nil, b.String())
		}
	}
}

// FuzzRead holds that nothing panics, and that what Alertmanager loads is read.
func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add(small + "    slack_configs: [{api_url_file: /x, channel: a}]\ninhibit_rules: [{source_match: {a: b}, target_match_re: {c: d.*}, equal: [é]}]\n")
	f.Add("route: {receiver: a, routes: [{match: {a: b}, match_re: {c: d}, matchers: ['{e=f,g!~h}'], continue: yes}]}\nreceivers: [{name: a}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, findings := readText(text)
		if _, err := load(text); err == nil && c == nil {
			for _, finding := range findings {
				if finding.Kind == Invalid {
					t.Errorf("Alertmanager loads it; we say %v", shown(findings))
				}
			}
		}
		if c != nil {
			c.Match(Labels{"a": "b"})
			c.Secrets()
		}
	})
}

// TestSecretAdvice holds what is said of secrets where no key takes a file.
func TestSecretAdvice(t *testing.T) {
	for _, c := range []struct{ name, configs, want string }{
		{"address as a file", "slack_configs: [{channel: a, api_url_file: 'https://hooks.example.com/hush'}]", "an address stands under api_url_file, where the name of a file belongs; put the address into a file, and name that here"},
		{"proxy", "webhook_configs: [{url_file: /x, http_config: {proxy_url: 'http://u:hush@proxy:1'}}]", "a password stands in proxy_url; leave it out, and set proxy_from_environment: true; Alertmanager then takes the proxy from its environment"},
		{"proxy without a password", "webhook_configs: [{url_file: /x, http_config: {proxy_url: 'http://proxy:1'}}]", ""},
		{"free map", "pagerduty_configs: [{routing_key_file: /x, details: {token: hush}}]", "a secret stands under token; leave it out: whoever is told reads it, too"},
		{"free map with a template", "pagerduty_configs: [{routing_key_file: /x, details: {token: '{{ .CommonLabels.token }}'}}]", ""},
		{"file", "slack_configs: [{channel: a, api_url_file: /run/hush}]", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, findings := readText(small + "    " + c.configs + "\n")
			if config == nil {
				t.Fatal(shown(findings))
			}
			got := ""
			for _, s := range config.Secrets() {
				got += s.Message + "; " + s.Help
			}
			if got != c.want {
				t.Errorf("%s", got)
			}
		})
	}
}
