// Package check judges rules, dashboards and runbooks as they ship: anybody's rule
// files, PrometheusRules, Grafana dashboards and Markdown pages, and the
// compiler's own output.
//
// A check is a value. It lives in a file of its own, with its documentation, a
// bad and a good example, and fixtures in testdata under its name; All lists it.
// Nothing else has to know it.
package check

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/runbook"
)

// Check is one thing to look for in rules, or in dashboards.
type Check struct {
	diag.Kind
	// Bad and Good are rule files, or dashboards: one with a finding, and the same without.
	Bad, Good string
	// Configuration is an example of parameters, as a .slowburn.yaml has them; with it Bad and Good are judged. Empty where
	// the check has none, or finds something without.
	Configuration string
	// Parameters makes the check's parameters with their defaults: a pointer to a struct that the configuration is decoded
	// into. It is nil for a check that has none.
	Parameters func() any
	// Optional makes the check one that is off until a configuration sets its severity.
	Optional bool
	// Run reports what it finds in a unit of rule files.
	Run func(*Pass)
	// Queries means that Run goes by nothing of a rule but its expression, and that what it finds is as wrong in a panel: the
	// queries of dashboards are rules to it, too.
	Queries bool
	// Routes, in place of Run, reports what it finds in Alertmanager configurations; Bad and Good are such.
	Routes func(*RoutesPass)
	// Resources reports what it finds in custom resources of Kubernetes; without Run, Bad and Good are such.
	Resources func(*ResourcesPass)
	// Pages, in place of Run, reports what it finds in runbooks; Bad and Good are such.
	Pages func(*PagesPass)
}

// All are the checks.
var All = []*Check{
	absentAtOnce,
	alertMetadata,
	alwaysFires,
	averagedQuantile,
	bareCounter,
	beyondRetention,
	brokenQuery,
	brokenTemplate,
	deadLink,
	duplicateAcrossFiles,
	duplicateID,
	duplicateRule,
	featureFlag,
	fixedDatasource,
	fixedInterval,
	flappingChoice,
	globInRegexp,
	impossibleJoin,
	invalidDashboard,
	longInterval,
	lostLabel,
	meanOfShares,
	missingUnit,
	neverFires,
	noComparison,
	offBucket,
	otherLimit,
	overlappingPanels,
	rawCounter,
	readsLater,
	refusedResource,
	removedPanel,
	ruleSelector,
	rulerLimits,
	shortRange,
	severalSeries,
	singleMatch,
	templateLabel,
	undescribedPanel,
	unitMismatch,
	unknownPanelSeries,
	unknownVariable,
	unrecordedSeries,
	unusedRecording,
	unusedVariable,
	valueInLabel,
	variableCycle,
	wrongPercent,
	wrongQuantile,
	wrongRate,
	wrongUnit,

	// Of Alertmanager configurations.
	brokenNotification,
	contradictoryMatchers,
	emptyReceiver,
	inertInhibition,
	literalRegexp,
	missingSecretFile,
	missingTemplate,
	mutedPage,
	pageToDefault,
	plaintextSecret,
	repeatInterval,
	unheardHours,
	unknownAlertLabel,
	unknownAlertValue,
	unreachableRoute,
	unusedReceiver,
	wideInhibition,

	// Of runbooks.
	brokenLink,
	brokenPromQL,
	brokenShell,
	danglingStep,
	leftPrompt,
	likelihoodSum,
	missingRunbook,
	missingSection,
	orphanRunbook,
	repeatedParagraph,
	secretInPage,
	staleReview,
	staleRules,
	stepNumbers,
	undeclaredPlaceholder,
	unknownName,
	unownedPage,
	unwarnedDestruction,
}

// Finding is a finding with the rule that it is about.
type Finding struct {
	diag.Finding
	Rule *rulefile.Rule
	File *rulefile.File
	// Scope is where the item begins that the finding was moved to; the zero
	// Pos where it stands at the rule itself.
	Scope diag.Pos
	Page  *runbook.Page // of a finding about a runbook
	off   bool          // the configuration does not want it
}

// Unit are rule files and dashboards that are judged together: what one records,
// another uses.
type Unit struct {
	Files      []*rulefile.File
	Dashboards []*dashfile.Dashboard
	// recorded are the recording rules by the name of what they record.
	recorded map[string][]*recording
	indexes  map[[2]string]*labelIndex // by metric and label
	// What was asked for last.
	lastLabels struct {
		of  parser.Expr
		set labelSet
	}
	lastCarried struct {
		of  parser.Expr
		set carried
	}
}

// Pass is one check on its way through a unit.
type Pass struct {
	*Unit
	options  Options
	check    *Check
	findings *[]Finding

	file       *rulefile.File
	around     Surroundings // of the file
	parameters any          // of the check, for the file
	group      *rulefile.Group
	rule       *rulefile.Rule
	ofQueries  bool // what it takes for rules are queries of dashboards
}

func newUnit(files []*rulefile.File) *Unit {
	unit := &Unit{Files: files, recorded: map[string][]*recording{}, indexes: map[[2]string]*labelIndex{}}
	for _, f := range files {
		for _, g := range f.Groups {
			for _, r := range g.Rules {
				if r.Record != "" {
					unit.recorded[r.Record] = append(unit.recorded[r.Record], newRecording(g, r))
				}
			}
		}
	}
	return unit
}

// Run runs every check over files and returns what they find, each finding with
// the severity of its check: Config.Judge knows better.
func Run(files []*rulefile.File, options Options) []Finding { return RunAll(files, nil, options) }

// RunAll is Run with dashboards beside the files.
func RunAll(files []*rulefile.File, dashboards []*dashfile.Dashboard, options Options) []Finding {
	unit := newUnit(files)
	unit.Dashboards = dashboards
	queries := unit.ofQueries()
	var findings []Finding
	for _, c := range All {
		if c.Run == nil {
			continue
		}
		c.Run(&Pass{Unit: unit, options: options, check: c, findings: &findings})
		if c.Queries {
			c.Run(&Pass{Unit: queries, options: options, check: c, findings: &findings, ofQueries: true})
		}
	}
	return findings
}

// EachFile calls f for every file, with the pass set to it.
func (p *Pass) EachFile(f func(*rulefile.File)) {
	for _, file := range p.Files {
		p.file, p.group, p.rule = file, nil, nil
		p.around = p.options.around(file)
		p.parameters = p.options.Config.parameters(p.check, p.around.Path)
		f(file)
	}
}

// EachRule calls f for every rule that parses, with the pass set to it.
func (p *Pass) EachRule(f func(*rulefile.Rule)) {
	p.EachFile(func(*rulefile.File) { p.EachRuleOfFile(f) })
}

// EachRuleOfFile is EachRule for the file that the pass is at.
func (p *Pass) EachRuleOfFile(f func(*rulefile.Rule)) {
	for _, p.group = range p.file.Groups {
		for _, p.rule = range p.group.Rules {
			if p.rule.Expr != nil {
				f(p.rule)
			}
		}
	}
}

// Report adds a finding about the rule, or the file, that the pass is at.
func (p *Pass) Report(at diag.Pos, help, format string, args ...any) {
	var r diag.Report
	r.Add(&p.check.Kind, at, help, format, args...)
	f := Finding{Finding: r.Findings()[0]}
	if !p.ofQueries {
		f.Rule, f.File = p.rule, p.file
	}
	*p.findings = append(*p.findings, f)
}
