package alerts

import (
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// PagerDuty opens an incident through the Events API v2.
type PagerDuty struct {
	// RoutingKeyFile is the file, on Alertmanager's host, that holds the integration key.
	RoutingKeyFile spec.Text `json:"routingKeyFile" jsonschema:"required"`
}

type pagerdutyConfig struct {
	RoutingKeyFile string          `yaml:"routing_key_file"`
	SendResolved   bool            `yaml:"send_resolved"`
	Description    string          `yaml:"description"`
	Links          []pagerdutyLink `yaml:"links"`
}

type pagerdutyLink struct {
	Href string `yaml:"href"`
	Text string `yaml:"text"`
}

func (p *PagerDuty) check(r *diag.Report) { checkSecretFile(p.RoutingKeyFile, r) }

func (p *PagerDuty) config() (string, any) {
	return "pagerduty_configs", pagerdutyConfig{
		RoutingKeyFile: p.RoutingKeyFile.Text, SendResolved: true,
		Description: notificationTitle,
		Links:       []pagerdutyLink{{Href: `{{ .CommonAnnotations.runbook_url }}`, Text: "Runbook"}},
	}
}
