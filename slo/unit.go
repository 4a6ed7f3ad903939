package slo

import (
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Unit is what a metric of times counts in.
type Unit struct {
	PerSecond float64
	Name      string // s or ms
	// Guessed means that neither the spec nor the metric's name says so.
	Guessed bool
}

// UnitOf is the unit of a metric: as the spec gives it, as its name ends, or
// seconds. It is false if the spec gives none that is known.
func UnitOf(given spec.Text, metric string, r *diag.Report) (Unit, bool) {
	switch given.Text {
	case "s":
		return Unit{1, "s", false}, true
	case "ms":
		return Unit{1000, "ms", false}, true
	case "":
		return unitByName(metric), !given.IsUnreadable()
	}
	r.Add(spec.BadValue, given.Pos(), "write s or ms, or leave it out where the metric's name ends with its unit", "%q is not a unit of time", given.Text)
	return Unit{}, false
}

func unitByName(metric string) Unit {
	switch {
	case strings.HasSuffix(metric, "_ms") || strings.HasSuffix(metric, "_milliseconds"):
		return Unit{1000, "ms", false}
	case strings.HasSuffix(metric, "_seconds"):
		return Unit{1, "s", false}
	}
	return Unit{1, "s", true}
}
