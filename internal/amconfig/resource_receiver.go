package amconfig

import (
	"net"
	"net/url"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// integrationChecks report what the operator refuses of a receiver's ways to tell
// somebody although Kubernetes takes it, by their key.
var integrationChecks = map[string]func(item *spec.Value, r *diag.Report){
	"emailConfigs":     reportEmail,
	"pagerdutyConfigs": func(item *spec.Value, r *diag.Report) { reportNeither(item, "routingKey", "serviceKey", r) },
	"webhookConfigs":   reportWebhook,
}

// reportIntegrations reports receivers that the operator refuses.
func reportIntegrations(body *spec.Value, r *diag.Report) {
	for _, receiver := range items(body.Get("receivers")) {
		for _, of := range resourceIntegrations(receiver) {
			if report := integrationChecks[of.Kind]; report != nil && of.Value.Kind == spec.Map {
				report(of.Value, r)
			}
		}
	}
}

// reportNeither reports a map that has neither of two keys.
func reportNeither(item *spec.Value, one, other string, r *diag.Report) {
	if item.Get(one) == nil && item.Get(other) == nil {
		r.Add(InvalidResource, item.Pos, "add "+one+": or "+other+":", "there is neither %s nor %s", one, other)
	}
}

func reportWebhook(item *spec.Value, r *diag.Report) {
	reportNeither(item, "url", "urlSecret", r)
	at := item.Get("url")
	if at == nil || at.Kind != spec.String {
		return
	}
	address, err := url.Parse(at.Text)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		pos := at.Pos
		pos.Hide() // such an address may be a secret
		r.Add(InvalidResource, pos, "write http://HOST/PATH, or urlSecret: {name: SECRET, key: KEY}", "url is no address")
	}
}

func reportEmail(item *spec.Value, r *diag.Report) {
	if item.Get("to") == nil {
		r.Add(InvalidResource, item.Pos, "add to:", "an email without to goes to nobody")
	}
	if host := item.Get("smarthost"); host != nil && host.Kind == spec.String {
		if _, _, err := net.SplitHostPort(host.Text); err != nil {
			r.Add(InvalidResource, host.Pos, "write HOST:PORT, such as "+host.Text+":587", "%q has no port", host.Text)
		}
	}
}
