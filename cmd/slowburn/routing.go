package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/alerts"
	"slowburn/generators"
	"slowburn/internal/amconfig"
	"slowburn/internal/check"
	"slowburn/internal/crd"
	"slowburn/internal/diag"
	"slowburn/internal/routetest"
	"slowburn/internal/rulefile"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
)

// readRouting reads the Alertmanager configuration among artifacts with the
// reader that reads anybody's: what Alertmanager would refuse is never written.
func readRouting(artifacts []generators.Artifact, r *diag.Report) *amconfig.Config {
	for _, a := range artifacts {
		if a.Path != generators.AlertmanagerPath {
			continue
		}
		var found diag.Report
		src := &diag.Source{Name: a.Path, Text: a.Bytes}
		var config *amconfig.Config
		for _, doc := range spec.ReadYAML(src, &found) {
			config = amconfig.Read(src, doc, &found)
		}
		for _, f := range found.Findings() {
			r.Add(f.Kind, a.Pos, f.Help, "%s (in the generated %s:%d)", f.Message, a.Path, f.Pos.Line)
		}
		return config
	}
	return nil
}

// isRoutes tells whether a document is an Alertmanager configuration, or tests of routes.
func isRoutes(o other) bool {
	return amconfig.Is(o.value) || routetest.Is(o.value) || len(amconfig.Kept(o.value)) > 0 || len(amconfig.Resources(o.value)) > 0
}

// readRoutes reads a document that is about routes, if it is one.
func (b *build) readRoutes(o other) bool {
	kept := amconfig.Kept(o.value)
	for _, k := range kept {
		if c := k.Read(o.file.source, b.report); c != nil {
			b.configs = append(b.configs, c)
		}
	}
	switch {
	case routetest.Is(o.value):
		f := routetest.ReadFile(o.value, b.report)
		if config := b.testedConfig(f, b.report); config != nil {
			b.report.Append(routetest.Unrunnable(config, routetest.Sound(f.RouteTests, b.report.Findings()))...)
		}
	case len(amconfig.Resources(o.value)) > 0:
		for _, resource := range amconfig.Resources(o.value) {
			if c := amconfig.ReadResource(o.file.source, resource, b.report); c != nil {
				b.configs = append(b.configs, c)
			}
		}
		return !rulefile.Is(o.value) // a list may hold rules, too
	case len(kept) > 0:
		return !rulefile.Is(o.value)
	case !amconfig.Is(o.value):
		return false
	case o.value.Document > 0:
		b.report.Add(multipleDocuments, o.value.Pos, "make a file of it", "Alertmanager ignores all documents but the first of its configuration")
	default:
		if c := amconfig.Read(o.file.source, o.value, b.report); c != nil {
			b.configs = append(b.configs, c)
		}
	}
	return true
}

// checkRoutes runs the checks of Alertmanager configurations over those of a
// unit, with the rules of all that is checked.
func (b *build) checkRoutes(rules []*rulefile.File, c *configuration) []check.Finding {
	return check.RunRoutes(b.configs, rules, check.RoutesOptions{
		Pages: func(of *amconfig.Config) []labels.Matchers { return c.PagesOf(c.path(of.Source.Name)) },
		Added: c.AddedLabels(), Templates: templates, NoTemplate: hasNoTemplate, Missing: isMissing,
		AnyNamespace: slices.ContainsFunc(b.resources(), givesAnyNamespace),
	})
}

// givesAnyNamespace tells whether a resource is an Alertmanager which gives an
// AlertmanagerConfig alerts of other namespaces than its own.
func givesAnyNamespace(r *crd.Resource) bool {
	body := r.Value.Get("spec")
	strategy := body.Get("alertmanagerConfigMatcherStrategy").Get("type")
	return r.Kind == "Alertmanager" && (strategy != nil && strategy.Text != "OnNamespace" || body.Get("alertmanagerConfiguration") != nil)
}

// templates reads the files that a configuration's key templates names.
func templates(c *amconfig.Config) ([]*diag.Source, bool) {
	var sources []*diag.Source
	complete := true
	for _, pattern := range c.Loaded.Templates {
		names, err := filepath.Glob(besideConfig(c, pattern))
		complete = complete && err == nil && len(names) > 0
		for _, name := range names {
			src, err := readPath(name)
			if err != nil {
				complete = false
				continue
			}
			sources = append(sources, src)
		}
	}
	return sources, complete
}

// besideConfig is a path as Alertmanager takes it: relative to its configuration.
func besideConfig(c *amconfig.Config, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(c.Source.Name), name)
}

// hasNoTemplate tells whether a pattern matches no file, on the machine that it
// is for: a relative one always is, an absolute one where its folder exists.
func hasNoTemplate(c *amconfig.Config, pattern string) bool {
	names, err := filepath.Glob(besideConfig(c, pattern))
	if err != nil || len(names) > 0 {
		return false
	}
	folders, err := filepath.Glob(filepath.Dir(pattern))
	return err == nil && (!filepath.IsAbs(pattern) || len(folders) > 0)
}

// isMissing tells whether a file is not there, although its folder is.
func isMissing(name string) bool {
	if dir, err := os.Stat(filepath.Dir(name)); err != nil || !dir.IsDir() {
		return false
	}
	_, err := os.Stat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// judgeRoutes runs the checks of Alertmanager configurations over what a build
// emits, and moves what they find to the places in the spec that it comes from.
func (b *build) judgeRoutes(c *configuration) []check.Finding {
	if b.routing == nil {
		return nil
	}
	config := readRouting(b.artifacts, new(diag.Report))
	if config == nil {
		return nil
	}
	homes := map[int]diag.Pos{} // by the line of the emitted item
	hours := map[int]diag.Pos{} // by the line of the emitted intervals
	var routes func(of *amconfig.Route, from alerts.Route)
	routes = func(of *amconfig.Route, from alerts.Route) {
		homes[of.Value.Pos.Line] = from.Pos
		for _, key := range []string{"active_time_intervals", "mute_time_intervals"} {
			if in := of.Value.Get(key); in != nil {
				hours[in.Pos.Line] = from.HoursPos
			}
		}
		for i, child := range of.Routes {
			routes(child, from.Routes[i])
		}
	}
	routes(config.Root, b.routing.Root)
	for i, in := range config.Inhibit {
		homes[in.Value.Pos.Line] = b.routing.Inhibit[i].Pos
	}
	for i, receiver := range config.Receivers {
		homes[receiver.Value.Pos.Line] = b.routing.Receivers[i].Pos
	}
	findings := check.RunRoutes([]*amconfig.Config{config}, b.emitted.files, check.RoutesOptions{
		Pages: func(*amconfig.Config) []labels.Matchers {
			if pages := b.pages(); pages != nil {
				return pages
			}
			return c.PagesOf(b.unit.dir)
		},
		Added: c.AddedLabels(), Foreseen: b.vocabulary(),
		Where: func(route *amconfig.Route) string { return "at " + homes[route.Value.Pos.Line].String() },
	})
	told := map[diag.Pos]bool{}
	var moved []check.Finding
	for _, f := range findings {
		home, ok := homes[f.Scope.Line]
		if !ok {
			home = b.routing.Pos
		}
		f.Scope = home
		if at, ok := hours[f.Pos.Line]; ok {
			if told[at] {
				continue // the same hours, of another receiver
			}
			told[at] = true
			home = at
		}
		f.Message += fmt.Sprintf(" (in the generated %s:%d)", f.Pos.File(), f.Pos.Line)
		f.Pos = home
		moved = append(moved, f)
	}
	return moved
}

// vocabulary are the values that the routing says alerts may have.
func (b *build) vocabulary() map[string][]string {
	values := map[string][]string{}
	for _, word := range b.routing.Words() {
		values[word.Label] = append(values[word.Label], word.Values...)
	}
	return values
}

// pages match the alerts that wake somebody, if the routing says which: each has
// values of the vocabulary, too.
func (b *build) pages() []labels.Matchers {
	if len(b.routing.Pages) == 0 {
		return nil
	}
	page := labels.Matchers{}
	for _, m := range slices.Concat(b.routing.Pages, b.routing.Words()) {
		alternatives := make([]string, len(m.Values))
		for i, v := range m.Values {
			alternatives[i] = regexp.QuoteMeta(v)
		}
		made, err := labels.NewMatcher(labels.MatchRegexp, m.Label, strings.Join(alternatives, "|"))
		if err != nil {
			return nil
		}
		page = append(page, made)
	}
	return []labels.Matchers{page}
}

// routeProof is what became of an alert that fired: whom it reaches by the
// emitted configuration, beside what the spec says.
type routeProof struct {
	Alert     string
	Labels    map[string]string
	Tells     []*amconfig.Route
	Predicted []string
	MutedBy   []string // alerts that mute it
	result    simulate.Result
}

// OK tells whether the emitted configuration does what the spec says.
func (p routeProof) OK() bool {
	if len(p.Tells) != len(p.Predicted) {
		return false
	}
	for i, route := range p.Tells {
		if route.Receiver != p.Predicted[i] {
			return false
		}
	}
	return true
}

// proveRoutes follows each alert that fired in simulation through the emitted
// configuration, with the labels that it fired with.
func (b *build) proveRoutes(results []simulate.Result) []routeProof {
	if b.routing == nil {
		return nil
	}
	config := readRouting(b.artifacts, new(diag.Report))
	var proofs []routeProof
	seen := map[string]bool{}
	for _, r := range results {
		id := routetest.Describe(r.Labels)
		if len(r.Labels) == 0 || seen[id] {
			continue
		}
		seen[id] = true
		proofs = append(proofs, routeProof{
			Alert: r.Prediction.Alert, Labels: r.Labels, Tells: config.Match(r.Labels), Predicted: b.routing.ReceiversOf(r.Labels), result: r,
		})
	}
	labels := make([]amconfig.Labels, len(proofs))
	for i, p := range proofs {
		labels[i] = p.Labels
	}
	for i, muters := range config.Muters(labels) {
		for _, source := range muters {
			if name := proofs[source].Alert; !slices.Contains(proofs[i].MutedBy, name) {
				proofs[i].MutedBy = append(proofs[i].MutedBy, name)
			}
		}
	}
	return proofs
}

// readNamed reads a file that is named relative to the unit's folder, and may
// stand outside of it.
func (b *build) readNamed(name string) (*diag.Source, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(b.unit.dir, name)
	}
	return readPath(name)
}

func readPath(name string) (*diag.Source, error) {
	dir, base := filepath.Dir(name), filepath.Base(name)
	return readSource(os.DirFS(dir), dir, base)
}
