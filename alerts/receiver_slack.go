package alerts

import (
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Slack posts to a Slack channel through an incoming webhook.
type Slack struct {
	// Channel to post to, such as #oncall.
	Channel spec.Text `json:"channel" jsonschema:"required"`
	// URLFile is the file, on Alertmanager's host, that holds the webhook's address.
	URLFile spec.Text `json:"urlFile" jsonschema:"required"`
}

type slackConfig struct {
	APIURLFile   string        `yaml:"api_url_file"`
	Channel      string        `yaml:"channel"`
	SendResolved bool          `yaml:"send_resolved"`
	Title        string        `yaml:"title"`
	TitleLink    string        `yaml:"title_link"`
	Text         string        `yaml:"text"`
	Actions      []slackAction `yaml:"actions,omitempty"`
}

type slackAction struct {
	Type string `yaml:"type"`
	Text string `yaml:"text"`
	URL  string `yaml:"url"`
}

func (s *Slack) check(r *diag.Report) { checkSecretFile(s.URLFile, r) }

func (s *Slack) config() (string, any) {
	return "slack_configs", slackConfig{
		APIURLFile: s.URLFile.Text, Channel: s.Channel.Text, SendResolved: true,
		Title:     notificationTitle,
		TitleLink: `{{ .CommonAnnotations.runbook_url }}`,
		Text:      `{{ range .Alerts }}{{ .Annotations.description }}` + "\n" + `{{ end }}`,
	}
}
