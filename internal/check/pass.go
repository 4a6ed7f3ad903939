package check

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/runbook"
)

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

// Pass is one check on its way through a unit.
type Pass struct {
	*Unit
	*place
	options    Options
	check      *Check
	parameters any // of the check, for the file
	findings   []Finding
}

// place is where a pass is, or several that go together.
type place struct {
	file   *rulefile.File
	around Surroundings // of the file
	group  *rulefile.Group
	rule   *rulefile.Rule
	// ofQueries means that what the pass takes for rules are queries of dashboards.
	ofQueries bool
	// What many checks ask of the rule, for Check.Rule.
	parts     []parser.Node  // of its expression
	templates []ruleTemplate // of an alert
}

func newPass(u *Unit, options Options, c *Check) *Pass {
	return &Pass{Unit: u, place: &place{}, options: options, check: c}
}

// enter sets the pass to a file.
func (p *Pass) enter(f *rulefile.File) {
	*p.place = place{file: f, around: p.options.around(f)}
	p.parameters = p.options.Config.parameters(p.check, p.around.Path)
}

// eachRule calls f for every rule of some groups that parses, with the place set to it.
func (p *place) eachRule(groups []*rulefile.Group, f func(*rulefile.Rule)) {
	for _, p.group = range groups {
		for _, p.rule = range p.group.Rules {
			if p.rule.Expr != nil {
				f(p.rule)
			}
		}
	}
}

// look finds what many checks ask of a rule.
func (p *place) look(r *rulefile.Rule) {
	p.parts, p.templates = appendParts(p.parts[:0], r.Expr), p.templates[:0]
	if r.Alert != "" {
		p.templates = templatesOf(p.templates, r)
	}
}

// EachFile calls f for every file, with the pass set to it.
func (p *Pass) EachFile(f func(*rulefile.File)) {
	for _, file := range p.Files {
		p.enter(file)
		f(file)
	}
}

// EachRule calls f for every rule that parses, with the pass set to it.
func (p *Pass) EachRule(f func(*rulefile.Rule)) {
	p.EachFile(func(*rulefile.File) { p.EachRuleOfFile(f) })
}

// EachRuleOfFile is EachRule for the file that the pass is at.
func (p *Pass) EachRuleOfFile(f func(*rulefile.Rule)) {
	p.eachRule(p.file.Groups, func(r *rulefile.Rule) {
		p.forget()
		f(r)
	})
}

// Report adds a finding about the rule, or the file, that the pass is at.
func (p *Pass) Report(at diag.Pos, help, format string, args ...any) {
	var about Finding
	if !p.ofQueries {
		about.Rule, about.File = p.rule, p.file
	}
	p.add(about, at, help, format, args...)
}

// add adds a finding, of which it is known already what it is about.
func (p *Pass) add(about Finding, at diag.Pos, help, format string, args ...any) {
	var r diag.Report
	r.Add(&p.check.Kind, at, help, format, args...)
	about.Finding = r.Findings()[0]
	p.findings = append(p.findings, about)
}
