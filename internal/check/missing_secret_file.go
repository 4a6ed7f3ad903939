package check

import (
	"path"
	"path/filepath"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var missingSecretFile = &Check{
	Kind: diag.Kind{Name: "missing-secret-file", Severity: diag.Warning, Doc: `A file that should hold a secret is not there.

Alertmanager loads such a configuration, and fails when it wants to tell somebody. Only where the file's folder exists is the
file looked for: elsewhere, this is not the machine that Alertmanager runs on. A relative path begins at the configuration.`},
	Bad: `route: {receiver: phone}
receivers:
  - name: phone
    pagerduty_configs: [{routing_key_file: missing-key}]
`,
	Good: `route: {receiver: phone}
receivers:
  - name: phone
    pagerduty_configs: [{routing_key_file: /nowhere/on/this/machine/key}]
`,
	Routes: func(p *RoutesPass) {
		if p.options.Missing == nil {
			return
		}
		for _, t := range p.Trees {
			eachField(t.Value, func(f spec.Field) {
				if !strings.HasSuffix(f.Key.Text, "_file") || f.Value.Text == "" {
					return
				}
				name := filepath.ToSlash(f.Value.Text)
				if !path.IsAbs(name) {
					name = path.Join(path.Dir(t.Source.Name), name)
				}
				if p.options.Missing(name) {
					p.Report(f.Value.Pos, f.Key.Pos, "create it, or mend the path", "there is no file %s", f.Value.Text)
				}
			})
		}
	},
}

// eachField calls f for every field with a scalar value below v.
func eachField(v *spec.Value, f func(spec.Field)) {
	for _, item := range v.Items() {
		eachField(item, f)
	}
	for _, field := range v.Fields() {
		if field.Value.Kind == spec.String {
			f(field)
		}
		eachField(field.Value, f)
	}
}
