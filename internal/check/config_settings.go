package check

import (
	"maps"
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// CheckSettings are settings of checks, by name.
type CheckSettings struct {
	settings map[string]checkSetting
}

type checkSetting struct {
	severity   string      // "" if it is not set
	parameters *spec.Value // nil if none is
}

// severities are those that a configuration can set.
var severities = map[string]diag.Severity{"note": diag.Note, "warning": diag.Warning, "error": diag.Error}

// off is what a configuration writes to have a check find nothing.
const off = "off"

// DecodeSpec implements spec.Decoder.
func (s *CheckSettings) DecodeSpec(v *spec.Value, r *diag.Report) {
	if v.Kind != spec.Map {
		r.Add(spec.WrongType, v.Pos, "write a map of checks", "%s is not a map", v.Kind)
		return
	}
	s.settings = map[string]checkSetting{}
	for _, f := range v.Fields() {
		c := byName(f.Key.Text)
		if c == nil {
			r.Add(spec.UnknownKey, f.Key.Pos, spec.Suggest(f.Key.Text, Names()), "there is no check %q", f.Key.Text)
			continue
		}
		s.settings[c.Name] = c.readSetting(f.Value, r)
	}
}

func byName(name string) *Check {
	for _, c := range everywhere() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// readSetting reads one check's severity, or a map with it and parameters.
func (c *Check) readSetting(v *spec.Value, r *diag.Report) checkSetting {
	if v.Kind != spec.Map {
		return checkSetting{severity: readSeverity(v, r)}
	}
	var set checkSetting
	parameters := *v
	var fields []spec.Field
	for _, f := range v.Fields() {
		if f.Key.Text == "severity" {
			set.severity = readSeverity(f.Value, r)
		} else {
			fields = append(fields, f)
		}
	}
	parameters.SetFields(fields)
	switch {
	case len(fields) == 0:
	case c.Parameters == nil:
		for _, f := range fields {
			r.Add(spec.UnknownKey, f.Key.Pos, spec.Suggest(f.Key.Text, []string{"severity"}), "%s has no parameter %q", c.Name, f.Key.Text)
		}
	default:
		set.parameters = &parameters
		spec.Decode(set.parameters, c.Parameters(), r)
	}
	return set
}

func readSeverity(v *spec.Value, r *diag.Report) string {
	switch {
	case v.Kind == spec.Null || v.Kind == spec.List || v.Kind == spec.Map:
		r.Add(spec.WrongType, v.Pos, "write off, note, warning or error", "%s is not a severity", v.Kind)
	case v.Text != off && !slices.Contains(slices.Collect(maps.Keys(severities)), v.Text):
		r.Add(spec.BadValue, v.Pos, spec.Suggest(v.Text, []string{off, "note", "warning", "error"}), "%q is not a severity", v.Text)
	default:
		return v.Text
	}
	return ""
}
