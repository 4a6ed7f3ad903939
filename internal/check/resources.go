package check

import (
	"slowburn/internal/crd"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

// ResourcesPass is one check on its way through custom resources.
type ResourcesPass struct {
	*Pass
	Resources []*crd.Resource
}

// RunResources runs every check of custom resources. The rules are those that
// record what queries in them read, as far as they are known.
func RunResources(resources []*crd.Resource, files []*rulefile.File, options Options) []Finding {
	if len(resources) == 0 {
		return nil
	}
	unit := newUnit(files)
	var findings []Finding
	for _, c := range All {
		if c.Resources != nil {
			p := &ResourcesPass{newPass(unit, options, c), resources}
			c.Resources(p)
			findings = append(findings, p.findings...)
		}
	}
	return findings
}

// Report adds a finding; a comment in the item that begins at scope, or above
// it, silences it.
func (p *ResourcesPass) Report(at, scope diag.Pos, help, format string, args ...any) {
	p.add(Finding{Scope: scope}, at, help, format, args...)
}
