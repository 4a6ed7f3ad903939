package check

import (
	"slowburn/internal/diag"
)

var plaintextSecret = &Check{
	Kind: diag.Kind{Name: "plaintext-secret", Severity: diag.Warning, Doc: `A secret stands in a configuration.

Everyone who reads the file, its backups or its repository has it. Beside each key of a secret there is one that ends in _file:
Alertmanager reads the secret from there. The line is not shown with the finding. What was committed once is known: replace
the secret, too.`},
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
}
