package check

import (
	"slowburn/internal/crd"
	"slowburn/internal/diag"
)

// ResourcesPass is one check on its way through custom resources.
type ResourcesPass struct {
	Resources []*crd.Resource

	check    *Check
	findings *[]Finding
}

// RunResources runs every check of custom resources.
func RunResources(resources []*crd.Resource) []Finding {
	var findings []Finding
	for _, c := range All {
		if c.Resources != nil && len(resources) > 0 {
			c.Resources(&ResourcesPass{resources, c, &findings})
		}
	}
	return findings
}

// Report adds a finding; a comment in the item that begins at scope, or above
// it, silences it.
func (p *ResourcesPass) Report(at, scope diag.Pos, help, format string, args ...any) {
	var r diag.Report
	r.Add(&p.check.Kind, at, help, format, args...)
	*p.findings = append(*p.findings, Finding{Finding: r.Findings()[0], Scope: scope})
}
