package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"slowburn/alerts"
	"slowburn/dashboards"
	"slowburn/generators"
	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/routetest"
	"slowburn/internal/runbook"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// build is one unit on its way from specs to artifacts. Each stage fills in
// the part that the later ones read.
type build struct {
	unit     *unit
	envs     []string
	evaluate spec.Evaluator
	report   *diag.Report

	documents  []document            // read
	base       []document            // overlay: those to compile
	known      []string              // overlay: environments that there are overlays for
	services   []*serviceDocument    // decode
	routings   []*routingDocument    // decode
	catalogues []*slo.Catalogue      // slo: those that there are
	resolved   []*slo.Service        // slo
	alerting   []*alerts.Service     // alerts
	routing    *alerts.Routing       // alerts
	scenarios  [][]simulate.Scenario // scenarios, of each service
	runbooks   []*runbook.Page       // generate: the runbooks of the folder
	artifacts  []generators.Artifact // generate
	emitted    emitted               // verify
	others     []other               // read: documents that are no specs
	configs    []*amconfig.Config    // of check: Alertmanager configurations among them

	shown []dashboards.Dashboard // dashboards
}

// other is a document that is no spec: a rule file, or anything.
type other struct {
	value *spec.Value
	file  file
}

// stages are the way from specs to artifacts, in order. Each is a function of
// the stages before it. Findings do not stop them: a later stage reports what
// it can about what was resolved, so that one run shows everything.
var stages = []struct {
	name string
	run  func(*build)
}{
	{"read", (*build).read},             // files → positioned values
	{"overlay", (*build).overlay},       // environments laid over their base
	{"decode", (*build).decode},         // values → documents
	{"slo", (*build).slo},               // documents → resolved SLOs, held against the metric catalogue
	{"alerts", (*build).alerts},         // SLOs and documents → alerts; routing, held against the alerts
	{"scenarios", (*build).scenario},    // documents → scenarios, held against arithmetic
	{"dashboards", (*build).dashboards}, // alerts → dashboards
	{"generate", (*build).generate},     // everything → bytes
	{"verify", (*build).verify},         // bytes → rules, as Prometheus loads them
}

// compile takes a unit through all stages. What it returns is complete only if
// the report has no errors.
func compile(u *unit, envs []string, evaluate spec.Evaluator, r *diag.Report) *build {
	b := &build{unit: u, envs: envs, evaluate: evaluate, report: r}
	for _, stage := range stages {
		stage.run(b)
	}
	return b
}

// in compiles what b has read once more, in another environment.
func (b *build) in(env string, r *diag.Report) *build {
	other := &build{unit: b.unit, envs: []string{env}, report: r, documents: b.documents}
	for _, stage := range stages[1:] {
		stage.run(other)
	}
	return other
}

// APIVersion is the version of the spec format.
const apiVersion = "slowburn/v1"

// What reading documents finds.
var (
	unknownDocument = &diag.Kind{Name: "unknown-document", Severity: diag.Error, Doc: `A file holds something that slowburn does not know.

Specs begin with apiVersion: slowburn/v1 and have kind Service or Routing.`}
	unreadableFile = &diag.Kind{Name: "unreadable-file", Severity: diag.Error, Doc: `A file in a folder cannot be read.

A link leads nowhere, a pipe or a folder has the name of a file, or permissions are missing. What is in it is not compiled.`}
	emptyFile = &diag.Kind{Name: "empty-file", Severity: diag.Warning, Doc: `A file holds no document.

It is empty, or everything in it is a comment. What should be there is not compiled.`}
	unknownEnvironment = &diag.Kind{Name: "unknown-environment", Severity: diag.Error, Doc: `An overlay patches a document that does not exist.

An overlay is a document with env: NAME; it is laid over the document of the same kind and name when --env NAME is given.`}
)

// document is one document of a spec file.
type document struct {
	value           *spec.Value
	kind, name, env string
}

// DocumentHeader is what every document begins with.
type DocumentHeader struct {
	// APIVersion is the version of the format: slowburn/v1.
	APIVersion spec.Text `json:"apiVersion" jsonschema:"required,enum=slowburn/v1"`
	// Kind of the document: Service or Routing.
	Kind spec.Text `json:"kind" jsonschema:"required,enum=Service,enum=Routing"`
	// Env makes this an overlay: it is laid over the document of the same kind and name under --env. Maps merge, lists
	// merge by name, everything else is replaced; a key without a value is removed.
	Env spec.Name `json:"env,omitempty"`
}

// serviceDocument is a document of kind Service.
type serviceDocument struct {
	DocumentHeader
	slo.ServiceSpec
	alerts.AlertsSpec
	alerts.ComponentsSpec
	generators.OutputSpec
	simulate.ScenariosSpec
}

// routingDocument is a document of kind Routing.
type routingDocument struct {
	DocumentHeader
	alerts.RoutingSpec
	generators.RoutingOutputSpec
	routetest.ListSpec
}

// kinds are the kinds of documents. Each decodes a value; an overlay's is
// checked and then dropped, since it only counts when merged.
var kinds = map[string]func(b *build, v *spec.Value, isOverlay bool){
	"Service": func(b *build, v *spec.Value, isOverlay bool) {
		b.services = append(b.services, decodeInto[serviceDocument](b, v, isOverlay)...)
	},
	"Routing": func(b *build, v *spec.Value, isOverlay bool) {
		b.routings = append(b.routings, decodeInto[routingDocument](b, v, isOverlay)...)
	},
}

// namedLists are the lists of which overlays must name the items, by the kind of document.
var namedLists = map[string][]spec.NamedList{
	"Service": append(slo.NamedLists(), alerts.NamedList()),
}

func decodeInto[T any](b *build, v *spec.Value, isOverlay bool) []*T {
	doc := new(T)
	if isOverlay {
		spec.DecodeOverlay(v, doc, b.report)
		return nil
	}
	spec.Decode(v, doc, b.report)
	return []*T{doc}
}

func (b *build) read() {
	var empty []file
	for _, f := range b.unit.files {
		before := b.report.Len()
		if f.err != nil {
			b.report.Add(unreadableFile, diag.Pos{Source: f.source}, "mend or remove it", "the file cannot be read: %v", reason(f.err))
			continue
		}
		docs := b.readFile(f)
		for _, v := range docs {
			b.addDocument(v, f)
		}
		if len(docs) == 0 && b.report.Len() == before {
			empty = append(empty, f)
		}
	}
	for _, f := range empty {
		// A program, and an empty file beside specs, is a spec that got lost; elsewhere it may be anything.
		if f.explicit || isProgram(f) || len(b.documents) > 0 {
			b.report.Add(emptyFile, diag.Pos{Source: f.source}, "remove it, or run slowburn init for a first spec", "the file is empty")
		}
	}
}

func (b *build) readFile(f file) []*spec.Value {
	if isProgram(f) {
		docs := spec.ReadJsonnet(f.source, b.unit.root, f.name, b.evaluate, b.report)
		return slices.DeleteFunc(docs, isEmptyMap)
	}
	return spec.ReadYAML(f.source, b.report)
}

func isProgram(f file) bool { return path.Ext(f.name) == ".jsonnet" }

// addDocument recognises a document by its header.
func (b *build) addDocument(v *spec.Value, f file) {
	text := func(key string) string {
		if field := v.Get(key); field != nil {
			return field.Text
		}
		return ""
	}
	version, kind := text("apiVersion"), text("kind")
	switch {
	case version == apiVersion && kinds[kind] != nil:
		b.documents = append(b.documents, document{v, kind, text("name"), text("env")})
	case version == apiVersion && v.Get("kind") == nil:
		b.report.Add(unknownDocument, v.Pos, "add kind: Service or kind: Routing", "the document has no kind")
	case version == apiVersion:
		b.report.Add(unknownDocument, v.Get("kind").Pos, "write kind: Service or kind: Routing", "there is no kind %q", kind)
	case isNearVersion(version):
		b.report.Add(unknownDocument, v.Get("apiVersion").Pos, "write apiVersion: "+apiVersion, "this version of slowburn does not read %q", version)
	case version == "" && (v.Get("slos") != nil || kinds[kind] != nil || hasNearVersion(v)):
		b.report.Add(unknownDocument, v.Pos, "begin it with apiVersion: "+apiVersion, "the document is not a spec")
	default:
		b.others = append(b.others, other{v, f})
	}
}

// isNearVersion tells whether a version was meant to be slowburn's. A document
// that is passed over must be somebody else's for certain: nothing would tell
// that its SLOs are missing.
func isNearVersion(version string) bool {
	name, _, _ := strings.Cut(version, "/")
	return version != "" && (strings.EqualFold(name, "slowburn") || spec.Nearest(version, []string{apiVersion}) != "")
}

// hasNearVersion tells whether the version stands under another key, which was meant to be apiVersion.
func hasNearVersion(v *spec.Value) bool {
	return slices.ContainsFunc(v.Fields, func(f spec.Field) bool { return f.Value.Kind == spec.String && isNearVersion(f.Value.Text) })
}

// overlay lays the overlays of the chosen environments over their documents.
func (b *build) overlay() {
	var base, overlays []document
	for _, d := range b.documents {
		if d.env == "" {
			base = append(base, d)
		} else {
			overlays = append(overlays, d)
		}
	}
	for i, o := range overlays {
		b.known = append(b.known, o.env)
		// Read on its own first: a mistake in an overlay is found whichever environment is compiled.
		kinds[o.kind](b, o.value, true)
		same := func(d document) bool { return d.kind == o.kind && d.name == o.name }
		if !slices.ContainsFunc(base, same) {
			b.report.Add(unknownEnvironment, o.value.Pos, "write kind and name of the document that it patches", "there is no %s %q to lay environment %q over", o.kind, o.name, o.env)
			continue
		}
		overlays[i].value = b.withoutUnknown(o, base, overlays)
	}
	for _, env := range b.envs {
		for _, o := range overlays {
			for i, d := range base {
				if o.env == env && d.kind == o.kind && d.name == o.name {
					base[i].value = spec.Merge(d.value, o.value)
				}
			}
		}
	}
	b.base = base
}

// withoutUnknown is an overlay without what patches nothing: laid over its
// document, that would be half an SLO, and the cause of misleading findings.
func (b *build) withoutUnknown(o document, base, overlays []document) *spec.Value {
	same := func(among []document) []*spec.Value {
		var values []*spec.Value
		for _, d := range among {
			if d.kind == o.kind && d.name == o.name {
				values = append(values, d.value)
			}
		}
		return values
	}
	value := o.value
	for _, list := range namedLists[o.kind] {
		value = list.WithoutUnknown(value, list.Names(same(base), same(overlays)), b.report)
	}
	return value
}

func (b *build) decode() {
	seen := map[string]diag.Pos{}
	for _, d := range b.base {
		key := d.kind + " " + d.name
		if first, ok := seen[key]; ok {
			b.report.Add(slo.DuplicateName, d.value.Pos, "rename one of them, or make it an overlay with env", "%s %q exists already, at %s", d.kind, d.name, first)
			continue
		}
		seen[key] = d.value.Pos
		kinds[d.kind](b, d.value, false)
	}
	for _, extra := range b.routings[min(1, len(b.routings)):] {
		b.report.Add(slo.DuplicateName, extra.RoutingSpec.Pos(), "merge them: an Alertmanager has one configuration", "the folder has more than one Routing")
	}
}

func (b *build) slo() {
	for _, doc := range b.services {
		catalogue := b.catalogue(doc)
		if catalogue != nil {
			b.catalogues = append(b.catalogues, catalogue)
		}
		b.resolved = append(b.resolved, slo.Resolve(&doc.ServiceSpec, catalogue, b.report))
	}
}

// catalogue reads the metric catalogue that a service names.
func (b *build) catalogue(doc *serviceDocument) *slo.Catalogue {
	if doc.Metrics.Text == "" {
		if len(doc.SLOs)+len(doc.Alerts) > 0 {
			b.report.Add(slo.NoCatalogue, doc.Pos(), "save a /metrics page and name it here: metrics: metrics.prom", "without a metric catalogue nobody notices a metric, label or bucket that does not exist")
		}
		return nil
	}
	src, err := b.readBeside(doc.Metrics.Text)
	if err != nil {
		b.report.Add(spec.UnknownReference, doc.Metrics.Pos(), "name a file in the folder of the spec", "the metric catalogue cannot be read: %v", reason(err))
		return nil
	}
	targetLabels := []string{"job", "instance"}
	if len(doc.TargetLabels) > 0 {
		targetLabels = nil
		for _, l := range doc.TargetLabels {
			targetLabels = append(targetLabels, l.Text)
		}
	}
	return slo.ReadCatalogue(src, targetLabels, b.report)
}

// readBeside reads a file of the unit's folder, and none above it.
func (b *build) readBeside(name string) (*diag.Source, error) {
	if b.unit.root == nil {
		return nil, errors.New("standard input has no folder")
	}
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("%q is outside of the folder", name)
	}
	return readSource(b.unit.root, b.unit.dir, name)
}

func (b *build) alerts() {
	for i, s := range b.resolved {
		built := alerts.Resolve(&b.services[i].AlertsSpec, s, b.report)
		built.Components = b.services[i].ComponentsSpec.Resolve(built, b.report)
		b.alerting = append(b.alerting, built)
	}
	if len(b.routings) > 0 {
		b.routing = alerts.BuildRouting(&b.routings[0].RoutingSpec, b.alerting, b.report)
	}
}

func (b *build) scenario() {
	for i, s := range b.resolved {
		of := simulate.Resolve(b.services[i].ScenariosSpec, s, b.report)
		of = append(of, simulate.ResolveAlerts(b.services[i].ScenariosSpec, b.alerting[i], b.report)...)
		b.scenarios = append(b.scenarios, of)
	}
}

func (b *build) dashboards() { b.shown = dashboards.All(b.alerting) }

// rawRules are the rule files among the artifacts; the PrometheusRules hold the
// same rules once more.
func (b *build) rawRules() []generators.Artifact {
	return slices.DeleteFunc(slices.Clone(b.artifacts), func(a generators.Artifact) bool { return !strings.HasPrefix(a.Path, "prometheus/") })
}

func (b *build) generate() {
	if len(b.services)+len(b.routings) == 0 {
		return // a folder of something else, perhaps with runbooks of its own: earlier output, say
	}
	for i, s := range b.alerting {
		b.artifacts = append(b.artifacts, generators.Rules(s)...)
		b.artifacts = append(b.artifacts, generators.PrometheusRules(s, b.services[i].Kubernetes)...)
	}
	if b.routing != nil {
		k := b.routings[0].Kubernetes
		b.artifacts = append(b.artifacts, generators.Alertmanager(b.routing), generators.Routes(b.routing, b.alerting))
		b.artifacts = append(b.artifacts, generators.AlertmanagerConfig(b.routing, b.alerting, k, b.report)...)
		b.artifacts = append(b.artifacts, generators.AlertmanagerSecret(b.routing, k)...)
		b.artifacts = append(b.artifacts, generators.Watchdog(b.routing, k.KubernetesSpec)...)
	}
	b.artifacts = append(b.artifacts, generators.Grafana(b.shown)...)
	for _, d := range b.shown {
		b.artifacts = append(b.artifacts, generators.GrafanaConfigMap(d, b.services[d.Owner].Kubernetes)...)
	}
	b.styles(b.report)
	b.runbooks = b.readPages()
	pages := generators.Runbooks(b.alerting, b.routing, b.runbooks, b.report)
	b.artifacts = append(b.artifacts, pages...)
	if len(b.services) > 0 {
		b.artifacts = append(b.artifacts, generators.RunbooksConfigMap(b.system(), pages, b.services[0].Kubernetes)...)
	}
	b.artifacts = append(b.artifacts, generators.Chart(b.system(), b.artifacts, b.report)...)
	slices.SortFunc(b.artifacts, func(a, c generators.Artifact) int { return strings.Compare(a.Path, c.Path) })
}

// system is what the services of the unit are called together: as their
// routing is, or else the first of them.
func (b *build) system() string {
	if b.routing != nil {
		return b.routing.Name
	}
	return b.resolved[0].Name
}

// export adds the scenarios as unit tests to the artifacts: no stage, since only
// what is written needs them, and they take longer than all the rest.
func (b *build) export() {
	for i, s := range b.alerting {
		b.artifacts = append(b.artifacts, generators.UnitTests(s, b.scenarios[i])...)
	}
	slices.SortFunc(b.artifacts, func(a, c generators.Artifact) int { return strings.Compare(a.Path, c.Path) })
}
