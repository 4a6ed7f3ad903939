package slo

import (
	"cmp"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/parallel"
	"slowburn/internal/spec"
)

// What resolving finds.
var (
	ObjectiveRange = &diag.Kind{Name: "objective-range", Severity: diag.Error, Doc: `An objective is not between 0 and 100 %, both excluded.

An objective of 100 % leaves no error budget: every single failure breaks it, and a burn rate cannot be computed.`}
	WindowRange = &diag.Kind{Name: "window-range", Severity: diag.Error, Doc: `A burn-rate tier has windows that cannot work.

A tier has two windows, the long one within the period and the short one below it. The short window must hold four scrapes
or more, or one failed scrape leaves it without a rate.`}
	DuplicateName = &diag.Kind{Name: "duplicate-name", Severity: diag.Error, Doc: `Two things of one kind have the same name.

Names identify: in overlays, in labels, in file names. Two alerts of one name could not be told apart.`}
)

// Defaults of a service, and bounds.
const (
	defaultScrapeInterval = 30 * time.Second
	defaultPeriod         = 30 * 24 * time.Hour
	defaultAbsence        = 10 * time.Minute
	// LeastScrapes is how many scrapes a window must hold: with fewer, one that fails leaves it without a rate.
	LeastScrapes = 4
)

var (
	// Five minutes are how long Prometheus takes a sample for the current one.
	intervals = bounds{least: time.Second, most: 5 * time.Minute, lenient: time.Second}
	periods   = bounds{least: time.Hour, most: 366 * 24 * time.Hour, lenient: 366 * 24 * time.Hour}
)

// Resolve fills in defaults and checks a service. It returns what could be
// resolved; what could not is reported.
func Resolve(doc *ServiceSpec, catalogue *Catalogue, r *diag.Report) *Service {
	s := &Service{
		Name:           doc.Name.Text,
		Owner:          doc.Owner.Text,
		ScrapeInterval: intervals.duration(doc.ScrapeInterval, defaultScrapeInterval, r),
		Period:         periods.duration(doc.Period, defaultPeriod, r),
		ServiceLabel:   cmp.Or(doc.Identity.Service.Text, DefaultServiceLabel),
		SLOLabel:       cmp.Or(doc.Identity.SLO.Text, DefaultSLOLabel),
		Labels:         doc.Labels,
		Catalogue:      catalogue,
		Absence: Absence{
			Enabled: doc.Absence.Enabled == nil || *doc.Absence.Enabled,
			For:     defaultAbsence,
			Labels:  doc.Absence.Labels,
			Pos:     doc.Absence.Pos(),
		},
		runbookLink:   checkLink(doc.Links.Runbook, "{name}", r),
		dashboardLink: checkLink(doc.Links.Dashboard, "{uid}", r),
	}
	if doc.Absence.Value() == nil {
		s.Absence.Pos = doc.Pos()
	}
	s.EvaluationInterval = intervals.duration(doc.EvaluationInterval, s.ScrapeInterval, r)
	s.SumsAbove = time.Hour
	if doc.SumsAbove.IsSet() {
		s.SumsAbove = doc.SumsAbove.Duration
	}
	if doc.Absence.For.IsSet() {
		s.Absence.For = doc.Absence.For.Duration
	}
	checkIdentity(doc, s, r)
	for _, d := range []spec.Duration{doc.ScrapeInterval, doc.EvaluationInterval, doc.Period, doc.Absence.For} {
		checkMilliseconds(d, r)
	}
	tiers, declared := resolveTiers(doc, s, r)
	s.Declared = Declared{declaredSLOs(doc), declared}
	s.Signals = resolveSignals(doc, catalogue, r)
	s.Bind(&doc.SLOs, r)
	checkReserved(doc, s, r)
	repeated := checkUnique("SLO", doc.SLOs, func(o Spec) (string, diag.Pos) { return o.Name.Text, o.Name.Pos() }, r)
	resolved := make([]*SLO, len(doc.SLOs))
	reports := make([]diag.Report, len(doc.SLOs))
	parallel.Each(len(doc.SLOs), func(i int) { resolved[i] = resolveSLO(&doc.SLOs[i], s, tiers, &reports[i]) })
	for i, o := range resolved {
		r.Append(reports[i].Findings()...)
		// What a second one of the same name would record is recorded already.
		if o != nil && !slices.Contains(repeated, i) {
			s.SLOs = append(s.SLOs, o)
		}
	}
	checkUnique("SLO title", s.SLOs, func(o *SLO) (string, diag.Pos) { return o.Title, o.Pos }, r)
	return s
}

// declaredSLOs are those that the spec has, be the rest of it right or not.
func declaredSLOs(doc *ServiceSpec) []Declaration {
	var all []Declaration
	for _, o := range doc.SLOs {
		all = append(all, Declaration{Name: o.Name.Text, Component: o.Component, Per: idents(o.Per), Labels: o.labels(), Pos: o.Pos(), Off: o.isOff()})
	}
	return all
}

// bounds are between which a duration of the spec must lie.
type bounds struct {
	least, most time.Duration
	// lenient stands in for what is wrong: nothing else is reported because of it.
	lenient time.Duration
}

// duration is a duration of the spec, or its default.
func (b bounds) duration(d spec.Duration, otherwise time.Duration, r *diag.Report) time.Duration {
	switch {
	case d.Value() == nil:
		return otherwise
	case !d.IsSet():
		return b.lenient // reported where it was read
	case d.Duration < b.least:
		r.Add(spec.BadValue, d.Pos(), "use "+spec.FormatDuration(b.least)+" or more", "%s is too short", d)
	case d.Duration > b.most:
		r.Add(spec.BadValue, d.Pos(), "use "+spec.FormatDuration(b.most)+" or less", "%s is too long", d)
	default:
		return d.Duration
	}
	return b.lenient
}

// checkLink is a link's pattern if it is an address with its placeholder.
func checkLink(link spec.Text, placeholder string, r *diag.Report) string {
	if link.Text == "" {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(link.Text, placeholder, "x"))
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		r.Add(spec.BadValue, link.Pos(), "write https://host/path/"+placeholder, "%q is not a web address", link.Text)
	case u.User != nil:
		r.Add(spec.BadValue, link.Pos(), "leave user and password out: the address is printed in every alert", "the address holds credentials")
	case !strings.Contains(link.Text, placeholder):
		r.Add(spec.BadValue, link.Pos(), "put "+placeholder+" where the name goes", "%q is the same address for everything", link.Text)
	case strings.ContainsAny(strings.ReplaceAll(link.Text, placeholder, ""), "{}"):
		r.Add(spec.BadValue, link.Pos(), "only "+placeholder+" stands for something", "%q has other braces", link.Text)
	}
	return link.Text
}

// checkMilliseconds reports a duration that Prometheus cannot keep.
func checkMilliseconds(d spec.Duration, r *diag.Report) {
	if d.Duration%time.Millisecond != 0 {
		r.Add(spec.BadValue, d.Pos(), "use whole milliseconds", "Prometheus counts in milliseconds, which %s is no multiple of", d)
	}
}

var ratOne = big.NewRat(1, 1)

func resolveSLO(doc *Spec, s *Service, tiers []Tier, r *diag.Report) *SLO {
	if doc.isOff() {
		return nil
	}
	o := &SLO{
		Service: s, Name: doc.Name.Text, Title: cmp.Or(doc.Title.Text, spec.CamelCase(doc.Name.Text)), Summary: doc.Summary.Text,
		Objective: doc.Objective.Rat, MinErrors: doc.MinErrors.N, Labels: doc.labels(), Per: idents(doc.Per), MutesDependents: doc.MutesDependents,
		Runbook: doc.Runbook.Text, Pos: doc.Pos(), RunbookPos: doc.Runbook.Pos(), ObjectivePos: doc.Objective.Pos(),
	}
	if doc.MutesDependents != nil && doc.labels().Get(ComponentLabel) == nil {
		ReportNoDependents(doc.KeyPos("mutesDependents"), r)
	}
	ok := checkObjective(doc.Objective, r)
	slis, keys := doc.chosen()
	switch len(slis) {
	case 0:
		if !spec.Means(doc.Value(), sliKeys()) {
			r.Add(spec.MissingKey, doc.Pos(), "add one of "+strings.Join(sliKeys(), ", "), "the SLO has no indicator")
		}
		return nil
	case 1:
		o.SLI, o.Kind = slis[0], keys[0]
	default:
		r.Add(spec.UnknownKey, doc.KeyPos(keys[1]), "keep one of them", "the SLO has %d indicators: %s", len(slis), strings.Join(keys, ", "))
		return nil
	}
	if !o.SLI.resolve(s, o.Per, r) || !checkPer(doc, o, r) || !ok {
		return nil
	}
	for _, t := range tiers {
		t.Budget = o.Budget()
		o.Tiers = append(o.Tiers, t)
	}
	if !checkSlices(o, r) {
		return nil
	}
	if o.MinErrors > 0 && !o.isCounted() {
		r.Add(spec.BadValue, doc.MinErrors.Pos(), "leave it out, or use another kind of indicator", "nobody can count the errors of a ratio")
		return nil
	}
	checkDead(o, r)
	return o
}

// ReportNoDependents reports that an SLO or an alert says what it means for the
// dependents of its component, and is of none.
func ReportNoDependents(at diag.Pos, r *diag.Report) {
	r.Add(spec.MissingKey, at, "add component: NAME, or take mutesDependents out", "what needs it is not known without a component")
}

func checkObjective(objective spec.Ratio, r *diag.Report) bool {
	if !objective.IsSet() {
		return false // reported where it was read
	}
	switch {
	case objective.Cmp(ratOne) >= 0:
		r.Add(ObjectiveRange, objective.Pos(), "use a value below 100%", "objective %s leaves no error budget", objective)
	case objective.Sign() <= 0:
		r.Add(ObjectiveRange, objective.Pos(), "use a value above 0%", "objective %s promises nothing", objective)
	default:
		return true
	}
	return false
}

// checkUnique reports items whose name another one has already, and returns which those are.
func checkUnique[T any](what string, items []T, name func(T) (string, diag.Pos), r *diag.Report) []int {
	var repeated []int
	seen := map[string]diag.Pos{}
	for i, item := range items {
		n, at := name(item)
		if n == "" {
			continue
		}
		if first, ok := seen[n]; ok {
			r.Add(DuplicateName, at, "rename one of them", "%s %q exists already, at %s", what, n, first)
			repeated = append(repeated, i)
			continue
		}
		seen[n] = at
	}
	return repeated
}
