package main

import (
	"bytes"
	"context"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Files in which secrets are expected, with every kind of key that holds one.
var confidentialFiles = map[string]string{
	"routing": `apiVersion: slowburn/v1
kind: Routing
name: company
labels: {severity: [page, ticket]}
pages: {severity: page}
default: audit
mail: {host: "smtp.example.com:587", from: alerts@example.com, user: alerts, passwordFile: /run/secrets/smtp}
receivers:
  - {name: audit, webhook: {urlFile: /run/secrets/audit, urlSecret: {name: audit, key: url}}}
  - name: chat
    slack:
      channel: "#chat"
      urlFile: /run/secrets/chat
  - {name: phone, pagerduty: {routingKeyFile: /run/secrets/phone}}
  - {name: office, opsgenie: {apiKeyFile: /run/secrets/office, priority: P1}}
routes: [{match: {severity: page}, to: phone}]
`,
	"alertmanager": `global: {smtp_smarthost: "smtp.example.com:587", smtp_from: alerts@example.com, smtp_auth_password_file: /x}
route: {receiver: a}
receivers:
  - name: a
    slack_configs:
      - api_url: https://hooks.example.com/T0
        channel: "#a"
    pagerduty_configs: [{routing_key: hush, severity: critical}]
    webhook_configs: [{url_file: /x, http_config: {proxy_url: "http://proxy:1", authorization: {credentials: hush}}}]
    opsgenie_configs: [{api_key: hush, message: x}]
    telegram_configs: [{bot_token: hush, chat_id: 1}]
`,
	"resource": `apiVersion: monitoring.coreos.com/v1alpha1
kind: AlertmanagerConfig
metadata: {name: a, namespace: b}
spec:
  route: {receiver: x}
  receivers:
    - name: x
      slackConfigs: [{apiURL: {name: x, key: y}, channel: x}]
      pagerdutyConfigs: [{routingKey: {name: x, key: y}, severity: critical}]
      webhookConfigs:
        - url: https://example.com/hook
          httpConfig: {proxyURL: "http://proxy:1"}
`,
}

// printed is all that a command prints of a file.
func printed(t *testing.T, text, command string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	std := streams{out: &all, err: &all, in: strings.NewReader("")}
	args := append(strings.Fields(command), dir)
	if args[0] == "compile" {
		args = append(args, "-o", t.TempDir())
	}
	run(context.Background(), args, std)
	return all.String()
}

var everyFormat = []string{
	"check", "check --format json", "check --format sarif", "check --format github",
	"compile", "test", "test --format json", "test --format junit",
}

// aScalar is a value below receivers, after its key.
var aScalar = regexp.MustCompile(`[A-Za-z_]+: *("[^"]*"|[^ "{}\[\],\n]+)`)

const marker = "S3CRETabcdef0123456789"

// TestNoSecretIsPrinted holds that what looks like a secret is printed nowhere,
// wherever it stands below receivers and whatever is mistyped around it.
func TestNoSecretIsPrinted(t *testing.T) {
	forms := []string{marker, "https://hooks.slack.com/services/T000/B000/" + marker, `"https://u:` + marker + `@h"`, "x: " + marker}
	for name, text := range confidentialFiles {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewSource(1))
			for i, place := range aScalar.FindAllStringSubmatchIndex(text, -1) {
				if place[2] < strings.Index(text, "receivers:") {
					continue
				}
				for j, form := range forms {
					with := text[:place[2]] + form + text[place[3]:]
					command := everyFormat[(i+j)%len(everyFormat)]
					for range 3 {
						if out := printed(t, with, command); strings.Contains(out, "S3CRET") {
							t.Errorf("%s of\n%s\nprints\n%s", command, with, out)
							break
						}
						with = mistype(with, random)
					}
				}
			}
		})
	}
}

// mistype drops a character of the marker's line, doubles it, or writes another.
func mistype(text string, random *rand.Rand) string {
	at := strings.Index(text, marker)
	start := strings.LastIndexByte(text[:at], '\n') + 1
	end := at + strings.IndexByte(text[at:], '\n')
	i := start + random.Intn(end-start-len(marker))
	if i >= at {
		i += len(marker)
	}
	return text[:i] + []string{"", text[i:i+1] + text[i:i+1], "x", "\t"}[random.Intn(4)] + text[i+1:]
}

// TestNoKeyedSecretIsPrinted holds the same of secrets that look like words, by
// their keys.
func TestNoKeyedSecretIsPrinted(t *testing.T) {
	am := confidentialFiles["alertmanager"]
	routing := confidentialFiles["routing"]
	resource := confidentialFiles["resource"]
	for _, c := range []struct{ name, text, old, new string }{
		{"unknown token", am, "channel: \"#a\"", "my_token: hush-hush"},
		{"unknown list", am, "pagerduty_configs: [{routing_key: hush", "hipchat_configs: [{auth_token: hush-hush"},
		{"list of ways", am, "pagerduty_configs: [{routing_key: hush, severity: critical}]", "pagerduty_configs: hush-hush"},
		{"colon lost", am, "api_url: https://hooks.example.com/T0", "api_key hush-hush"},
		{"no space", am, "api_url: https://hooks.example.com/T0", "api_key:hush-hush"},
		{"authorization", am, "authorization: {credentials: hush}", "authorization: hush-hush"},
		{"headers", am, "authorization: {credentials: hush}", "http_headers: {X: {secrets: [hush-hush], bogus: 1}}"},
		{"syntax", am, "routing_key: hush", "routing_key: x: hush-hush"},
		{"unclosed", am, "routing_key: hush, severity: critical}", "routing_key: hush-hush, severity: critical"},
		{"quoted", am, "routing_key: hush", "routing_key: \"hush-hush"},
		{"template", am, "routing_key: hush", "routing_key: '{{ .Foo hush1hush }}'"},
		{"smarthost", am, "smtp.example.com:587", "u:hush-hush@h:25:33"},
		{"proxy", am, "http://proxy:1", "http://u:hush-hush@p:xx"},
		{"value of a reference", resource, "apiURL: {name: x, key: y}", "apiURL: {name: x, key: y, value: hush-hush}"},
		{"unknown in a resource", resource, "routingKey: {name: x, key: y}", "routingToken: hush-hush"},
		{"reference", routing, "urlSecret: {name: audit, key: url}", "urlSecret: hush-hush"},
		{"anchor", routing, "passwordFile: /run/secrets/smtp}", "password: &pw hush-hush}\ngroupWait: *pw"},
		{"host", routing, "smtp.example.com:587", "smtp://alerts:hush-hush@h:587"},
		{"unknown in a spec", routing, "labels: {severity", "pagerdutyKey: hush-hush\nlabels: {severity"},
		{"tab", routing, "      urlFile: /run/secrets/chat", "\tpassword: hush-hush"},
		{"duplicate", routing, "urlFile: /run/secrets/chat", "url: hush-hush\n      url: hush-hush"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(c.text, c.old, c.new, 1)
			if text == c.text {
				t.Fatal("nothing is replaced")
			}
			for _, command := range everyFormat {
				out := printed(t, text, command)
				if strings.Contains(out, "hush-hush") || strings.Contains(out, "hush1hush") {
					t.Errorf("%s prints\n%s", command, out)
				}
			}
		})
	}
}

// TestHarmlessIsPrinted holds that findings show what is no secret.
func TestHarmlessIsPrinted(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"routing", "default: audit", "default: audits", `default: audits`},
		{"routing", "priority: P1", "priority: P7", `apiKeyFile: /run/secrets/office, priority: P7`},
		{"alertmanager", "route: {receiver: a}", "route: {receiver: aa}", "route: {receiver: aa}"},
		{"alertmanager", `channel: "#a"`, `chanel: "#a"`, `chanel: "#a"`},
		{"resource", "receivers:", "recievers:", "recievers:"},
	} {
		text := strings.Replace(confidentialFiles[c.file], c.old, c.new, 1)
		if out := printed(t, text, "check"); !strings.Contains(out, c.want) {
			t.Errorf("check of %s does not print %s:\n%s", c.new, c.want, out)
		}
	}
}
