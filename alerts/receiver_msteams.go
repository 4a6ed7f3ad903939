package alerts

import (
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// MSTeams posts a card to a channel of Microsoft Teams through a workflow's
// address (Alertmanager's msteamsv2; the older connectors are switched off).
type MSTeams struct {
	spec.Confidential
	// URLFile is the file, on Alertmanager's host, that holds the workflow's address.
	URLFile spec.Text `json:"urlFile,omitempty"`
	// URLSecret is the key of a Kubernetes secret that holds it.
	URLSecret *SecretRef `json:"urlSecret,omitempty"`
	// URL must not be used: use urlFile or urlSecret.
	URL *SecretText `json:"url,omitempty"`
}

type msteamsConfig struct {
	WebhookURLFile string `yaml:"webhook_url_file"`
	SendResolved   bool   `yaml:"send_resolved"`
	Title          string `yaml:"title"`
	Text           string `yaml:"text"`
}

type msteamsResource struct {
	WebhookURL   *keyRef `yaml:"webhookURL"`
	SendResolved bool    `yaml:"sendResolved"`
	Title        string  `yaml:"title"`
	Text         string  `yaml:"text"`
}

func (m *MSTeams) url() secret { return secret{"url", m.Node, m.URLFile, m.URLSecret} }

func (m *MSTeams) check(setting, *diag.Report) {}

func (m *MSTeams) secrets(setting) []secret { return []secret{m.url()} }

func (m *MSTeams) target() string { return "" }

func (m *MSTeams) config(in setting) (string, any) {
	return "msteamsv2_configs", msteamsConfig{
		WebhookURLFile: m.url().path(), SendResolved: in.resolved, Title: notificationTitle, Text: markdownStyle.body(),
	}
}

func (m *MSTeams) resource(in setting) (string, any) {
	return "msteamsv2Configs", msteamsResource{
		WebhookURL: m.url().selector(), SendResolved: in.resolved, Title: notificationTitle, Text: markdownStyle.body(),
	}
}
