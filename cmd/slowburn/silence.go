package main

import (
	"slices"

	"slowburn/internal/check"
	"slowburn/internal/diag"
)

// compiledFindings takes what checks have found while the unit was compiled out
// of the report: it may be silenced.
func (b *build) compiledFindings() []check.Finding {
	mine := func(f diag.Finding) bool {
		return check.IsCompiled(f.Kind) && slices.ContainsFunc(b.unit.files, func(in file) bool { return in.source == f.Pos.Source })
	}
	return asFindings(b.report.Take(mine))
}

// heedSilences leaves what is silenced out of the report: of other commands than
// check, which says besides which comments silence nothing.
func heedSilences(builds []*build, config *configuration, report *diag.Report) {
	for _, b := range builds {
		found := config.Judge(b.compiledFindings(), config.path)
		report.Append(check.Unsilenced(found, b.unit.sources())...)
	}
}

func asFindings(found []diag.Finding) []check.Finding {
	var findings []check.Finding
	for _, f := range found {
		findings = append(findings, check.Finding{Finding: f})
	}
	return findings
}
