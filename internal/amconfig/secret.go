package amconfig

import (
	"net/url"
	"slices"
	"strings"

	"slowburn/internal/diag"
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

// free are maps whose keys are anybody's: what is told there, everybody reads
// who is told.
var free = []string{"details", "headers", "fields"}

// Secret is a secret that stands in a configuration.
type Secret struct {
	Key   *spec.Value
	Value *spec.Value
	Text  string
	// What is wrong, and the way out.
	Message, Help string
}

// Secrets are those that stand in the configuration itself, in order.
func (c *Config) Secrets() []Secret {
	if c.Resource {
		return addressesIn(c.Document)
	}
	return secretsIn(c.Value)
}

func secretsIn(doc *spec.Value) []Secret { return secretsBelow(doc, "") }

func secretsBelow(v *spec.Value, list string) []Secret {
	var all []Secret
	for _, i := range v.Items() {
		all = append(all, secretsBelow(i, list)...)
	}
	for _, f := range v.Fields() {
		below := f.Key.Text
		if f.Value.Kind == spec.Map && !slices.Contains(free, f.Key.Text) {
			below = list // http_config of a receiver: still the receiver's
		}
		all = append(all, secretsBelow(f.Value, below)...)
		if message, help := secretAt(f, list); message != "" {
			all = append(all, Secret{f.Key, f.Value, f.Value.Text, message, help})
		}
	}
	return all
}

// secretAt says what is wrong where a secret stands, and the way out.
func secretAt(f spec.Field, list string) (message, help string) {
	key := f.Key.Text
	switch {
	case f.Value.Kind == spec.List || f.Value.Kind == spec.Map:
		return "", ""
	case slices.Contains(free, list):
		if diag.SecretKeyOf(key) == diag.Secret && slices.Contains(secretKeys, key) && isWritten(f.Value.Text) {
			return "a secret stands under " + key, "leave it out: whoever is told reads it, too"
		}
	case key == "proxy_url" && HasPassword(f.Value.Text):
		return "a password stands in proxy_url", "leave it out, and set proxy_from_environment: true; Alertmanager then takes the proxy from its environment"
	case diag.SecretKeyOf(key) == diag.File && slices.Contains(secretKeys, strings.TrimSuffix(key, "_file")) && strings.Contains(f.Value.Text, "://"):
		return "an address stands under " + key + ", where the name of a file belongs", "put the address into a file, and name that here"
	case isSecret(f, list):
		return "a secret stands under " + key, "put it into a file, and name that with " + key + "_file"
	}
	return "", ""
}

// isWritten tells whether a text is no template, which takes what it says from the alerts.
func isWritten(text string) bool {
	return text != "" && text != "<secret>" && !strings.Contains(text, "{{")
}

// HasPassword tells whether an address has a password before its host.
func HasPassword(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return false
	}
	_, has := u.User.Password()
	return has
}

// addressesIn are the addresses in an AlertmanagerConfig that hold a secret. All
// other secrets Kubernetes itself refuses: they are references there.
func addressesIn(v *spec.Value) []Secret {
	var all []Secret
	for _, item := range v.Items() {
		all = append(all, addressesIn(item)...)
	}
	for _, f := range v.Fields() {
		all = append(all, addressesIn(f.Value)...)
		switch text := f.Value.Text; {
		case f.Key.Text == "url" && HasPassword(text) && v.Get("urlSecret") == nil:
			all = append(all, Secret{f.Key, f.Value, text, "a password stands in url", "put the address into a Kubernetes secret, and refer to that with urlSecret"})
		case HasPassword(text):
			all = append(all, Secret{f.Key, f.Value, text, "a password stands in " + f.Key.Text, "leave it out of the address"})
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
		return diag.HoldsToken(f.Value.Text)
	}
	return true
}
