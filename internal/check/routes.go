package check

import (
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/pkg/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

// RoutesOptions is what checks of Alertmanager configurations need to know from
// outside. The zero value asks nobody.
type RoutesOptions struct {
	// Pages match the alerts of a configuration that wake somebody: one of them is enough. Without any, what is usual: severity page or critical, priority P1.
	Pages func(*amconfig.Config) []labels.Matchers
	// Added are labels that every alert gets on its way to Alertmanager.
	Added []string
	// AnyNamespace tells that AlertmanagerConfigs get alerts of all namespaces.
	AnyNamespace bool
	// Foreseen are values of labels that alerts may have although none has them yet.
	Foreseen map[string][]string
	// Templates are the files that a configuration's key templates names, and
	// whether all could be read.
	Templates func(*amconfig.Config) ([]*diag.Source, bool)
	// NoTemplate tells whether one of these patterns matches no file, although
	// this is where its files should be.
	NoTemplate func(c *amconfig.Config, pattern string) bool
	// Where says where a route stands, as people look for it. Without it: by its line.
	Where func(*amconfig.Route) string
	// Missing tells whether a file is not there, although its folder is: then
	// this is the machine that it belongs to.
	Missing func(path string) bool
}

// Labels and values by which most people tell a page.
var usualPages = []struct {
	label  string
	values []string
}{
	{"severity", []string{"page", "critical"}},
	{"priority", []string{"P1", "p1"}},
}

// pagesOf match the pages of a configuration: what the options say, otherwise
// what is usual, as far as the configuration or the rules have it. If they have
// one of the labels and none of its values, all are taken to be possible.
func (p *RoutesPass) pagesOf(t *tree) []labels.Matchers {
	var pages []labels.Matchers
	if p.options.Pages != nil {
		pages = p.options.Pages(t.Config)
	}
	if len(pages) > 0 {
		return pages
	}
	for _, usual := range usualPages {
		var named, all []labels.Matchers
		for _, value := range usual.values {
			m := &labels.Matcher{Type: labels.MatchEqual, Name: usual.label, Value: value}
			all = append(all, labels.Matchers{m})
			if t.speaksOf(usual.label, value) || slices.ContainsFunc(p.Alerts, func(a knownAlert) bool { return a.fixed[usual.label] == value }) {
				named = append(named, labels.Matchers{m})
			}
		}
		switch {
		case len(named) > 0:
			pages = append(pages, named...)
		case slices.ContainsFunc(t.asked(), func(set labels.Matchers) bool { return mentions(set, usual.label) }):
			pages = append(pages, all...)
		}
	}
	return pages
}

// speaksOf tells whether a matcher names a value of a label, and does not match
// whatever the label may be.
func (t *tree) speaksOf(label, value string) bool {
	return slices.ContainsFunc(t.asked(), func(set labels.Matchers) bool {
		return slices.ContainsFunc(set, func(m *labels.Matcher) bool {
			const unusual = "\x00"
			return m.Name == label && m.Matches(value) != m.Matches(unusual)
		})
	})
}

// RoutesPass is one check on its way through Alertmanager configurations.
type RoutesPass struct {
	Trees   []*tree
	Alerts  []knownAlert // of the rules that are checked together with them
	Every   []knownAlert // those that read no series, too: dead man's switches, which are routed by name
	options RoutesOptions

	check    *Check
	findings *[]Finding
}

// RunRoutes runs every check of Alertmanager configurations. The rules are those
// whose alerts they route, if they are known.
func RunRoutes(configs []*amconfig.Config, files []*rulefile.File, options RoutesOptions) []Finding {
	if len(configs) == 0 {
		return nil
	}
	pass := RoutesPass{options: options, Every: knownAlerts(files, options.Added)}
	for _, a := range pass.Every {
		if a.rule.Expr != nil && readsSeries(a.rule.Expr) {
			pass.Alerts = append(pass.Alerts, a)
		}
	}
	for _, c := range configs {
		pass.Trees = append(pass.Trees, newTree(c))
	}
	var findings []Finding
	for _, c := range All {
		if c.Routes != nil {
			of := pass
			of.check, of.findings = c, &findings
			c.Routes(&of)
		}
	}
	return findings
}

// Report adds a finding; a comment in the item that begins at scope, or above
// it, silences it.
func (p *RoutesPass) Report(at, scope diag.Pos, help, format string, args ...any) {
	var r diag.Report
	r.Add(&p.check.Kind, at, help, format, args...)
	*p.findings = append(*p.findings, Finding{Finding: r.Findings()[0], Scope: scope})
}

// knownAlert is an alert of a rule that is checked together with the routes.
type knownAlert struct {
	rule  *rulefile.Rule
	fixed amconfig.Labels // with its name; a value that a template makes is left out
	may   labelSet        // that it can have at all
}

func knownAlerts(files []*rulefile.File, added []string) []knownAlert {
	unit := newUnit(files)
	var all []knownAlert
	for _, f := range files {
		for _, g := range f.Groups {
			for _, r := range g.Rules {
				if r.Alert == "" {
					continue
				}
				a := knownAlert{rule: r, fixed: amconfig.Labels{}, may: anyLabel()}
				if r.Expr != nil {
					a.may = unit.labelsOf(r.Expr).with(amconfig.AlertName)
				}
				for _, name := range added {
					a.may = a.may.with(name)
				}
				for _, set := range []map[string]string{g.Labels, r.Labels, {amconfig.AlertName: r.Alert}} {
					for name, value := range set {
						a.may = a.may.with(name)
						delete(a.fixed, name)
						if !strings.Contains(value, "{{") {
							a.fixed[name] = value
						}
					}
				}
				all = append(all, a)
			}
		}
	}
	return all
}

func readsSeries(e parser.Expr) bool { return len(parser.ExtractSelectors(e)) > 0 }

// matchers match exactly what is known of the alert's labels, as far as others
// ask for them.
func (a knownAlert) matchers(asked []labels.Matchers) labels.Matchers {
	var all labels.Matchers
	seen := map[string]bool{}
	for _, set := range asked {
		for _, m := range set {
			value, fixed := a.fixed[m.Name]
			if !seen[m.Name] && (fixed || !a.may.has(m.Name)) {
				all = append(all, &labels.Matcher{Type: labels.MatchEqual, Name: m.Name, Value: value})
			}
			seen[m.Name] = true
		}
	}
	return all
}

// isPage tells whether an alert surely wakes somebody.
func (p *RoutesPass) isPage(t *tree, a knownAlert) bool {
	for _, page := range p.pagesOf(t) {
		if amconfig.Matches(page, a.fixed) {
			return true
		}
	}
	return false
}

// describe writes an example of labels for a message.
func describe(alert amconfig.Labels) string {
	shown := amconfig.Labels{}
	for name, value := range alert {
		if value != "" && (name != amconfig.AlertName || len(alert) == 1) {
			shown[name] = value
		}
	}
	var parts []string
	for _, name := range sortedKeys(shown) {
		parts = append(parts, name+"="+shown[name])
	}
	if len(parts) == 0 {
		return "no label"
	}
	return strings.Join(parts, " ")
}
