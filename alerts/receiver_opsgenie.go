package alerts

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Opsgenie opens an alert in Opsgenie.
type Opsgenie struct {
	spec.Confidential
	// APIKeyFile is the file, on Alertmanager's host, that holds the integration's key.
	APIKeyFile spec.Text `json:"apiKeyFile,omitempty"`
	// APIKeySecret is the key of a Kubernetes secret that holds it.
	APIKeySecret *SecretRef `json:"apiKeySecret,omitempty"`
	// APIKey must not be used: use apiKeyFile or apiKeySecret.
	APIKey *SecretText `json:"apiKey,omitempty"`
	// Priority of the alerts, P1 to P5. Default: Opsgenie's own, P3.
	Priority spec.Text `json:"priority,omitempty"`
}

type opsgenieConfig struct {
	APIKeyFile   string `yaml:"api_key_file"`
	SendResolved bool   `yaml:"send_resolved"`
	Message      string `yaml:"message"`
	Description  string `yaml:"description"`
	Priority     string `yaml:"priority,omitempty"`
}

type opsgenieResource struct {
	APIKey       *keyRef `yaml:"apiKey"`
	SendResolved bool    `yaml:"sendResolved"`
	Message      string  `yaml:"message"`
	Description  string  `yaml:"description"`
	Priority     string  `yaml:"priority,omitempty"`
}

// opsgeniePriorities are those that Opsgenie knows.
var opsgeniePriorities = []string{"P1", "P2", "P3", "P4", "P5"}

func (o *Opsgenie) key() secret { return secret{"apiKey", o.Node, o.APIKeyFile, o.APIKeySecret} }

func (o *Opsgenie) check(_ setting, r *diag.Report) {
	if p := o.Priority; p.Text != "" && !slices.Contains(opsgeniePriorities, p.Text) {
		r.Add(spec.BadValue, p.Pos(), "use one of "+strings.Join(opsgeniePriorities, ", "), "%q is not a priority of Opsgenie", p.Text)
	}
}

func (o *Opsgenie) secrets(setting) []secret { return []secret{o.key()} }

func (o *Opsgenie) target() string { return "" }

func (o *Opsgenie) config(in setting) (string, any) {
	return "opsgenie_configs", opsgenieConfig{
		APIKeyFile: o.key().path(), SendResolved: in.resolved,
		Message: notificationTitle, Description: plainStyle.body(), Priority: o.Priority.Text,
	}
}

func (o *Opsgenie) resource(in setting) (string, any) {
	return "opsgenieConfigs", opsgenieResource{
		APIKey: o.key().selector(), SendResolved: in.resolved,
		Message: notificationTitle, Description: plainStyle.body(), Priority: o.Priority.Text,
	}
}
