package check

import (
	"slices"

	"slowburn/alerts"
	"slowburn/internal/diag"
)

// compiled are the checks that run while specs are compiled, and not here: they
// need what the artifacts do not say. They are configured and silenced as others.
var compiled = []*Check{
	{Kind: *alerts.IdleInhibition},
	{Kind: *alerts.LateInhibition},
}

// IsCompiled tells whether a kind is what such a check finds.
func IsCompiled(kind *diag.Kind) bool {
	return slices.ContainsFunc(compiled, func(c *Check) bool { return c.Name == kind.Name })
}
