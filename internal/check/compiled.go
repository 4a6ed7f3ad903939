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
	{Kind: *alerts.IdleNeeds},
	{Kind: *alerts.LateInhibition},
	{Kind: *alerts.ResetCascade},
}

// everywhere are all checks, wherever they run.
func everywhere() []*Check { return slices.Concat(All, compiled) }

// IsCompiled tells whether a kind is what a check finds while specs are compiled.
func IsCompiled(kind *diag.Kind) bool { return isOf(compiled, kind.Name) }

func isOf(checks []*Check, name string) bool {
	return slices.ContainsFunc(checks, func(c *Check) bool { return c.Name == name })
}
