// Package check judges rules, dashboards and runbooks as they ship: anybody's rule
// files, PrometheusRules, Grafana dashboards and Markdown pages, and the
// compiler's own output.
//
// A check is a value. It lives in a file of its own, with its documentation, a
// bad and a good example, and fixtures in testdata under its name; All lists it.
// Nothing else has to know it.
package check

import (
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
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
	// Rule reports what it finds in a rule, with the pass set to it. It is called for every rule that parses, for several at
	// a time, each in a pass of its own.
	Rule func(*Pass, *rulefile.Rule)
	// Run, in place of Rule, reports what it finds in a unit of rule files: where one rule is not all that it looks at.
	Run func(*Pass)
	// Queries means that Rule goes by nothing of a rule but its expression, and that what it finds is as wrong in a panel: the
	// queries of dashboards are rules to it, too.
	Queries bool
	// Routes, in place of Rule, reports what it finds in Alertmanager configurations; Bad and Good are such.
	Routes func(*RoutesPass)
	// Resources reports what it finds in custom resources of Kubernetes; without Rule and Run, Bad and Good are such.
	Resources func(*ResourcesPass)
	// Pages, in place of Rule, reports what it finds in runbooks; Bad and Good are such.
	Pages func(*PagesPass)
}

// JudgesRules tells whether a check looks at rules or dashboards.
func (c *Check) JudgesRules() bool { return c.Rule != nil || c.Run != nil }

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
	missingMatcher,
	missingUnit,
	neverFires,
	noComparison,
	noQuery,
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
	unknownPanelLabel,
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
