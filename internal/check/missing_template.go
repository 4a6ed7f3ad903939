package check

import (
	"slowburn/internal/diag"
)

var missingTemplate = &Check{
	Kind: diag.Kind{Name: "missing-template", Severity: diag.Warning, Doc: `A pattern under templates matches no file.

Alertmanager and amtool take that without a word, since the files may come later. Until they do, whatever uses their templates
cannot be rendered, and nobody is told. A relative path begins at the configuration; an absolute one is looked at where its folder
exists: elsewhere, this is not the machine that Alertmanager runs on.`},
	Bad: `templates: [missing/*.tmpl]
route: {receiver: chat}
receivers: [{name: chat, webhook_configs: [{url: "http://chat.example.com"}]}]
`,
	Good: `templates: [/nowhere/on/this/machine/*.tmpl]
route: {receiver: chat}
receivers: [{name: chat, webhook_configs: [{url: "http://chat.example.com"}]}]
`,
	Routes: func(p *RoutesPass) {
		if p.options.NoTemplate == nil {
			return
		}
		for _, t := range p.Trees {
			list := t.Value.Get("templates")
			if list == nil || t.Kept {
				continue
			}
			for _, pattern := range list.Items() {
				if p.options.NoTemplate(t.Config, pattern.Text) {
					p.Report(pattern.Pos, pattern.Pos, "create it, or mend the pattern", "no file matches %s", pattern.Text)
				}
			}
		}
	},
}
