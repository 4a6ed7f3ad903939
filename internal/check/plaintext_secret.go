package check

import (
	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

var plaintextSecret = &Check{
	Kind: diag.Kind{Name: "plaintext-secret", Severity: diag.Warning, Doc: `A secret stands in a configuration.

Everyone who reads the file, its backups or its repository has it. Beside each key of a secret there is one that ends in _file:
Alertmanager reads the secret from there. The line is not shown with the finding. What was committed once is known: replace
the secret, too.

Of custom resources, passwords in addresses are found, as in the serverAddress of a ScaledObject, and headers of KEDA's triggers that
authorize whoever sends them.`},
	Bad: `route: {receiver: phone}
receivers:
  - name: phone
    pagerduty_configs: [{routing_key: 0123456789abcdef}]
`,
	Good: `route: {receiver: phone}
receivers:
  - name: phone
    pagerduty_configs: [{routing_key_file: /etc/alertmanager/secrets/pagerduty/key}]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			for _, secret := range t.Secrets() {
				p.Report(secret.Value.Pos, secret.Key.Pos, secret.Help, "%s", secret.Message)
			}
		}
	},
	Resources: func(p *ResourcesPass) {
		for _, r := range p.Resources {
			if help, ok := wayOfSecrets[r.Kind]; ok {
				p.plaintextIn(r.Value.Get("spec"), diag.Pos{}, help)
			}
		}
	},
}

// wayOfSecrets is how kinds of resources refer to secrets. Of an AlertmanagerConfig
// the tree of routes is looked at; rules have no use for passwords, and
// annotations may tell of addresses that hold a placeholder for one.
var wayOfSecrets = map[string]string{
	"Alertmanager":    "refer to a Kubernetes secret",
	"PodMonitor":      "name a Kubernetes secret under basicAuth",
	"Probe":           "name a Kubernetes secret under basicAuth",
	"Prometheus":      "name a Kubernetes secret under basicAuth",
	"PrometheusAgent": "name a Kubernetes secret under basicAuth",
	"ScaledObject":    "put it into a TriggerAuthentication, and name that under authenticationRef",
	"ScrapeConfig":    "name a Kubernetes secret under basicAuth",
	"ServiceMonitor":  "name a Kubernetes secret under basicAuth",
	"ThanosRuler":     "refer to a Kubernetes secret",
}

// authorizing are headers of KEDA's triggers, written NAME=VALUE with commas
// between them, of which one is a secret.
var authorizing = pattern.New(`(?i)(^|,)\s*(proxy-)?authorization\s*=\s*[^,\s]`)

// plaintextIn reports secrets in a value; scope is the item of a list that it is in.
func (p *ResourcesPass) plaintextIn(v *spec.Value, scope diag.Pos, help string) {
	if v == nil {
		return
	}
	for _, item := range v.Items() {
		p.plaintextIn(item, item.Pos, help)
	}
	for _, f := range v.Fields() {
		p.plaintextIn(f.Value, scope, help)
		what := ""
		switch {
		case f.Value.Kind != spec.String:
		case amconfig.HasPassword(f.Value.Text):
			what = "a password"
		case f.Key.Text == "customHeaders" && authorizing().MatchString(f.Value.Text):
			what = "a secret"
		}
		if what == "" {
			continue
		}
		f.Value.Pos.Conceal(f.Value.Text)
		if scope.Source == nil {
			p.about(f.Value.Pos, help, "%s stands in %s", what, f.Key.Text)
		} else {
			p.Report(f.Value.Pos, scope, help, "%s stands in %s", what, f.Key.Text)
		}
	}
}
