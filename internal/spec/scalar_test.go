package spec

import (
	"testing"

	"slowburn/internal/diag"
)

// decodeValue reads a YAML value into a type that decodes itself.
func decodeValue(t *testing.T, source string, into Decoder) []string {
	t.Helper()
	var r diag.Report
	into.DecodeSpec(readOne(t, "v: "+source).Get("v"), &r)
	return list(&r)
}

// checkDecoded compares one finding, or none, and what was decoded.
func checkDecoded(t *testing.T, source string, findings []string, got, want, finding string) {
	t.Helper()
	switch {
	case finding == "" && len(findings) > 0:
		t.Errorf("%.60s: %q", source, findings)
	case finding != "" && (len(findings) != 1 || findings[0] != "1:4: "+finding):
		t.Errorf("%.60s:\ngot  %q\nwant %q", source, findings, finding)
	case got != want:
		t.Errorf("%.60s is %q, want %q", source, got, want)
	}
}

const (
	notDuration = " is not a duration; write a number with a unit: 30s, 5m, 1h30m, 30d (bad-value)"
	tooLong     = "; round it: no budget is that exact (bad-value)"
	notShare    = " is not a share; write a percentage such as 99.5% (bad-value)"
	notName     = " is not a name; use lower case letters, digits and dashes, 63 at most (bad-value)"
	notIdent    = " is not a name for alerts; use letters, digits and underscores, such as APIAvailability (bad-value)"
)
