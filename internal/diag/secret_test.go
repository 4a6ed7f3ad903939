package diag

import (
	"strings"
	"testing"
)

// TestMasked holds what no finding shows, by the text of its source.
func TestMasked(t *testing.T) {
	for _, c := range []struct{ name, source, text, want string }{
		{"value of a key", "receivers:\n- token: hunter2\n", `"hunter2" is not it`, `"<secret>" is not it`},
		{"part of a word", "receivers:\n- token: hush\n", "hushed", "hushed"},
		{"words of a value", "receivers:\n- token: '{{ .Foo hunter2 }}'\n", `function "hunter2"`, `function "<secret>"`},
		{"cut short by the parser", "receivers:\n- token: hunter2hunter2\n", "`hunter2...` into", "<secret> into"},
		{"block", "receivers:\n- password: |\n    hunter2\n  name: hush\n", "hunter2, hush", "<secret>, hush"},
		{"a file", "receivers:\n- password_file: hunter2\n", "hunter2", "hunter2"},
		{"an address as a file", "receivers:\n- url_file: https://h/hush\n", "https://h/hush", "<secret>"},
		{"public address", "receivers:\n- url: http://h:9093/hook\n", "http://h:9093/hook", "http://h:9093/hook"},
		{"no such file", "rules:\n- token: hunter2\n", "hunter2 0123456789abcdef0123", "hunter2 0123456789abcdef0123"},
		{"token", "receivers: []\n", "0123456789abcdef0123 of checkout-latency-2024", "<secret> of checkout-latency-2024"},
		{"address anywhere", "rules:\n", "redis://u:hunter2@h, redis://u:$PASSWORD@h", "redis://u:<secret>@h, redis://u:$PASSWORD@h"},
		{"mailbox", "receivers: []\n", "mailto:me@example.com a:hush@h", "mailto:me@example.com a:<secret>@h"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := &Source{Text: []byte(c.source)}
			got := src.masked(c.text)
			if got != c.want {
				t.Errorf("%s", got)
			}
			if again := src.masked(got); again != got {
				t.Errorf("masked again: %s", again)
			}
		})
	}
}

// TestExpectedWords holds that no word is missing without which expectsSecrets matches nothing.
func TestExpectedWords(t *testing.T) {
	for _, text := range []string{
		"kind: Routing", "\"kind\": \"Routing\"", "kind: AlertmanagerConfig", "receivers:", "\"receivers\":", "slack_configs:", "slackConfigs:", "route:", "a:\n  route:",
	} {
		if !expectsSecrets().MatchString(text) || !mayHaveSecrets([]byte(text)) {
			t.Errorf("%q: no secrets are expected", text)
		}
	}
}

// TestHiddenLines holds which lines of a source findings show.
func TestHiddenLines(t *testing.T) {
	const text = `receivers:
- name: chat
  token: hunter2
  password: >
    hush

  urlSecret: {name: chat, key: url}
  urlFile: /run/secrets/chat
  url: https://hooks.slack.com/services/T0123456/B0123456/x0123456
  api_key hunter2
`
	src := &Source{Text: []byte(text)}
	var shown []string
	for i, line := range strings.Split(text, "\n") {
		if src.showable(i + 1) {
			shown = append(shown, line)
		}
	}
	want := "receivers:|- name: chat|  password: >||  urlSecret: {name: chat, key: url}|  urlFile: /run/secrets/chat|"
	if got := strings.Join(shown, "|"); got != want {
		t.Errorf("shown: %s", got)
	}
}
