package amconfig

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"slowburn/internal/spec"
)

// secretKeys are the keys of Alertmanager's configuration that hold a secret;
// beside each there is one ending in _file.
var secretKeys = []string{
	"api_key", "api_secret", "api_url", "app_token", "auth_password", "auth_secret", "bearer_token", "bot_token", "client_secret",
	"credentials", "opsgenie_api_key", "password", "private_key", "rocketchat_token", "rocketchat_token_id", "routing_key",
	"secret_key", "service_key", "slack_api_url", "slack_app_token", "smtp_auth_password", "smtp_auth_secret", "telegram_bot_token", "token",
	"token_id", "url", "user_key", "victorops_api_key", "webhook_url", "mattermost_webhook_url", "discord_webhook_url", "wechat_api_secret", "alert_source_token",
}

// public are keys named like those of secrets that only say where a service is,
// or who is called there: of receivers whose secret stands in another key.
var public = map[string][]string{
	"routing_key": {"victorops_configs"},
	"api_url":     {"opsgenie_configs", "victorops_configs", "wechat_configs", "telegram_configs", "webex_configs", "sns_configs", "jira_configs", "rocketchat_configs"},
	"url":         {"pagerduty_configs", "incidentio_configs", "links", "actions", "images"},
}

// Secret is a secret that stands in a configuration.
type Secret struct {
	Key   *spec.Value
	Value *spec.Value
	Text  string
}

// Secrets are those that stand in the configuration itself, in order.
func (c *Config) Secrets() []Secret { return secretsIn(c.Value) }

func secretsIn(doc *spec.Value) []Secret { return secretsBelow(doc, "") }

func secretsBelow(v *spec.Value, list string) []Secret {
	var all []Secret
	for _, i := range v.Items {
		all = append(all, secretsBelow(i, list)...)
	}
	for _, f := range v.Fields {
		below := f.Key.Text
		if f.Value.Kind == spec.Map {
			below = list // http_config of a receiver: still the receiver's
		}
		all = append(all, secretsBelow(f.Value, below)...)
		if isSecret(f, list) {
			all = append(all, Secret{f.Key, f.Value, f.Value.Text})
		}
	}
	return all
}

func isSecret(f spec.Field, list string) bool {
	switch {
	case f.Value.Kind == spec.List || f.Value.Kind == spec.Map || f.Value.Text == "" || f.Value.Text == "<secret>":
		return false
	case !slices.Contains(secretKeys, f.Key.Text) || slices.Contains(public[f.Key.Text], list):
		return false
	case f.Key.Text == "url" && list == "webhook_configs":
		return holdsToken(f.Value.Text)
	}
	return true
}

// templated is what a template puts into an address.
var templated = regexp.MustCompile(`{{.*?}}`)

// holdsToken tells whether whoever knows an address of a webhook may use it: it
// has a user, a query or a part of the path that nobody could guess.
func holdsToken(address string) bool {
	u, err := url.Parse(templated.ReplaceAllString(address, "x"))
	if err != nil || u.User != nil || u.RawQuery != "" {
		return true
	}
	return slices.ContainsFunc(strings.Split(u.Path, "/"), func(part string) bool {
		return len(part) >= 16 && strings.ContainsAny(part, "0123456789")
	})
}

// hideSecrets keeps lines with secrets from being shown.
func hideSecrets(doc *spec.Value) {
	for _, s := range secretsIn(doc) {
		s.Value.Pos.Hide()
	}
	hideMisplaced(doc)
}

// hideMisplaced hides what stands where a secret should and is none: a list, or a map.
func hideMisplaced(v *spec.Value) {
	for _, item := range v.Items {
		hideMisplaced(item)
	}
	for _, f := range v.Fields {
		if (f.Value.Kind == spec.List || f.Value.Kind == spec.Map) && slices.Contains(secretKeys, f.Key.Text) {
			hideBelow(f.Value)
		}
		hideMisplaced(f.Value)
	}
}

// hideBelow hides all lines of a value.
func hideBelow(v *spec.Value) {
	v.Pos.Hide()
	for _, item := range v.Items {
		hideBelow(item)
	}
	for _, f := range v.Fields {
		hideBelow(f.Value)
	}
}
