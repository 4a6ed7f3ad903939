package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"slowburn/alerts"
	"slowburn/dashboards"
	"slowburn/generators"
	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
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
	passing  bool  // what is emitted is written and not judged: nothing of it need be kept
	only     parts // that are made; what can be found in the specs is found in any case
	lean     bool  // large rule files in which there is nothing to find are not kept

	documents  []document                 // read
	broken     bool                       // generate, verify: something is so wrong that what is emitted is not what was meant
	partial    bool                       // read: there are documents that could not be read
	base       []document                 // overlay: those to compile
	known      []string                   // overlay: environments that there are overlays for
	services   []*serviceDocument         // decode
	routings   []*routingDocument         // decode
	catalogues []*slo.Catalogue           // slo: those that there are
	captured   map[string]*slo.Catalogue  // slo: the same, by file and labels of targets
	resolved   []*slo.Service             // slo
	alerting   []*alerts.Service          // alerts
	routing    *alerts.Routing            // alerts
	routable   bool                       // alerts: nothing is wrong with the routing, so that its tests can be run
	scenarios  [][]simulate.Scenario      // scenarios, of each service
	runbooks   []*runbook.Page            // generate: the runbooks of the folder
	composed   []*generators.RuleFiles    // generate: of each service
	artifacts  []generators.Artifact      // generate
	emitted    emitted                    // verify
	others     []other                    // read: documents that are no specs
	skimmed    struct{ files, rules int } // read: rule files that are not kept
	configs    []*amconfig.Config         // of check: Alertmanager configurations among them

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

// compile takes a unit through all stages, from what build has of it. What it returns is complete only if
// the report has no errors.
func compile(b *build) *build {
	for _, stage := range stages {
		stage.run(b)
	}
	return b
}

// in compiles what b has read once more, in another environment.
func (b *build) in(env string, r *diag.Report) *build {
	other := &build{unit: b.unit, envs: []string{env}, report: r, documents: b.documents, partial: b.partial}
	for _, stage := range stages[1:] {
		stage.run(other)
	}
	return other
}

func (b *build) slo() {
	for _, doc := range b.services {
		catalogue := b.catalogue(doc)
		if catalogue != nil && !slices.Contains(b.catalogues, catalogue) {
			b.catalogues = append(b.catalogues, catalogue)
		}
		b.resolved = append(b.resolved, slo.Resolve(&doc.ServiceSpec, catalogue, b.report))
	}
}

// catalogue reads the metric catalogue that a service names, once for all services that name it.
func (b *build) catalogue(doc *serviceDocument) *slo.Catalogue {
	if doc.Metrics.Text == "" {
		if len(doc.SLOs)+len(doc.Alerts) > 0 {
			b.report.Add(slo.NoCatalogue, doc.Pos(), "save a /metrics page and name it here: metrics: metrics.prom", "without a metric catalogue nobody notices a metric, label or bucket that does not exist")
		}
		return nil
	}
	targetLabels := []string{"job", "instance"}
	if len(doc.TargetLabels) > 0 {
		targetLabels = nil
		for _, l := range doc.TargetLabels {
			targetLabels = append(targetLabels, l.Text)
		}
	}
	name := strings.Join(append([]string{doc.Metrics.Text}, targetLabels...), "\x00")
	if known := b.captured[name]; known != nil {
		return known
	}
	src, err := b.readBeside(doc.Metrics.Text)
	if err != nil {
		b.report.Add(spec.UnknownReference, doc.Metrics.Pos(), b.fileHelp(doc.Metrics.Text), "the metric catalogue cannot be read: %v", reason(err))
		return nil
	}
	if b.captured == nil {
		b.captured = map[string]*slo.Catalogue{}
	}
	b.captured[name] = slo.ReadCatalogue(src, targetLabels, b.report)
	return b.captured[name]
}

// fileHelp is the way out for a file of the unit's folder that cannot be read.
func (b *build) fileHelp(name string) string {
	if b.unit.root != nil {
		var there []string
		entries, _ := fs.ReadDir(b.unit.root, ".") // none is no help
		for _, e := range entries {
			there = append(there, e.Name())
		}
		if near := spec.Nearest(name, there); near != "" && near != name {
			return "did you mean " + near + "?"
		}
	}
	return "name a file in the folder of the spec"
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
		built.Autoscalers = b.services[i].AutoscalersSpec.Resolve(built, b.report)
		b.alerting = append(b.alerting, built)
	}
	if len(b.routings) > 0 {
		doc := b.routings[0]
		routed := alerts.Routed{Services: b.alerting, Partial: b.partial}
		b.routing = alerts.BuildRouting(&doc.RoutingSpec, routed, b.report)
		b.routable = !hasErrorsIn(b.report, b.routing.Pos.Source)
		alerts.CheckTested(&doc.RoutingSpec, routed, doc.AllLabels(), b.report)
	}
}

func (b *build) scenario() {
	var r diag.Report
	for i, s := range b.resolved {
		of := simulate.Resolve(b.services[i].ScenariosSpec, s, &r)
		ofAlerts := simulate.ResolveAlerts(b.services[i].ScenariosSpec, b.alerting[i], &r)
		if b.only.want("tests") { // otherwise what is wrong with them is all that counts
			b.scenarios = append(b.scenarios, append(of.All(), ofAlerts...))
		}
	}
	unsure := b.report.HasErrors() // what is predicted of half a spec is not what to write
	for _, f := range r.Findings() {
		if !unsure || f.Kind != simulate.WrongPrediction {
			b.report.Append(b.forOverlay(f))
		}
	}
}

func (b *build) dashboards() {
	if b.only.want("grafana", "kubernetes", "chart") {
		b.shown = dashboards.All(b.alerting)
	}
}
