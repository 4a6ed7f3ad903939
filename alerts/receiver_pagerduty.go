package alerts

import (
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// PagerDuty opens an incident through the Events API v2.
type PagerDuty struct {
	spec.Confidential
	// RoutingKeyFile is the file, on Alertmanager's host, that holds the integration key.
	RoutingKeyFile spec.Text `json:"routingKeyFile,omitempty"`
	// RoutingKeySecret is the key of a Kubernetes secret that holds it.
	RoutingKeySecret *SecretRef `json:"routingKeySecret,omitempty"`
	// RoutingKey must not be used: use routingKeyFile or routingKeySecret.
	RoutingKey *SecretText `json:"routingKey,omitempty"`
}

type pagerdutyConfig struct {
	RoutingKeyFile string            `yaml:"routing_key_file"`
	SendResolved   bool              `yaml:"send_resolved"`
	Description    string            `yaml:"description"`
	Details        map[string]string `yaml:"details"`
	Links          []pagerdutyLink   `yaml:"links"`
}

type pagerdutyLink struct {
	Href string `yaml:"href"`
	Text string `yaml:"text"`
}

type pagerdutyResource struct {
	RoutingKey   *keyRef                 `yaml:"routingKey"`
	SendResolved bool                    `yaml:"sendResolved"`
	Description  string                  `yaml:"description"`
	Details      []keyValue              `yaml:"details"`
	Links        []pagerdutyResourceLink `yaml:"pagerDutyLinkConfigs"`
}

type pagerdutyResourceLink struct {
	Href string `yaml:"href"`
	Alt  string `yaml:"alt"`
}

// keyValue is how an AlertmanagerConfig writes a map.
type keyValue struct {
	Key   string `yaml:"key"`
	Value string `yaml:"value"`
}

// pagerdutyLinks are what an incident links to; PagerDuty's client leaves out
// one whose address is empty.
var pagerdutyLinks = []pagerdutyLink{
	{commonRunbook, "Runbook"},
	{`{{ .CommonAnnotations.dashboard_url }}`, "Dashboard"},
	{silenceLink, "Silence"},
}

func (p *PagerDuty) key() secret {
	return secret{"routingKey", p.Node, p.RoutingKeyFile, p.RoutingKeySecret}
}

func (p *PagerDuty) check(setting, *diag.Report) {}

func (p *PagerDuty) secrets(setting) []secret { return []secret{p.key()} }

func (p *PagerDuty) target() string { return "" }

func (p *PagerDuty) config(in setting) (string, any) {
	return "pagerduty_configs", pagerdutyConfig{
		RoutingKeyFile: p.key().path(), SendResolved: in.resolved,
		Description: notificationTitle,
		Details:     map[string]string{"meaning": plainStyle.body()},
		Links:       pagerdutyLinks,
	}
}

func (p *PagerDuty) resource(in setting) (string, any) {
	made := pagerdutyResource{
		RoutingKey: p.key().selector(), SendResolved: in.resolved,
		Description: notificationTitle,
		Details:     []keyValue{{"meaning", plainStyle.body()}},
	}
	for _, l := range pagerdutyLinks {
		if l.Href == silenceLink {
			continue // the operator knows none of Alertmanager's functions there, and refuses all of it; the details have the link
		}
		made.Links = append(made.Links, pagerdutyResourceLink{l.Href, l.Text})
	}
	return "pagerdutyConfigs", made
}
