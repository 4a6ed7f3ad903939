// Package check judges rules as they ship: anybody's rule files and
// PrometheusRules, and the compiler's own output.
//
// A check is a value. It lives in a file of its own, with its documentation, a
// bad and a good example, and fixtures in testdata under its name; All lists it.
// Nothing else has to know it.
package check

import (
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

// Check is one thing to look for in rules.
type Check struct {
	diag.Kind
	// Bad and Good are rule files: one with a finding, and the same without.
	Bad, Good string
	// Run reports what it finds in a unit.
	Run func(*Pass)
}

// All are the checks.
var All = []*Check{
	duplicateRule,
	impossibleJoin,
	neverFires,
	templateLabel,
	unrecordedSeries,
	valueInLabel,
}

// Finding is a finding with the rule that it is about.
type Finding struct {
	diag.Finding
	Rule *rulefile.Rule
	File *rulefile.File
	// Scope is where the item begins that the finding was moved to; the zero
	// Pos where it stands at the rule itself.
	Scope diag.Pos
}

// Unit are rule files that are judged together: what one records, another uses.
type Unit struct {
	Files []*rulefile.File
	// recorded are the recording rules by the name of what they record.
	recorded map[string][]*recording
	indexes  map[[2]string]*labelIndex // by metric and label
}

// Pass is one check on its way through a unit.
type Pass struct {
	*Unit
	check    *Check
	findings *[]Finding
	file     *rulefile.File
	group    *rulefile.Group
	rule     *rulefile.Rule
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

// Run runs every check over files and returns what they find.
func Run(files []*rulefile.File) []Finding {
	unit := newUnit(files)
	var findings []Finding
	for _, c := range All {
		c.Run(&Pass{Unit: unit, check: c, findings: &findings})
	}
	return findings
}

// EachRule calls f for every rule that parses, with the pass set to it.
func (p *Pass) EachRule(f func(*rulefile.Rule)) {
	for _, p.file = range p.Files {
		for _, p.group = range p.file.Groups {
			for _, p.rule = range p.group.Rules {
				if p.rule.Expr != nil {
					f(p.rule)
				}
			}
		}
	}
}

// Report adds a finding about the rule that the pass is at.
func (p *Pass) Report(at diag.Pos, help, format string, args ...any) {
	var r diag.Report
	r.Add(&p.check.Kind, at, help, format, args...)
	*p.findings = append(*p.findings, Finding{Finding: r.Findings()[0], Rule: p.rule, File: p.file})
}
