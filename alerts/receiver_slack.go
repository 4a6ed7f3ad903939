package alerts

import (
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Slack posts to a Slack channel through an incoming webhook.
type Slack struct {
	spec.Confidential
	// Channel to post to, such as #oncall.
	Channel spec.Text `json:"channel" jsonschema:"required"`
	// URLFile is the file, on Alertmanager's host, that holds the webhook's address.
	URLFile spec.Text `json:"urlFile,omitempty"`
	// URLSecret is the key of a Kubernetes secret that holds it.
	URLSecret *SecretRef `json:"urlSecret,omitempty"`
	// URL must not be used: use urlFile or urlSecret.
	URL *SecretText `json:"url,omitempty"`
}

type slackConfig struct {
	APIURLFile   string `yaml:"api_url_file"`
	Channel      string `yaml:"channel"`
	SendResolved bool   `yaml:"send_resolved"`
	Title        string `yaml:"title"`
	TitleLink    string `yaml:"title_link"`
	Text         string `yaml:"text"`
}

type slackResource struct {
	APIURL       *keyRef `yaml:"apiURL"`
	Channel      string  `yaml:"channel"`
	SendResolved bool    `yaml:"sendResolved"`
	Title        string  `yaml:"title"`
	TitleLink    string  `yaml:"titleLink"`
	Text         string  `yaml:"text"`
}

func (s *Slack) url() secret { return secret{"url", s.Node, s.URLFile, s.URLSecret} }

func (s *Slack) check(_ setting, r *diag.Report) {
	reportAddress(s.Channel, "a channel, such as #oncall", r)
}

func (s *Slack) secrets(setting) []secret { return []secret{s.url()} }

func (s *Slack) target() string { return s.Channel.Text }

func (s *Slack) config(in setting) (string, any) {
	return "slack_configs", slackConfig{
		APIURLFile: s.url().path(), Channel: literal(s.Channel.Text), SendResolved: in.resolved,
		Title: slackStyle.title(), TitleLink: commonRunbook, Text: slackStyle.body(),
	}
}

func (s *Slack) resource(in setting) (string, any) {
	return "slackConfigs", slackResource{
		APIURL: s.url().selector(), Channel: literal(s.Channel.Text), SendResolved: in.resolved,
		Title: slackStyle.title(), TitleLink: commonRunbook, Text: slackStyle.body(),
	}
}
