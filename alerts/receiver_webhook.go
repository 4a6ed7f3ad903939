package alerts

import (
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Webhook posts Alertmanager's own JSON to an address. Addresses often hold a
// token, so they count as secrets.
type Webhook struct {
	spec.Confidential
	// URLFile is the file, on Alertmanager's host, that holds the address.
	URLFile spec.Text `json:"urlFile,omitempty"`
	// URLSecret is the key of a Kubernetes secret that holds it.
	URLSecret *SecretRef `json:"urlSecret,omitempty"`
	// URL must not be used: use urlFile or urlSecret.
	URL *SecretText `json:"url,omitempty"`
}

type webhookConfig struct {
	URLFile      string `yaml:"url_file"`
	SendResolved bool   `yaml:"send_resolved"`
}

type webhookResource struct {
	URLSecret    *keyRef `yaml:"urlSecret"`
	SendResolved bool    `yaml:"sendResolved"`
}

func (w *Webhook) url() secret { return secret{"url", w.Node, w.URLFile, w.URLSecret} }

func (w *Webhook) check(setting, *diag.Report) {}

func (w *Webhook) secrets(setting) []secret { return []secret{w.url()} }

func (w *Webhook) target() string { return "" }

func (w *Webhook) config(in setting) (string, any) {
	return "webhook_configs", webhookConfig{URLFile: w.url().path(), SendResolved: in.resolved}
}

func (w *Webhook) resource(in setting) (string, any) {
	return "webhookConfigs", webhookResource{URLSecret: w.url().selector(), SendResolved: in.resolved}
}
