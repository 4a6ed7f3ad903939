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
		report.Append(check.SilenceTested(found, b.unit.sources(), true)...)
	}
}

// heedTested leaves out of what scenarios have shown what is silenced. With
// partial, not all of them ran; comments may also be meant for other environments.
func (b *build) heedTested(found []diag.Finding, config *configuration, partial bool) []diag.Finding {
	judged := config.Judge(asFindings(found), config.path)
	return check.SilenceTested(judged, b.unit.sources(), partial || len(b.known) > 0)
}

func asFindings(found []diag.Finding) []check.Finding {
	var findings []check.Finding
	for _, f := range found {
		findings = append(findings, check.Finding{Finding: f})
	}
	return findings
}
