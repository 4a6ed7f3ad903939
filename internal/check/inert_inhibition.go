package check

import (
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

var inertInhibition = &Check{
	Kind: diag.Kind{Name: "inert-inhibition", Severity: diag.Warning, Doc: `An inhibition can mute nothing.

Its sources and targets have no value in common of a label that must be equal, or whatever is a target is a source as well and
the other way round: then Alertmanager mutes neither, so that no alert mutes itself.`},
	Bad: `route: {receiver: chat}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [severity, service]
`,
	Good: `route: {receiver: chat}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [service]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			for _, in := range t.Inhibit {
				_, source := t.solver.Find(in.Source)
				_, target := t.solver.Find(in.Target)
				if source == amconfig.No || target == amconfig.No {
					continue // contradictory-matchers says so
				}
				if _, _, verdict := t.pair(in, nil, nil); verdict == amconfig.No {
					why := "whatever is a target is a source as well, and the other way round"
					if name, ok := t.differs(in); ok {
						why = "sources and targets never have the same " + name
					}
					p.Report(in.Value.Pos, in.Value.Pos, "mend its matchers, or remove it", "this inhibition mutes nothing: %s", why)
				}
			}
		}
	},
}

// Alerts of a pair share the labels of equal; all others are told apart by a prefix.
const sourcePrefix, targetPrefix = "source ", "target "

// pair is a source and a target that an inhibition mutes, of those that match
// more matchers.
func (t *tree) pair(in *amconfig.Inhibition, source, target labels.Matchers) (amconfig.Labels, amconfig.Labels, amconfig.Verdict) {
	rename := func(matchers labels.Matchers, prefix string) labels.Matchers {
		var renamed labels.Matchers
		for _, m := range matchers {
			of := *m // with its compiled expression
			if !slices.Contains(in.Equal, m.Name) {
				of.Name = prefix + m.Name
			}
			renamed = append(renamed, &of)
		}
		return renamed
	}
	name := labels.Matchers{{Type: labels.MatchNotEqual, Name: amconfig.AlertName}}
	must := slices.Concat(rename(slices.Concat(in.Source, source, name), sourcePrefix), rename(slices.Concat(in.Target, target, name), targetPrefix))
	// A source that is a target as well, for a target that is a source as well, is disregarded.
	exempt := slices.Concat(rename(in.Target, sourcePrefix), rename(in.Source, targetPrefix))
	found, verdict := t.solver.Find(must, exempt)
	of := func(prefix string) amconfig.Labels {
		alert := amconfig.Labels{}
		for name, value := range found {
			if own, ok := strings.CutPrefix(name, prefix); ok {
				alert[own] = value
			} else if slices.Contains(in.Equal, name) {
				alert[name] = value
			}
		}
		return alert
	}
	return of(sourcePrefix), of(targetPrefix), verdict
}

// differs is a label of equal of which sources and targets share no value.
func (t *tree) differs(in *amconfig.Inhibition) (string, bool) {
	for _, name := range in.Equal {
		var both labels.Matchers
		for _, m := range slices.Concat(in.Source, in.Target) {
			if m.Name == name {
				both = append(both, m)
			}
		}
		if _, verdict := t.solver.Find(both); verdict == amconfig.No {
			return name, true
		}
	}
	return "", false
}
